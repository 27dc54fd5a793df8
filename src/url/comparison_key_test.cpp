#include <catch2/catch.hpp>

#include "url/url.h"

using namespace backtalk;

namespace {

std::string key(std::string_view text)
{
    Result<Url> const url = Url::parse(text);
    INFO(text);
    REQUIRE(url);
    return comparison_key(*url);
}

}  // namespace

TEST_CASE("a comparison key is host, path and query", "[url]")
{
    CHECK(key("http://a.example/2007/03/the-harbour?p=1") == "a.example/2007/03/the-harbour?p=1");
    CHECK(key("http://a.example") == "a.example/");
    CHECK(key("http://a.example:8080/x") == "a.example:8080/x");
    CHECK(key("http://[2001:db8::1]:8080/") == "[2001:db8::1]:8080/");
}

TEST_CASE("all spellings of one page have one key", "[url]")
{
    std::string_view const spelling = GENERATE("http://a.example/blog/post", "https://a.example/blog/post", "HTTP://A.EXAMPLE/blog/post",
        "http://a.example:80/blog/post", "https://a.example:443/blog/post", "http://a.example/blog/post/", "http://a.example/blog/post//",
        "http://a.example/blog/post#c3", "http://a.example/blog/post?", "http://a.example/blog/post/?", "http://a.example/blog/post?&&",
        "http://a.example./blog/post", "http://user:word@a.example/blog/post", "http://a.example/blog/./post",
        "http://a.example/x/../blog/post", "http://a.example/bl%6fg/post", "http://a.example/bl%6Fg/%70ost",
        "http://a.example/blog/post/index.html", "http://a.example/blog/post/index.php", "http://a.example/blog/post/INDEX.HTM",
        "http://a.example/blog/post/default.aspx/", "http://a.example/blog/post/index%2ehtml",
        "http://a.example/blog/post?utm_source=feed&utm_medium=rss", "http://a.example/blog/post?UTM_Source=x",
        "http://a.example/blog/post?fbclid=abc", "http://a.example/blog/post/?gclid=1&#x", "http://a.example/blog/post?utm%5Fsource=x",
        "http://a.example/blog/post?mc_cid=1&mc_eid=2&ref_src=twsrc%5Etfw", "http:\\\\a.example\\blog\\post",
        " http://a.example/blog/post\n", "http://a.exam\tple/blog/post");
    INFO(spelling);
    CHECK(key(spelling) == "a.example/blog/post");
}

TEST_CASE("different pages have different keys", "[url]")
{
    std::string_view const other = GENERATE("http://a.example/blog/Post", "http://a.example/blog/post.html",
        "http://a.example/blog/post/index", "http://a.example/blog/posts", "http://www.a.example/blog/post",
        "http://a.example:8080/blog/post", "http://a.example:443/blog/post", "https://a.example:80/blog/post",
        "http://a.example/blog%2Fpost", "http://a.example/blog/post?p=1", "http://a.example/blog/post?utm", "http://a.example//blog/post",
        "http://a.example/blog/post?index.html", "http://a.example/blog/post/x?fbclid=1", "http://a.example/blog/post?ref=1");
    INFO(other);
    CHECK(key(other) != "a.example/blog/post");
}

TEST_CASE("parameters that choose the page stay, in their order", "[url]")
{
    CHECK(key("http://a.example/?b=2&a=1") == "a.example/?b=2&a=1");
    CHECK(key("http://a.example/?b=2&a=1") != key("http://a.example/?a=1&b=2"));
    CHECK(key("http://a.example/?p=1&utm_source=x&q=2") == "a.example/?p=1&q=2");
    CHECK(key("http://a.example/?&p=1&&q=2&") == "a.example/?p=1&q=2");
    CHECK(key("http://a.example/index.php?p=1") == "a.example/?p=1");
    CHECK(key("http://a.example/?p=") == "a.example/?p=");
    CHECK(key("http://a.example/?p") == "a.example/?p");
    CHECK(key("http://a.example/?=") == "a.example/?=");
    CHECK(key("http://a.example/?p=utm_source") == "a.example/?p=utm_source");
}

TEST_CASE("percent-encoding has one spelling in a key", "[url]")
{
    CHECK(key("http://a.example/caf%c3%a9?q=%7e%2f%c3%a9") == "a.example/caf%C3%A9?q=~%2F%C3%A9");
    CHECK(key("http://a.example/caf\xC3\xA9") == "a.example/caf%C3%A9");
    CHECK(key("http://a.example/a%2Fb") == "a.example/a%2Fb");
    CHECK(key("http://a.example/a%252Fb") == "a.example/a%252Fb");
    CHECK(key("http://a.example/a|b") == key("http://a.example/a%7cb"));
    CHECK(key("http://a.example/%zz%") == "a.example/%25zz%25");
}

TEST_CASE("the root of a site is host and slash, whatever its index is called", "[url]")
{
    CHECK(key("http://a.example/index.html") == "a.example/");
    CHECK(key("http://a.example/Default.asp") == "a.example/");
    CHECK(key("http://a.example///") == "a.example/");
    CHECK(key("http://a.example/index.html?utm_campaign=1") == "a.example/");
}

TEST_CASE("a key read as a URL has the same key", "[url]")
{
    for (std::string_view const text : {"http://./", "http://../", "http://a.example../", "http://a.example/index.html/index.html/",
             "http://a.example/x//index.php//?utm_source", "http://a.example//", "http://a.example:443/"})
        CHECK(key("http://" + key(text)) == key(text));
}
