#include "trackback/discovery.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/text.h"
#include "trackback/rdf_block.h"

using namespace backtalk;
using namespace backtalk::trackback;

namespace {

Url url(std::string_view text) { return *Url::parse(text); }

/// "rdf http://…", one for each endpoint.
std::vector<std::string> found(std::string_view html, std::string_view linked = "http://a.example/harbour", std::string_view page = "",
    std::vector<std::string> const& headers = {})
{
    std::vector<std::string> all;
    for (Endpoint const& endpoint : discover(html, headers, url(page.empty() ? linked : page), url(linked))) {
        std::string_view const kinds[] = {"rdf ", "header ", "link ", "a "};
        all.push_back(std::string(kinds[static_cast<std::size_t>(endpoint.found)]) + endpoint.url.str());
    }
    return all;
}

using Found = std::vector<std::string>;

std::string block(std::string_view identifier, std::string_view ping)
{
    return fmt::format(
        "<!--\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
        " xmlns:trackback=\"http://madskills.com/public/xml/rss/module/trackback/\">\n<rdf:Description rdf:about=\"{0}\"\n"
        " dc:identifier=\"{0}\"\n dc:title=\"A &amp; B\"\n trackback:ping=\"{1}\" />\n</rdf:RDF>\n-->\n",
        identifier, ping);
}

std::string file(std::string const& name)
{
    std::ifstream stream(TEST_DATA "/trackback/discovery/" + name, std::ios::binary);
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("an RDF block in a comment names the endpoint of its page", "[discovery]")
{
    auto const endpoints = discover("<p>x</p>" + block("http://a.example/harbour", "http://a.example/mt-tb.cgi/12?a=1&amp;b=2"), {},
        url("http://a.example/harbour"), url("http://a.example/harbour"));
    REQUIRE(endpoints.size() == 1);
    CHECK(endpoints[0].url.str() == "http://a.example/mt-tb.cgi/12?a=1&b=2");
    CHECK(endpoints[0].title == "A & B");
    CHECK(endpoints[0].found == Endpoint::Found::Rdf);
}

TEST_CASE("our own block is found by our own discovery", "[discovery][rdf_block]")
{
    EntryRdf entry(url("http://a.example/2007/03/a--b/?x=--#y--z"), url("http://a.example/trackback/9352"));
    entry.title = "The \"harbour\" -- at <night> --> & more";
    entry.description = "Line\none --- two\x01";
    entry.creator = "Ann";
    entry.date = ZonedTime{Instant(std::chrono::seconds(1173354071)), std::chrono::minutes(-300), true};
    std::string const text = rdf_block(entry);
    CHECK(text.starts_with("<!--\n<rdf:RDF "));
    CHECK(text.ends_with("\n-->\n"));
    CHECK(text.substr(4, text.size() - 8).find("--") == std::string::npos);
    CHECK(text.find("trackback:ping=\"http://a.example/trackback/9352\"") != std::string::npos);
    CHECK(text.find("dc:date=\"2007-03-08T06:41:11-05:00\"") != std::string::npos);
    auto const endpoints =
        discover("<html>" + text, {}, url("http://a.example/2007/03/a--b/?x=--"), url("http://a.example/2007/03/a--b/?x=--"));
    REQUIRE(endpoints.size() == 1);
    CHECK(endpoints[0].url == entry.ping_url);
    CHECK(endpoints[0].title == "The \"harbour\" - at <night> -> & more");
}

TEST_CASE("RDF is read as people wrote it", "[discovery]")
{
    CHECK(found("<!--<RDF:RDF><RDF:DESCRIPTION RDF:ABOUT = 'http://a.example/harbour' DC:Identifier= 'http://a.example/harbour' "
                "Trackback:Ping ='/tb/1'/></RDF:RDF>-->") == Found{"rdf http://a.example/tb/1"});
    CHECK(found("<rdf:RDF><rdf:Description rdf:about='http://a.example/harbour' "
                "trackback:ping='http://a.example/tb/1'></rdf:Description></rdf:RDF>") == Found{"rdf http://a.example/tb/1"});
    CHECK(found("<!-- <rdf:RDF><rdf:Description rdf:about=\"http://a.example/harbour\">\n<dc:identifier> http://a.example/harbour "
                "</dc:identifier>"
                "<dc:title><![CDATA[x]]></dc:title><dc:description>rdf:Description</dc:description>"
                "<trackback:ping>http://a.example/tb/1?a&amp;b</trackback:ping></rdf:Description></rdf:RDF> -->") ==
        Found{"rdf http://a.example/tb/1?a&b"});
    CHECK(found("<!-- <rdf:Description dc:identifier='http://a.example/harbour'><trackback:ping "
                "rdf:resource='http://a.example/tb/1'/></rdf:Description> -->") == Found{"rdf http://a.example/tb/1"});
    // The oldest form: the ping URL in rdf:about.
    CHECK(found("<!-- <rdf:Description about='http://a.example/tb/1' dc:title='x' dc:identifier='http://a.example/harbour' /> -->") ==
        Found{"rdf http://a.example/tb/1"});
    CHECK(found("<!-- <rdf:Description about='http://a.example/harbour' dc:identifier='http://a.example/harbour' /> -->").empty());
}

TEST_CASE("a block speaks of a page under any spelling of its address", "[discovery]")
{
    for (std::string_view identifier : {"http://a.example/harbour", "https://A.example/harbour/", "http://a.example/harbour?utm_source=x",
             "http://a.example:80/harbour/index.html", "/harbour", "http://a.example/harbour#a12"}) {
        CAPTURE(identifier);
        CHECK(found(block(identifier, "http://a.example/tb/1")) == Found{"rdf http://a.example/tb/1"});
    }
    CHECK(found(block("http://a.example/other", "http://a.example/tb/1")).empty());
    CHECK(found(block("http://a.example/harbour2", "http://a.example/tb/1")).empty());
    CHECK(found(block("http://b.example/harbour", "http://a.example/tb/1")).empty());
    CHECK(found(block("", "http://a.example/tb/1")).empty());
}

TEST_CASE("after a redirect the final address counts as well", "[discovery]")
{
    CHECK(found(block("http://a.example/2007/harbour", "/tb/1"), "http://a.example/?p=12", "http://a.example/2007/harbour") ==
        Found{"rdf http://a.example/tb/1"});
    CHECK(found(block("http://a.example/?p=12", "/tb/1"), "http://a.example/?p=12", "http://a.example/2007/harbour") ==
        Found{"rdf http://a.example/tb/1"});
    CHECK(found("<link rel=canonical href='/2007/harbour'>" + block("http://a.example/2007/harbour", "/tb/1")) ==
        Found{"rdf http://a.example/tb/1"});
    CHECK(found("<link rel=canonical href='http://b.example/harbour'>" + block("http://b.example/harbour", "/tb/1")).empty());
}

TEST_CASE("a page of many entries gives the right block or none", "[discovery]")
{
    std::string const page = file("home-page.html");
    CHECK(
        found(page, "http://quay.example/archives/000121.html", "http://quay.example/") == Found{"rdf http://quay.example/mt/tb.cgi/121"});
    CHECK(
        found(page, "http://quay.example/archives/000122.html", "http://quay.example/") == Found{"rdf http://quay.example/mt/tb.cgi/122"});
    CHECK(found(page, "http://quay.example/").empty());
    CHECK(found(page, "http://quay.example/archives/000199.html", "http://quay.example/").empty());
}

TEST_CASE("on a page of a day the fragment decides", "[discovery]")
{
    std::string const page = block("http://a.example/day#1", "/tb/1") + block("http://a.example/day#2", "/tb/2");
    CHECK(found(page, "http://a.example/day#1") == Found{"rdf http://a.example/tb/1"});
    CHECK(found(page, "http://a.example/day#2") == Found{"rdf http://a.example/tb/2"});
    CHECK(found(page, "http://a.example/day#3").empty());
    CHECK(found(page, "http://a.example/day").empty());
    CHECK(found(block("http://a.example/day", "/tb/0") + page, "http://a.example/day#3") == Found{"rdf http://a.example/tb/0"});
    CHECK(found(block("http://a.example/day#1", "/tb/1"), "http://a.example/day#comments") == Found{"rdf http://a.example/tb/1"});
}

TEST_CASE("links with the relation trackback name the endpoint too", "[discovery]")
{
    CHECK(found("<link rel=trackback href='/tb/1'>") == Found{"link http://a.example/tb/1"});
    CHECK(found("<link rel='alternate TrackBack' href='/tb/1'>") == Found{"link http://a.example/tb/1"});
    CHECK(found("<a rel='trackback nofollow' href='/tb/1'>TrackBack URL</a>") == Found{"a http://a.example/tb/1"});
    CHECK(found("<a rel='not-trackback' href='/tb/1'>x</a>").empty());
    CHECK(found(
        "<!-- <a rel=trackback href='/tb/1'>x</a> --><script>'<a rel=trackback href=/tb/1>'</script>&lt;a rel=trackback href=/tb/1&gt;")
            .empty());
    CHECK(found("<base href='http://b.example/x/'><a rel=trackback href=tb>x</a>") == Found{"a http://b.example/x/tb"});
    CHECK(found("", "http://a.example/harbour", "",
              {"</x>; rel=next, </tb/1>; title=\"a, b; c\"; rel=\"up TRACKBACK\"", "<tb/2>;rel=trackback"}) ==
        Found{"header http://a.example/tb/1", "header http://a.example/tb/2"});
    CHECK(found("", "http://a.example/harbour", "",
              {"/tb/1; rel=trackback", "<tb", "", ",;,", "<tb/2>; rel=\"trackback", "<tb/3>; rev=trackback"}) ==
        Found{"header http://a.example/tb/2"});
}

TEST_CASE("a block that matches comes before links, each endpoint once", "[discovery]")
{
    CHECK(found("<a rel=trackback href='/tb/1'>x</a><link rel=trackback href='/tb/2'>" + block("http://a.example/harbour", "/tb/1")) ==
        Found{"rdf http://a.example/tb/1", "link http://a.example/tb/2"});
}

TEST_CASE("anchors of a listing do not count", "[discovery]")
{
    CHECK(found("<a rel=trackback href='/tb/1'>x</a><a rel=trackback href='/tb/2'>y</a>").empty());
    CHECK(found("<a rel=trackback href='/tb/1'>x</a><a rel=trackback href='/tb/1'>y</a>") == Found{"a http://a.example/tb/1"});
    CHECK(found("<a rel=trackback href='/tb/1'>x</a>" + block("http://a.example/other", "/tb/1")).empty());
}

TEST_CASE("an endpoint is an http address and not a place on the page", "[discovery]")
{
    CHECK(found("<a rel=trackback href='#trackback'>x</a><link rel=trackback href=''><link rel=trackback>").empty());
    CHECK(found("<a rel=trackback href='javascript:x'>x</a><link rel=trackback href='ftp://a.example/'>").empty());
    CHECK(found("<link rel=trackback href='http://u:p@a.example/tb'>").empty());
    CHECK(found("<link rel=trackback href='/tb/1#x'>") == Found{"link http://a.example/tb/1"});
    CHECK(found(block("http://a.example/harbour", "")).empty());
    CHECK(found(block("http://a.example/harbour", "javascript:x")).empty());
}

TEST_CASE("pages built to waste time are read in no time", "[discovery]")
{
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += block(fmt::format("http://a.example/{}", i), "/tb/1") + "<a rel=trackback href=/tb/" + std::to_string(i) + ">";
    CHECK(found(many).empty());
    std::string open = "<!-- <rdf:Description dc:identifier='http://a.example/harbour'>";
    for (int i = 0; i < 20'000; ++i)
        open += "<trackback:ping>http://a.example/";
    CHECK(found(open).size() <= 1);
}
