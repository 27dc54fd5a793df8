#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backtalk::markup {

/// Gives each heading of a text an id of its own, made from its words: letters of any script in lower case, digits, "_",
/// and "-" for blanks; "-1", "-2" … behind what was there before. At most 80 characters and the number.
class HeadingIds {
public:
    std::string next(std::string_view heading);

private:
    /// Each id given so far, with the last number tried behind it.
    std::unordered_map<std::string, std::size_t> given_;
};

}  // namespace backtalk::markup
