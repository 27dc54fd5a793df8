#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace backtalk {

/// For sentences: counted(1, "a host", "hosts") is "a host", counted(3, …) is "3 hosts".
inline std::string counted(std::integral auto count, std::string_view one, std::string_view many)
{
    return count == 1 ? std::string(one) : fmt::format("{} {}", count, many);
}

}  // namespace backtalk
