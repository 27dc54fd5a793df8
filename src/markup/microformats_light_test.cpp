#include "markup/microformats_light.h"

#include <catch2/catch.hpp>

#include "markup/json_ld.h"
#include "markup/page_reader.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

MicroformatsLight read(std::string_view html) { return read_page(html, *Url::parse("http://a.example/")).microformats; }

JsonLdFacts read_json(std::string_view json)
{
    JsonLdFacts facts;
    read_json_ld(json, facts);
    return facts;
}

}  // namespace

TEST_CASE("an h-entry names itself, its date and its author", "[microformats]")
{
    auto const found =
        read("<article class='post h-entry'><h1 class=p-name>The <b>harbour</b></h1><a class='u-url' href='/h'><time class=dt-published "
             "datetime='2007-03-08T10:00:00Z'>March</time></a><a class='p-author h-card' href='/ann'>Ann <img alt='' src=x></a>"
             "<div class=e-content>Words.</div></article>");
    REQUIRE(found.entries().size() == 1);
    EntryFacts const& entry = found.entries()[0];
    CHECK(entry.name == "The harbour");
    CHECK(entry.url == "/h");
    CHECK(entry.published == "2007-03-08T10:00:00Z");
    CHECK(entry.author_name == "Ann");
    CHECK(entry.author_url == "/ann");
}

TEST_CASE("an hentry of 2007 is read as well", "[microformats]")
{
    auto const found = read(
        "<div class='hentry post'><h2 class='entry-title'><a href='/h' rel='bookmark'>Harbour</a></h2><abbr class='published' "
        "title='2007-03-08T10:00:00-05:00'>8 March</abbr> by <span class='author vcard'>(<a class='url fn n' href='/bob'>Bob</a>)</span>"
        "<div class='entry-content'><p>x</p></div></div>");
    REQUIRE(found.entries().size() == 1);
    EntryFacts const& entry = found.entries()[0];
    CHECK(entry.name == "Harbour");
    CHECK(entry.url == "/h");
    CHECK(entry.published == "2007-03-08T10:00:00-05:00");
    CHECK(entry.author_name == "Bob");
    CHECK(entry.author_url == "/bob");
}

TEST_CASE("classes of a style sheet are no microformats", "[microformats]")
{
    auto const found =
        read("<div class=author>Ann</div><div class='h-entry'><span class='author'>Bob</span><span class='published'>today</span></div>");
    REQUIRE(found.entries().size() == 1);
    CHECK(found.entries()[0].author_name == "");
    CHECK(found.entries()[0].published == "");
}

TEST_CASE("what is quoted or answered inside an entry does not speak for it", "[microformats]")
{
    auto const found = read(
        "<div class=h-entry><div class='u-in-reply-to h-cite'><p class=p-name>Theirs</p><span class='p-author h-card'>Them</span></div>"
        "<h1 class=p-name>Ours</h1><div class='u-comment h-entry'><p class=p-name>Comment</p><time class=dt-published "
        "datetime=2001-01-01></time></div><span class='h-card'><b class=p-name>Passer-by</b></span><b class='p-author'>Us</b></div>");
    REQUIRE(found.entries().size() == 1);
    CHECK(found.entries()[0].name == "Ours");
    CHECK(found.entries()[0].author_name == "Us");
    CHECK(found.entries()[0].published == "");
}

TEST_CASE("a note has no name and a feed has one", "[microformats]")
{
    auto const found = read("<body class=h-feed><h1 class='p-name site'>Quarters</h1><b class='p-author h-card'>Ann</b><div "
                            "class=h-entry><p class='p-name e-content'>"
                            "A note.</p></div><div class=h-entry><p class=p-name>Second</p></div></body>");
    REQUIRE(found.entries().size() == 2);
    CHECK(found.feed_name() == "Quarters");
    CHECK(found.feed_author_name() == "Ann");
    CHECK(found.entries()[0].name == "");
    CHECK(found.entries()[1].name == "Second");
}

TEST_CASE("unclosed and deeply nested microformats end somewhere", "[microformats]")
{
    CHECK(read("<div class=h-entry><p class=p-name>Open").entries().at(0).name == "Open");
    std::string html;
    for (int i = 0; i < 5000; ++i)
        html += "<div class='h-entry p-name'>x";
    CHECK(read(html).entries().size() == 1);
}

TEST_CASE("JSON-LD says who wrote what and when", "[json_ld]")
{
    auto const facts = read_json(R"({"@context":"https://schema.org","@graph":[
        {"@type":"WebSite","name":"Quarters","publisher":{"@id":"#x"}},
        {"@type":["Article","BlogPosting"],"headline":"The \"harbour\" \u2013 \ud83d\ude00","datePublished":"2007-03-08T10:00:00Z",
         "author":[{"@type":"Person","name":"Ann","url":"https://a.example/ann"}],"publisher":{"name":"Quarters Ltd"},"wordCount":12,"x":null},
        {"@type":"BlogPosting","headline":"Another"}]})");
    CHECK(facts.headline == "The \"harbour\" – 😀");
    CHECK(facts.published == "2007-03-08T10:00:00Z");
    CHECK(facts.author_name == "Ann");
    CHECK(facts.author_url == "https://a.example/ann");
    CHECK(facts.publisher_name == "Quarters Ltd");
    CHECK(facts.site_name == "Quarters");
}

TEST_CASE("JSON-LD that is broken or speaks of others says nothing wrong", "[json_ld]")
{
    CHECK(read_json("").headline == "");
    CHECK(read_json("hello").headline == "");
    CHECK(read_json("{\"@type\":\"BlogPosting\",\"headline\":\"cut").headline == "");
    CHECK(read_json("{\"@type\":\"BlogPosting\",\"headline\":\"lone \\ud800 half\"}").headline == "lone \xEF\xBF\xBD half");
    CHECK(read_json("{\"@type\":\"WebPage\",\"mentions\":{\"@type\":\"Article\",\"headline\":\"Theirs\"}}").headline == "");
    CHECK(read_json("//<![CDATA[\n{\"@type\":\"Article\",\"name\":\"Named\",\"author\":\"Ann\"}\n//]]>").author_name == "Ann");
    CHECK(read_json("[{\"@type\":\"Article\",\"headline\":\"In a list\"}]").headline == "In a list");
    CHECK(read_json(std::string(100'000, '[')).headline == "");
    CHECK(read_json("{\"@type\":\"Article\",\"headline\":\"" + std::string(5000, 'x') + "\"}").headline.size() == 1000);
}
