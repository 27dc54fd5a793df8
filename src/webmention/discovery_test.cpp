#include "webmention/discovery.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::webmention;

namespace {

/// The endpoint's URL behind what named it: "header: …", "link: …", "a: …"; "none".
std::string found(
    std::string_view html, std::vector<std::string> const& headers = {}, std::string_view page = "http://a.example/2024/harbour")
{
    auto const endpoint = find_endpoint(html, headers, *Url::parse(page));
    if (!endpoint)
        return "none";
    switch (endpoint->found) {
    case Endpoint::Found::LinkHeader: return "header: " + endpoint->url.str();
    case Endpoint::Found::LinkElement: return "link: " + endpoint->url.str();
    case Endpoint::Found::Anchor: return "a: " + endpoint->url.str();
    }
    return "unknown";
}

}  // namespace

TEST_CASE("the first header counts, else the first element of either kind", "[discovery]")
{
    std::string const page = "<p><a rel=webmention href=/a>tell</a><link rel=webmention href=/l>";
    CHECK(found(page, {"</x>; rel=x", "</h1>; rel=webmention, </h2>; rel=webmention"}) == "header: http://a.example/h1");
    CHECK(found(page, {"</x>; rel=x"}) == "a: http://a.example/a");
    CHECK(found("<link rel=webmention href=/l>" + page) == "link: http://a.example/l");
    CHECK(found("<p>nothing") == "none");
    CHECK(discover(page, {}, *Url::parse("http://a.example/")) == *Url::parse("http://a.example/a"));
}

TEST_CASE("a header that speaks of another page is none of this one", "[discovery]")
{
    CHECK(found("", {"</h>; rel=webmention; anchor=\"/other\""}) == "none");
    CHECK(found("", {"</h>; rel=webmention; anchor=\"#part\""}) == "header: http://a.example/h");
    CHECK(found("", {"</o>; rel=webmention; anchor=\"/other\", </h>; rel=webmention"}) == "header: http://a.example/h");
    CHECK(found("", {"</h>; rev=webmention"}) == "none");
}

TEST_CASE("an empty reference names the page, a missing one nothing", "[discovery]")
{
    CHECK(found("<link rel=webmention href=\"\">") == "link: http://a.example/2024/harbour");
    CHECK(found("<link rel=webmention href>") == "link: http://a.example/2024/harbour");
    CHECK(found("<base href=/b/><link rel=webmention href=\" \">") == "link: http://a.example/2024/harbour");
    CHECK(found("<link rel=webmention><a rel=webmention href=x>") == "a: http://a.example/2024/x");
    CHECK(found("", {"<>; rel=webmention"}, "http://a.example/p?x=1#f") == "header: http://a.example/p?x=1");
}

TEST_CASE("the base of a page counts for its elements only", "[discovery]")
{
    CHECK(found("<link rel=webmention href=wm><base href=//b.example/d/><base href=/no/>") == "link: http://b.example/d/wm");
    CHECK(found("<base href=//b.example/d/>", {"<wm>; rel=webmention"}) == "header: http://a.example/2024/wm");
    CHECK(found("<base href=javascript:x><link rel=webmention href=wm>") == "link: http://a.example/2024/wm");
}

TEST_CASE("an endpoint that cannot be used ends the search", "[discovery]")
{
    CHECK(found("<link rel=webmention href=mailto:me@a.example><a rel=webmention href=/a>") == "none");
    CHECK(found("<link rel=webmention href=http://me:secret@a.example/>") == "none");
    CHECK(found("<a rel=webmention href=/a>", {"<ftp://a.example/>; rel=webmention"}) == "none");
    CHECK(found("<a rel=webmention href=/" + std::string(9000, 'x') + ">") == "none");
    CHECK(found("<a rel=webmention href=/wm?a=1#f>") == "a: http://a.example/wm?a=1");
}

TEST_CASE("the relation of 2013 counts where there is no other", "[discovery]")
{
    std::string const old_link = "<link rel=\"http://webmention.org/\" href=/old>";
    CHECK(found(old_link) == "link: http://a.example/old");
    CHECK(found(old_link + "<a rel=webmention href=/new>") == "a: http://a.example/new");
    CHECK(found(old_link, {"</header>; rel=\"http://webmention.org/\""}) == "header: http://a.example/header");
    CHECK(found("<a rel=webmention href=/new>", {"</header>; rel=\"http://webmention.org\""}) == "a: http://a.example/new");
    CHECK(found("<link rel=\"https://webmention.org/x\" href=/old>") == "none");
}

TEST_CASE("what nobody can follow is no endpoint", "[discovery]")
{
    CHECK(found("<!-- <a rel=webmention href=/no> --><title><link rel=webmention href=/no></title><template><a rel=webmention "
                "href=/no></template><script>'<a rel=webmention href=/no>'</script><area rel=webmention href=/no>") == "none");
    CHECK(found("<template><template></template><a rel=webmention href=/no></template><a rel=webmention href=/yes>") ==
        "a: http://a.example/yes");
    CHECK(found("<noscript><a rel=webmention href=/yes></noscript>") == "a: http://a.example/yes");
    CHECK(found("<a rel=xwebmention href=/no><a rel=\"web mention\" href=/no>") == "none");
    CHECK(found("<a rel=\"\fWEBMENTION\n\" href=/y\xFF>") == "a: http://a.example/y%EF%BF%BD");
}
