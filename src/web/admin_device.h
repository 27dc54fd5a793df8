#pragma once

#include <string>
#include <string_view>

namespace backtalk::web {

/// What a User-Agent says to people: "Firefox on Linux"; the beginning of it where it says nothing that we know.
std::string device_of(std::string_view user_agent);

}  // namespace backtalk::web
