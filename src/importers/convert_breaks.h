#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backtalk::importers {

/// How the body of an imported entry becomes HTML.
enum class TextFilter {
    Html,           ///< It is HTML.
    ConvertBreaks,  ///< converted_breaks().
    Markdown,       ///< The Markdown renderer of the markup room.
};

struct ReadTextFilter {
    TextFilter filter = TextFilter::ConvertBreaks;
    bool known = true;  ///< False for Textile, plug-ins and everything else that is rendered by the nearest filter that we have.
};

/// What CONVERT BREAKS asks for: a number, a filter's key, or a list of keys with commas. No CONVERT BREAKS line: convert.
ReadTextFilter text_filter(std::optional<std::string_view> convert_breaks);

/// What Movable Type's "Convert Line Breaks" made of a body: blank lines part paragraphs, each is put in <p>…</p>, line ends
/// in it become <br />. A paragraph that begins with a block element stays as it is. Linear time.
///
/// NB: kinder than Movable Type in three places where it broke the markup: nothing is added inside pre, script, style and textarea, blank
/// lines may hold blanks, and block elements that end with a paragraph end after its </p>.
std::string converted_breaks(std::string_view text);

}  // namespace backtalk::importers
