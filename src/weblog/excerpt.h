#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backtalk {

/// The first words of a text in HTML as plain text on one line, with "…" behind them if there were more.
/// In scripts that put no blanks between words, twelve characters count as a word. Plain text: escape it before it is shown.
std::string excerpt_of(std::string_view html, std::size_t words_max = 40);

}  // namespace backtalk
