#include <catch2/catch.hpp>

#include "weblog/path_key.h"

using namespace backtalk;

namespace {

std::optional<std::string> key(std::string_view base, std::string_view url)
{
    return path_key(SiteBase(Url::parse(base).value()), Url::parse(url).value());
}

}  // namespace

TEST_CASE("all spellings of a page of a site have one key below its base", "[path_key]")
{
    for (std::string_view const url : {"http://a.example/2007/03/x/", "http://a.example/2007/03/x", "https://A.example:443/2007/03/x#top",
             "http://a.example/2007/03/x/index.html", "http://a.example/2007/03/%78/?utm_source=y"}) {
        CAPTURE(std::string(url));
        CHECK(key("http://a.example/", url) == "2007/03/x");
    }
}

TEST_CASE("the base itself has the empty key, and a query alone is a key", "[path_key]")
{
    CHECK(key("http://a.example/", "http://a.example/") == "");
    CHECK(key("http://a.example/", "http://a.example/index.php") == "");
    CHECK(key("http://a.example/", "http://a.example/?p=12") == "?p=12");
    CHECK(key("http://a.example/blog/", "http://a.example/blog") == "");
    CHECK(key("http://a.example/blog/", "http://a.example/blog/?p=12") == "?p=12");
}

TEST_CASE("a base in a folder contains that folder and nothing else", "[path_key]")
{
    CHECK(key("http://a.example/blog/", "http://a.example/blog/2007/x/") == "2007/x");
    CHECK(key("http://a.example/blog/", "http://a.example/2007/x/") == std::nullopt);
    CHECK(key("http://a.example/blog/", "http://a.example/blogs/x") == std::nullopt);
    CHECK(key("http://a.example/blog/", "http://a.example/") == std::nullopt);
}

TEST_CASE("another host or port is another site", "[path_key]")
{
    CHECK(key("http://a.example/", "http://b.example/x") == std::nullopt);
    CHECK(key("http://a.example/", "http://a.example:8080/x") == std::nullopt);
    CHECK(key("http://a.example:8080/", "http://a.example:8080/x") == "x");
}
