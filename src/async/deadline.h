#pragma once

#include <algorithm>
#include <chrono>

namespace backtalk {

/// The latest moment at which something may end. Passed last to whatever waits.
class Deadline {
public:
    using SteadyClock = std::chrono::steady_clock;

    static Deadline in(std::chrono::milliseconds time) { return Deadline(SteadyClock::now() + time); }
    static Deadline never() { return Deadline(SteadyClock::time_point::max()); }

    SteadyClock::time_point at() const { return at_; }
    bool passed() const { return SteadyClock::now() >= at_; }
    Deadline earlier(Deadline other) const { return Deadline(std::min(at_, other.at_)); }
    /// Zero when passed; at most a day, so that it fits every API.
    std::chrono::milliseconds remaining() const
    {
        auto const now = SteadyClock::now();
        if (at_ <= now)
            return {};
        return std::chrono::ceil<std::chrono::milliseconds>(std::min<SteadyClock::duration>(at_ - now, std::chrono::hours(24)));
    }

private:
    explicit Deadline(SteadyClock::time_point at) : at_(at) { }
    SteadyClock::time_point at_;
};

}  // namespace backtalk
