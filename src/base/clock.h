#pragma once

#include <atomic>
#include <chrono>

#include "base/date.h"

namespace backtalk {

/// The time of day, so that tests can set it. What measures a wait uses std::chrono::steady_clock.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
public:
    Instant now() const override { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }
};

/// Stands still until told.
class FakeClock final : public Clock {
public:
    explicit FakeClock(Instant start) : seconds_(start.time_since_epoch().count()) { }
    Instant now() const override { return Instant(std::chrono::seconds(seconds_.load())); }
    void advance(std::chrono::seconds by) { seconds_ += by.count(); }

private:
    std::atomic<std::chrono::seconds::rep> seconds_;
};

}  // namespace backtalk
