#include "markup/json_ld.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::markup;

namespace {

JsonLdFacts read_json(std::string_view json)
{
    JsonLdFacts facts;
    read_json_ld(json, facts);
    return facts;
}

}  // namespace

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
