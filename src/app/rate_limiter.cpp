#include "app/rate_limiter.h"

#include <algorithm>

namespace backtalk {

bool RateLimiter::take(std::string_view name, TimePoint now)
{
    std::scoped_lock const lock(mutex_);
    std::string key(name);
    auto found = buckets_.find(key);
    if (found == buckets_.end()) {
        if (buckets_.size() >= buckets_max)
            make_room(now);
        found = buckets_.emplace(std::move(key), Bucket{per_minute_, now}).first;
    }
    Bucket& bucket = found->second;
    double const minutes = std::chrono::duration<double, std::ratio<60>>(now - bucket.at).count();
    bucket.tokens = std::min(per_minute_, bucket.tokens + std::max(0.0, minutes) * per_minute_);
    bucket.at = now;
    if (bucket.tokens < 1)
        return false;
    bucket.tokens -= 1;
    return true;
}

void RateLimiter::give_back(std::string_view name)
{
    std::scoped_lock const lock(mutex_);
    if (auto const found = buckets_.find(std::string(name)); found != buckets_.end())
        found->second.tokens = std::min(per_minute_, found->second.tokens + 1);
}

void RateLimiter::set_rate(std::uint32_t per_minute)
{
    std::scoped_lock const lock(mutex_);
    per_minute_ = per_minute;
}

void RateLimiter::make_room(TimePoint now)
{
    // Room for many: each call looks at every bucket.
    constexpr std::size_t goal = buckets_max - buckets_max / 4;
    // A bucket that was left alone for a minute is full again: the same as a new one.
    std::erase_if(buckets_, [&](auto const& each) { return now - each.second.at >= std::chrono::minutes(1); });
    // Then those that took little. The busy ones stay limited, so that a flood of new names does not free them.
    if (buckets_.size() > goal)
        std::erase_if(buckets_, [&](auto const& each) { return each.second.tokens >= per_minute_ / 2; });
    if (buckets_.size() > goal)
        buckets_.clear();  // that many senders within a minute: memory counts more than their history
}

}  // namespace backtalk
