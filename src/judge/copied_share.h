#pragma once

#include <string_view>

namespace backtalk::judge {

/// How much of `text` is also in `original`, 0 to 1: of its runs of five words, the share that stands there too. 0 of texts of fewer than
/// 40 words, where that says nothing. Reads 8,000 characters of each.
double copied_share(std::string_view text, std::string_view original);

}  // namespace backtalk::judge
