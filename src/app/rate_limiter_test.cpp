#include <catch2/catch.hpp>

#include "app/rate_limiter.h"

using namespace backtalk;
using namespace std::chrono_literals;

namespace {

int taken(RateLimiter& limiter, std::string_view name, RateLimiter::TimePoint now, int tries = 1000)
{
    int count = 0;
    for (int i = 0; i < tries; ++i)
        count += limiter.take(name, now);
    return count;
}

RateLimiter::TimePoint const start{100h};

}  // namespace

TEST_CASE("a name may take a minute's worth at once and then as much as flows in", "[rate]")
{
    RateLimiter limiter(60);
    CHECK(taken(limiter, "a", start) == 60);
    CHECK(taken(limiter, "a", start + 500ms) == 0);
    CHECK(taken(limiter, "a", start + 1001ms) == 1);
    CHECK(taken(limiter, "a", start + 11100ms) == 10);
    CHECK(taken(limiter, "a", start + 10min) == 60);
}

TEST_CASE("one name never uses up another's", "[rate]")
{
    RateLimiter limiter(5);
    CHECK(taken(limiter, "a", start) == 5);
    CHECK(taken(limiter, "b", start) == 5);
}

TEST_CASE("what was given back may be taken again, and never more than a minute's worth", "[rate]")
{
    RateLimiter limiter(5);
    CHECK(taken(limiter, "a", start) == 5);
    limiter.give_back("a");
    CHECK(taken(limiter, "a", start) == 1);
    for (int i = 0; i < 50; ++i)
        limiter.give_back("a");
    CHECK(taken(limiter, "a", start) == 5);
    limiter.give_back("never seen");
}

TEST_CASE("a clock that stands still or goes back gives nothing", "[rate]")
{
    RateLimiter limiter(5);
    CHECK(taken(limiter, "a", start) == 5);
    CHECK(taken(limiter, "a", start - 1h) == 0);
    CHECK(taken(limiter, "a", start - 1h) == 0);
}

TEST_CASE("a lower rate holds at once, and a rate of zero lets nobody pass", "[rate]")
{
    RateLimiter limiter(100);
    CHECK(taken(limiter, "a", start, 10) == 10);
    limiter.set_rate(5);
    CHECK(taken(limiter, "a", start) == 5);
    limiter.set_rate(0);
    CHECK(taken(limiter, "b", start + 1h) == 0);
}

TEST_CASE("ever new names do not grow the limiter without end, and the busy ones stay limited", "[rate]")
{
    RateLimiter limiter(2);
    for (int i = 0; i < 99'999; ++i)
        limiter.take(std::to_string(i), start);
    CHECK(taken(limiter, "busy", start + 50s) == 2);
    CHECK(limiter.take("one more", start + 61s));  // the names of the first minute are forgotten
    CHECK(taken(limiter, "busy", start + 61s) == 0);
}
