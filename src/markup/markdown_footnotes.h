#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace backtalk::markup {

/// A Markdown text with its footnotes taken out of their places.
struct FootnotedText {
    /// For md4c: first each definition as a block quote of its own at the outermost level (whatever a definition leaves open
    /// ends with its quote), then the text without them. The links that it defines hold in both.
    std::string text;
    /// The number of each definition (from 0, in the order of the quotes) by its label; see footnote_label().
    std::unordered_map<std::string, std::size_t> definitions;
};

/// Labels are compared without regard to ASCII letter case; of a label defined twice the first counts.
constexpr std::size_t footnote_label_bytes_max = 100;
/// The label of `[^label]` at the start of `text`, as views into it; nothing if there is none.
std::optional<std::string_view> footnote_label(std::string_view text);

/// Finds the definitions: `[^label]: text` at the start of a line or up to three blanks in, with the rest of its paragraph and
/// the paragraphs indented by four blanks or a tab below it. What stands in code blocks or blocks of raw HTML is none.
/// Nothing if there is no definition, or if md4c cannot read the text.
///
/// `flags` are those of md4c for the text.
std::optional<FootnotedText> take_out_footnotes(std::string_view text, unsigned flags);

}  // namespace backtalk::markup
