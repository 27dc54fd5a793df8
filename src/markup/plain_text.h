#pragma once

#include <string>
#include <string_view>

namespace backtalk::markup {

/// The text of HTML as a reader sees it: each block on a line of its own ("\n"), white space folded, the alternative text of
/// images kept; without comments and the content of script, style, template, title and textarea.
///
/// Input: UTF-8. Output: UTF-8 (ill-formed bytes become U+FFFD), not escaped.
std::string plain_text(std::string_view html);

}  // namespace backtalk::markup
