#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "judge/evidence.h"
#include "judge/text_features.h"
#include "url/url.h"

namespace backtalk::judge {

/// A ping of an experiment, as a line of JSON has it: `title`, `blog_name`, `url`, `excerpt`, `target_title`, `target_url`, `type`,
/// `ip`, `time`, `source_links_back`; or `text` alone (a comment, read as a ping's excerpt); and what somebody said of it: `label`.
struct JudgeRow {
    PingEvidence ping;
    TargetEvidence target;
    std::string url;
    std::string target_url;
    std::string sender;      ///< Network address; may be empty.
    std::int64_t time = 0;   ///< Seconds; 0: not known.
    bool links_back = true;  ///< What is judged was verified, unless the row says otherwise.
    std::string label;       ///< "spam", "ham", or anything else, which is not counted; empty: none.
    std::string kind;        ///< `class`, if it has one.
    std::string group;       ///< What it belongs together with, for the split: weblog, video or template.
    double weight = 1;       ///< In training: what is far from a ping, or comes by the hundred, counts less.

    bool is_spam() const { return label == "spam"; }
    bool is_ham() const { return label == "ham"; }
};

/// Errors: Malformed (names the line).
Result<std::vector<JudgeRow>> read_judge_rows(std::string_view json_lines);

/// What the learner sees of it.
Features features_of(PingEvidence const& ping);

}  // namespace backtalk::judge
