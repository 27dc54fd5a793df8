#include "url/site_base.h"

#include <catch2/catch.hpp>

using namespace backtalk;

namespace {

Url url(std::string_view text)
{
    INFO(text);
    Result<Url> const result = Url::parse(text);
    REQUIRE(result);
    return *result;
}

SiteBase site(std::string_view text) { return SiteBase(url(text)); }

}  // namespace

TEST_CASE("a site's base ends with a slash and has neither query nor credentials", "[site]")
{
    CHECK(site("https://user:word@A.example/blog?x#y").url().str() == "https://a.example/blog/");
    CHECK(site("http://a.example").prefix() == "/");
    CHECK(site("http://a.example/blog").prefix() == "/blog/");
    CHECK(site("http://a.example/blog/").prefix() == "/blog/");
    CHECK(site("http://a.example:8080/").authority() == "a.example:8080");
    CHECK(site("http://a.example:80/").authority() == "a.example");
}

TEST_CASE("a base of the greatest length is still a base", "[site]")
{
    std::string const longest = "http://a.example/" + std::string(8192 - 17, 'x');
    CHECK(site(longest).url().str() == "http://a.example/");
}

TEST_CASE("addresses of a site stand below its base", "[site]")
{
    SiteBase const blog = site("https://a.example/blog");
    CHECK(blog.at("").str() == "https://a.example/blog/");
    CHECK(blog.at("2007/03/the-harbour").str() == "https://a.example/blog/2007/03/the-harbour");
    CHECK(blog.at("trackback?target=x").str() == "https://a.example/blog/trackback?target=x");
    CHECK(blog.at("caf\xC3\xA9").str() == "https://a.example/blog/caf%C3%A9");
    CHECK(blog.at("http://b.example/").str() == "https://a.example/blog/http://b.example/");
    CHECK(blog.at("../other").str() == "https://a.example/blog/");
    CHECK(blog.at(std::string(9000, 'x')).str() == "https://a.example/blog/");
}

TEST_CASE("a site contains what lies below its prefix, by http and https", "[site]")
{
    SiteBase const blog = site("https://a.example/blog/");
    CHECK(blog.relative(url("https://a.example/blog/")) == "");
    CHECK(blog.relative(url("https://a.example/blog")) == "");
    CHECK(blog.relative(url("http://A.example/blog/x/y?z#f")) == "x/y");
    CHECK(blog.relative(url("https://a.example:443/bl%6fg/caf%c3%a9")) == "caf%C3%A9");
    CHECK(blog.relative(url("https://a.example./blog/x")) == "x");
    CHECK(blog.relative(url("https://user@a.example/blog/x/../y")) == "y");
    for (std::string_view const other :
        {"https://a.example/", "https://a.example/blogs", "https://a.example/blog2/x", "https://a.example/Blog/", "https://b.example/blog/",
            "https://a.example:8080/blog/", "https://a.example/blog/../x", "https://x.a.example/blog/"}) {
        INFO(other);
        CHECK_FALSE(blog.contains(url(other)));
    }
}

TEST_CASE("a site on a port of its own contains that port alone", "[site]")
{
    SiteBase const home = site("http://localhost:9001/");
    CHECK(home.relative(url("http://localhost:9001/x")) == "x");
    CHECK(home.contains(url("https://localhost:9001/x")));
    CHECK_FALSE(home.contains(url("http://localhost/x")));
    CHECK_FALSE(home.contains(url("http://localhost:9002/x")));
    CHECK(site("http://a.example/").relative(url("http://a.example/")) == "");
}
