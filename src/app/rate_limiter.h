#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backtalk {

/// Token buckets by name: each refills evenly and holds one minute's worth. One name never uses up another's.
class RateLimiter {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit RateLimiter(std::uint32_t per_minute) : per_minute_(per_minute) { }

    /// Takes one token; false if there is none.
    bool take(std::string_view name, TimePoint now);
    /// Gives one back that was taken for something that did not happen.
    void give_back(std::string_view name);
    void set_rate(std::uint32_t per_minute);

private:
    struct Bucket {
        double tokens;
        TimePoint at;
    };
    void make_room(TimePoint now);

    static constexpr std::size_t buckets_max = 100'000;

    std::mutex mutex_;
    double per_minute_;
    std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace backtalk
