#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace backtalk::judge {

/// A word as the learner sees it: folded, see text_features.h.
struct Word {
    std::u32string letters;
    bool unspaced = false;   ///< A run of a script that is written without blanks.
    bool disguised = false;  ///< It mixed scripts, or was written with blanks or invisible characters inside.
};

/// The folded words of a text, of at most `characters_max` code points of it. References are resolved, tags are left out.
std::vector<Word> words_of(std::string_view text, std::size_t characters_max);
/// The same as one string with single blanks between, for comparing: "not the final word".
std::string folded_words(std::string_view text, std::size_t characters_max);

}  // namespace backtalk::judge
