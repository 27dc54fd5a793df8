#include <catch2/catch.hpp>

#include "http/retry_after.h"

using namespace backtalk;

namespace {

std::optional<std::chrono::seconds> asked_for(std::string_view value)
{
    http::Headers headers;
    headers.set("Retry-After", value);
    return http::retry_after(headers, parse_rfc3339("2007-03-08T12:00:00Z").value().instant);
}

}  // namespace

TEST_CASE("Retry-After is a number of seconds or a date", "[http]")
{
    CHECK(asked_for("120") == std::chrono::seconds(120));
    CHECK(asked_for(" 0 ") == std::chrono::seconds(0));
    CHECK(asked_for("Thu, 08 Mar 2007 12:05:00 GMT") == std::chrono::minutes(5));
    CHECK(asked_for("Thu, 08 Mar 2007 11:59:00 GMT") == std::chrono::minutes(-1));
}

TEST_CASE("what is neither asks for nothing", "[http]")
{
    for (std::string_view const value : {"", "-5", "soon", "99999999999", "1.5"})
        CHECK_FALSE(asked_for(value));
    CHECK_FALSE(http::retry_after(http::Headers(), Instant()));
}
