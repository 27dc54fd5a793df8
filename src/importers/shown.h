#pragma once

#include <string>
#include <string_view>

namespace backtalk::importers {

/// A piece of a file as a problem quotes it: in quotation marks, at most 60 bytes, without control characters.
std::string shown(std::string_view text);

}  // namespace backtalk::importers
