#include "weblog/time_zone.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using std::chrono::minutes;

namespace {

Instant utc(int year, int month, int day, int hour, int minute) { return *to_instant({year, month, day, hour, minute, 0}); }

}  // namespace

TEST_CASE("a time zone knows its offset in summer and winter", "[time_zone]")
{
    auto const berlin = TimeZone::named("Europe/Berlin");
    REQUIRE(berlin);
    CHECK(berlin->name() == "Europe/Berlin");
    CHECK(berlin->offset_at_utc(utc(2007, 1, 15, 12, 0)) == minutes(60));
    CHECK(berlin->offset_at_utc(utc(2007, 7, 15, 12, 0)) == minutes(120));
    CHECK(TimeZone::named("Asia/Kolkata")->offset_at_utc(utc(2007, 1, 1, 0, 0)) == minutes(330));
    CHECK(TimeZone::named("UTC")->offset_at_utc(utc(2007, 1, 1, 0, 0)) == minutes(0));
}

TEST_CASE("a time zone follows the rules of the year, not of today", "[time_zone]")
{
    auto const eastern = TimeZone::named("America/New_York");
    REQUIRE(eastern);
    CHECK(eastern->offset_at_utc(utc(2006, 3, 20, 12, 0)) == minutes(-300));
    CHECK(eastern->offset_at_utc(utc(2007, 3, 20, 12, 0)) == minutes(-240));
}

TEST_CASE("a local time becomes an instant", "[time_zone]")
{
    auto const berlin = TimeZone::named("Europe/Berlin");
    REQUIRE(berlin);
    CHECK(berlin->from_local({2007, 3, 8, 6, 41, 11}) == *to_instant({2007, 3, 8, 5, 41, 11}));
    CHECK(berlin->from_local({2007, 7, 8, 6, 41, 11}) == *to_instant({2007, 7, 8, 4, 41, 11}));
}

TEST_CASE("a local time that comes twice is the first, one that is skipped moves on", "[time_zone]")
{
    auto const berlin = TimeZone::named("Europe/Berlin");
    REQUIRE(berlin);
    CHECK(berlin->from_local({2007, 10, 28, 2, 30, 0}) == utc(2007, 10, 28, 0, 30));
    Instant const skipped = berlin->from_local({2007, 3, 25, 2, 30, 0});
    CHECK(skipped == utc(2007, 3, 25, 1, 30));
    CHECK(civil_time(skipped, berlin->offset_at_utc(skipped)) == CivilTime{2007, 3, 25, 3, 30, 0});
}

TEST_CASE("what is no region is refused", "[time_zone]")
{
    for (std::string_view name : {"", "Europe/Atlantis", "GMT+5", "CET", "Europe/", "/", "europe", "Etc/Unknown", "../etc/passwd"}) {
        CAPTURE(name);
        auto const zone = TimeZone::named(name);
        REQUIRE_FALSE(zone);
        CHECK(zone.error().code == ErrorCode::NotFound);
        CHECK(zone.error().text.find("Europe/Berlin") != std::string::npos);
    }
}
