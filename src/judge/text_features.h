#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace backtalk::judge {

/// Hashed features of a ping's words: ascending, each once, below `feature_buckets`. What they were made of cannot be read from them.
using Features = std::vector<std::uint32_t>;

/// NB: with any change of this or of what is hashed, the prior is trained anew, and a migration empties the table `learnt`.
inline constexpr std::uint32_t feature_buckets = 1u << 18;
/// More is not read of one text: code points.
inline constexpr std::size_t feature_text_max = 2000;

/// What a ping says, as text in UTF-8 (references such as "&#118;" and tags may be in it). All may be empty.
struct PingWords {
    std::string_view title = {};
    std::string_view blog_name = {};
    std::string_view excerpt = {};
    std::string_view host = {};  ///< Of the source.
    std::string_view path = {};  ///< Of the source, with its query.
};

/// Words, pairs of words and parts of words of the text; parts of the host's labels; words of the path. Letters are folded: case,
/// letters that look like Latin ones inside Latin words, invisible characters, "w o r d s" written with blanks, digits. What is written
/// without blanks (Han, kana, Thai, …) gives runs of two and three characters.
///
/// Linear in the text. `words` need not be valid UTF-8.
Features features_of(PingWords const& words);

}  // namespace backtalk::judge
