#pragma once

#include <array>
#include <chrono>
#include <optional>

namespace backtalk {

/// How long to wait after the `attempts`-th failed attempt (from 1), for what may pass; nothing once it is time to give up.
/// All in all a day and a half: longer than most outages of a weblog.
inline std::optional<std::chrono::seconds> retry_delay(int attempts)
{
    using namespace std::chrono_literals;
    constexpr std::array<std::chrono::seconds, 6> delays = {1min, 5min, 30min, 2h, 8h, 24h};
    if (attempts < 1 || attempts > static_cast<int>(delays.size()))
        return std::nullopt;
    return delays[static_cast<std::size_t>(attempts) - 1];
}

}  // namespace backtalk
