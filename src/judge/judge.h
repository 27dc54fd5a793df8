#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "judge/evidence.h"

namespace backtalk::judge {

enum class Outcome { Published, Held, Spam };
std::string_view to_word(Outcome outcome);
std::optional<Outcome> outcome_named(std::string_view word);

/// How much it takes before something is held back.
enum class Strictness { Strict, Balanced, Open };
std::string_view to_word(Strictness strictness);
std::optional<Strictness> strictness_named(std::string_view word);

/// From which score on a ping is not shown.
struct Thresholds {
    double held;
    double spam;
};
Thresholds thresholds(Strictness strictness);

struct Reason {
    std::string name;  ///< "wording"
    double weight;     ///< Above 0: speaks for spam. In log odds.
    std::string sentence;

    bool operator==(Reason const&) const = default;
};

struct Verdict {
    Outcome outcome = Outcome::Published;
    double score = 0;             ///< The sum of the weights.
    std::vector<Reason> reasons;  ///< The heaviest first; none weighs nothing.
};

/// Whether it speaks of what came together, not of this ping alone.
bool is_of_the_crowd(Reason const& reason);

/// The same with one more reason, or with it instead of an older one of its name.
Verdict with_reason(Verdict verdict, Reason reason, Strictness strictness);

/// From evidence to a verdict, without looking at anything else.
Verdict judge(Evidence const& evidence, Strictness strictness);

}  // namespace backtalk::judge
