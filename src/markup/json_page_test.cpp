#include "markup/json_page.h"

#include <catch2/catch.hpp>

using namespace backtalk;
using namespace backtalk::markup;

namespace {

JsonPage read(std::string_view json) { return read_json_page(json, 100).value(); }

std::vector<std::string> addresses(JsonPage const& page)
{
    std::vector<std::string> all;
    for (Url const& url : page.urls)
        all.push_back(url.str());
    return all;
}

std::vector<std::string> texts(MfItem const& item, std::string_view property)
{
    std::vector<std::string> all;
    if (MfProperty const* const found = item.find(property))
        for (MfValue const& value : found->values)
            all.push_back(value.text);
    return all;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("mf2 JSON is read as it stands", "[json_page]")
{
    auto const page = read(R"({"items":[{"type":["h-entry"],"properties":{
        "name":["A note"],"content":[{"html":"<p>One</p><p>two</p>","value":"ignored"}],"photo":[{"value":"https://a.example/p.jpg","alt":"x"}],
        "author":[{"type":["h-card"],"properties":{"name":["Ann"],"url":["https://a.example/"]},"value":"Ann A."}],"x":[1,null,true,[]]},
        "children":[{"type":["h-cite"],"properties":{"name":["Inner"]}}, {"type":"h-cite"}]}],
        "rels":{"me":["https://me.example/"],"author":"https://a.example/ann"}})");
    REQUIRE(page.microformats.items.size() == 1);
    MfItem const& entry = page.microformats.items[0];
    CHECK(entry.is("h-entry"));
    CHECK(entry.text_of("name") == "A note");
    CHECK(entry.text_of("content") == "One\ntwo");
    CHECK(entry.find("content")->values[0].html == "<p>One</p><p>two</p>");
    CHECK(texts(entry, "photo") == Strings{"https://a.example/p.jpg"});
    CHECK(entry.find("x") == nullptr);
    MfValue const& author = entry.find("author")->values.at(0);
    CHECK(author.text == "Ann A.");
    REQUIRE(author.item.size() == 1);
    CHECK(author.item[0].text_of("name") == "Ann");
    REQUIRE(entry.children.size() == 1);
    CHECK(page.microformats.rel("me") == std::vector<std::string_view>{"https://me.example/"});
    CHECK(page.microformats.rel("author") == std::vector<std::string_view>{"https://a.example/ann"});
    CHECK(addresses(page) == Strings{"https://a.example/p.jpg", "https://a.example/", "https://me.example/", "https://a.example/ann"});
}

TEST_CASE("one item alone is mf2 JSON as well, and so is a list of them", "[json_page]")
{
    CHECK(read(R"({"type":["h-entry"],"properties":{"name":["A"]}})").microformats.items.at(0).text_of("name") == "A");
    CHECK(
        read(R"([{"type":["h-entry"],"properties":{"name":["A"]}},{"type":["h-event"],"properties":{}}])").microformats.items.size() == 2);
}

TEST_CASE("a JSON Feed is an h-feed of its items", "[json_page]")
{
    auto const page = read(R"({"version":"https://jsonfeed.org/version/1.1","title":"Quarters","language":"en-GB","items":[
        {"id":"1","url":"https://a.example/1","title":"One","content_html":"<p>x <b>y</b></p>","date_published":"2024-05-02T09:30:00+02:00",
         "authors":[{"name":"Ann","url":"https://a.example/","avatar":"https://a.example/a.png"}],"summary":"Short"},
        {"id":"https://a.example/2","content_text":"a < b"},7]})");
    REQUIRE(page.microformats.items.size() == 1);
    MfItem const& feed = page.microformats.items[0];
    CHECK(feed.is("h-feed"));
    CHECK(feed.text_of("name") == "Quarters");
    REQUIRE(feed.children.size() == 2);
    MfItem const& one = feed.children[0];
    CHECK(one.is("h-entry"));
    CHECK(one.text_of("name") == "One");
    CHECK(one.text_of("url") == "https://a.example/1");
    CHECK(one.find("content")->values.at(0).html == "<p>x <b>y</b></p>");
    CHECK(one.text_of("content") == "x y");
    CHECK(one.text_of("published") == "2024-05-02T09:30:00+02:00");
    MfItem const& author = one.find("author")->values.at(0).item.at(0);
    CHECK(author.is("h-card"));
    CHECK(author.text_of("name") == "Ann");
    CHECK(author.text_of("photo") == "https://a.example/a.png");
    CHECK(feed.children[1].text_of("url") == "https://a.example/2");
    CHECK(feed.children[1].text_of("content") == "a < b");
    CHECK_FALSE(feed.children[1].find("content")->values.at(0).html);
    CHECK(page.language == "en-GB");
}

TEST_CASE("an ActivityStreams object is an entry that answers, likes or repeats", "[json_page]")
{
    auto const note = read(R"({"@context":"https://www.w3.org/ns/activitystreams","type":"Create","object":{"type":"Note",
        "id":"https://a.example/n","inReplyTo":"https://b.example/1","content":"<p>Yes</p>","attributedTo":"https://a.example/ann",
        "published":"2024-05-02T07:30:00Z"}})");
    MfItem const& entry = note.microformats.items.at(0);
    CHECK(entry.text_of("in-reply-to") == "https://b.example/1");
    CHECK(entry.text_of("content") == "Yes");
    CHECK(entry.text_of("author") == "https://a.example/ann");
    CHECK(entry.text_of("url") == "https://a.example/n");
    CHECK(read(R"({"type":"Like","object":"https://b.example/1"})").microformats.items.at(0).text_of("like-of") == "https://b.example/1");
    CHECK(read(R"({"type":"Announce","object":{"id":"https://b.example/1"}})").microformats.items.at(0).text_of("repost-of") ==
        "https://b.example/1");
}

TEST_CASE("JF2 and schema.org are read where they say the same", "[json_page]")
{
    MfItem const entry = read(R"({"type":"entry","url":"https://a.example/1","content":{"html":"<b>x</b>","text":"x"},"rsvp":"yes",
        "in-reply-to":"https://b.example/1","author":{"type":"card","name":"Ann","photo":"https://a.example/a.png"}})")
                             .microformats.items.at(0);
    CHECK(entry.text_of("rsvp") == "yes");
    CHECK(entry.find("content")->values.at(0).html == "<b>x</b>");
    CHECK(entry.find("author")->values.at(0).item.at(0).text_of("photo") == "https://a.example/a.png");
    MfItem const posting =
        read(R"({"@type":"BlogPosting","headline":"Harbour","datePublished":"2024-05-02","author":{"@type":"Person","name":"Ann"}})")
            .microformats.items.at(0);
    CHECK(posting.text_of("name") == "Harbour");
    CHECK(posting.text_of("published") == "2024-05-02");
}

TEST_CASE("every string value that is a web address is found, once, and nothing else", "[json_page]")
{
    CHECK(addresses(read(R"({"a":"https://b.example/1","https://key.example/":["x https://no.example/","http://c.example/2#f",
        {"d":["https://b.example/1"," HTTPS://B.example/3"]},"ftp://b.example/","javascript:x","http://"],"n":1e999})")) ==
        Strings{"https://b.example/1", "http://c.example/2#f", "https://b.example/3"});
    CHECK(read_json_page(R"(["https://b.example/1","https://b.example/2"])", 1)->urls.size() == 1);
}

TEST_CASE("what is no JSON, too deep or too long is an error", "[json_page]")
{
    for (std::string_view const json : {"", "{", "hello", "{\"a\":NaN}", "{\"a\":1}x", "<html>", "[1,]"}) {
        CAPTURE(json);
        auto const page = read_json_page(json, 100);
        REQUIRE_FALSE(page);
        CHECK(page.error().code == ErrorCode::Malformed);
    }
    CHECK(read_json_page(std::string(100'000, '['), 100).error().code == ErrorCode::Malformed);
    CHECK(read_json_page(std::string(60, '[') + std::string(60, ']'), 100));
    CHECK(read_json_page("\"" + std::string(json_page_bytes_max, 'x') + "\"", 100).error().code == ErrorCode::TooLarge);
    CHECK(read("\"\xFF\"").urls.empty());
    for (std::string_view const json : {"1", "null", "\"x\"", "[]", "[[{}]]"})
        CHECK(read(json).microformats.items.empty());
}

TEST_CASE("an item of mf2 JSON may have many properties and long ones are left out", "[json_page]")
{
    std::string json = R"({"type":["h-entry"],"properties":{)";
    for (int i = 0; i < 15'000; ++i)
        json += "\"p" + std::to_string(i) + "\":[\"x\"],";
    json += R"("name":["A"],"summary":[")" + std::string(70'000, 'x') + R"("]}})";
    MfItem const item = read(json).microformats.items.at(0);
    CHECK(item.text_of("name") == "A");
    CHECK(item.find("summary") == nullptr);
}

TEST_CASE("JSON that is full of small values is read in part", "[json_page]")
{
    std::string values = "\"x\"";
    for (int i = 0; i < 100'000; ++i)
        values += ",\"\"";
    MfItem const item = read("{\"type\":[\"h-entry\"],\"properties\":{\"name\":[" + values + "]}}").microformats.items.at(0);
    CHECK(item.text_of("name") == "x");
    CHECK(item.find("name")->values.size() == 20'000);
    std::string items = "{}";
    for (int i = 0; i < 100'000; ++i)
        items += ",{}";
    CHECK(read("[" + items + "]").microformats.items.size() == 1000);
    CHECK(read("{\"items\":[" + items + "]}").microformats.items.at(0).children.size() == 999);
}
