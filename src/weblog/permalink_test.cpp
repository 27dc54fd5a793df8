#include <catch2/catch.hpp>

#include "weblog/permalink.h"

using namespace backtalk;

TEST_CASE("a pattern of permalinks is filled with date, slug and id", "[permalink]")
{
    CivilTime const time{2007, 3, 8, 6, 41, 11};
    CHECK(PermalinkPattern::parse("{year}/{month}/{slug}/").value().path(time, "the-harbour", 12) == "2007/03/the-harbour/");
    CHECK(PermalinkPattern::parse("/archives/{id}.html").value().path(time, "the-harbour", 12) == "archives/12.html");
    CHECK(PermalinkPattern::parse("{year}{month}{day}-{slug}").value().path(time, "the-harbour", 12) == "20070308-the-harbour");
    CHECK(PermalinkPattern::parse("{slug}").value().path(CivilTime{33, 1, 1}, "x", 1) == "x");
    CHECK(PermalinkPattern::parse("{year}/{slug}").value().path(CivilTime{33, 1, 1}, "x", 1) == "0033/x");
}

TEST_CASE("a pattern that cannot name entries is refused", "[permalink]")
{
    for (std::string_view const text : {"", "/", "{year}/{month}/", "{slug}/{nonsense}", "{slug", "{slug}}", "{}{slug}", "{slug}?x=1",
             "{slug}#top", "{slug} x", "a\\{slug}", "{slug}\n", "{Slug}", "\xC3\xA9/{slug}"}) {
        CAPTURE(std::string(text));
        auto const pattern = PermalinkPattern::parse(text);
        REQUIRE_FALSE(pattern);
        CHECK(pattern.error().code == ErrorCode::Malformed);
    }
}

TEST_CASE("a pattern never leaves the site", "[permalink]")
{
    for (std::string_view const text : {"../{slug}", "a/../../{slug}", "./{slug}", "{slug}/..", "a//{slug}"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(PermalinkPattern::parse(text));
    }
}
