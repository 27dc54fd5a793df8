#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "weblog/source_page.h"

using namespace backtalk;

namespace {

Url const here = *Url::parse("https://a.example/post.json");
LinkFilter const quarters(std::vector<std::string>{"quarters.example"});

std::string file(std::string const& name)
{
    std::ifstream stream(TEST_DATA "/weblog/source_json/" + name, std::ios::binary);
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> addresses(SourcePage const& page)
{
    std::vector<std::string> all;
    for (SourceLink const& link : page.links)
        all.push_back(link.url.str());
    return all;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("JSON links by values that are addresses, whole", "[source_page]")
{
    auto const page = read_source(R"({"see":"https://quarters.example/1","text":"read https://quarters.example/2",
        "https://quarters.example/3":1,"list":["http://other.example/",{"deep":"https://quarters.example/4"}]})",
        "application/json; charset=utf-8", here, quarters);
    REQUIRE(page);
    CHECK(addresses(*page) == Strings{"https://quarters.example/1", "https://quarters.example/4"});
    CHECK(page->links[0].element == LinkElement::PlainText);
    CHECK(excerpt_around(*page, page->links[0]).text == "");
}

TEST_CASE("a source in mf2 JSON says what microformats say", "[source_page]")
{
    auto const page = read_source(file("mf2-reply.json"), "application/mf2+json", here, quarters);
    REQUIRE(page);
    REQUIRE(page->entry);
    CHECK(page->title == "About those lamps");
    CHECK(page->author_name == "Rosa Vex");
    CHECK(page->author_url->str() == "https://rosa.example/");
    CHECK(page->author_photo->str() == "https://rosa.example/rosa.jpg");
    CHECK(rfc3339(page->published->instant, page->published->offset) == "2024-05-02T09:30:00+02:00");
    REQUIRE(page->entry->relations.size() == 1);
    CHECK(page->entry->relations[0].type == MentionType::Reply);
    CHECK(page->entry->content_text == "I counted again.\nTwelve of thirty.");
    // By the HTML of its content, and by in-reply-to.
    CHECK(addresses(*page) ==
        Strings{"https://quarters.example/2007/03/the-harbour-at-night/#lamps", "https://quarters.example/2007/03/the-harbour-at-night/"});
    CHECK(excerpt_around(*page, page->links[0]).text == "I counted again.");
}

TEST_CASE("a JSON Feed with several items is none of them", "[source_page]")
{
    std::string const feed = file("feed.json");
    auto const page = read_source(feed, "application/feed+json", *Url::parse("https://rosa.example/feed.json"), quarters);
    REQUIRE(page);
    CHECK_FALSE(page->entry);
    CHECK(page->site_name == "Rosa's notes");
    CHECK(page->author_name == "Rosa Vex");
    CHECK(page->language == "en");
    CHECK(page->links.size() == 1);
    auto const item = read_source(feed, "application/feed+json", *Url::parse("https://rosa.example/notes/2"), quarters);
    REQUIRE(item->entry);
    CHECK(item->title == "The second");
}

TEST_CASE("types that hold JSON are known by their names", "[source_page]")
{
    for (std::string_view const type : {"application/json", "APPLICATION/JSON", "application/activity+json",
             "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", "application/jf2feed+json"})
        CHECK(read_source("[\"https://quarters.example/1\"]", type, here, quarters)->links.size() == 1);
    for (std::string_view const type : {"application/+json", "application/jsonx", "text/json+x", "image/svg+json"})
        CHECK(read_source("[\"https://quarters.example/1\"]", type, here, quarters).error().code == ErrorCode::Refused);
    CHECK(read_source("\xEF\xBB\xBF[\"https://quarters.example/1\"]", "application/json", here, quarters)->links.size() == 1);
    CHECK(read_source("[", "application/json", here, quarters).error().code == ErrorCode::Malformed);
}
