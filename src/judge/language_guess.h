#pragma once

#include <string>
#include <string_view>

namespace backtalk::judge {

/// The language that a text seems to be in, as a primary tag ("en", "ja"), by its script and its commonest words; empty where that says
/// too little. Reads the first 4,000 characters.
std::string guessed_language(std::string_view text);

}  // namespace backtalk::judge
