#include "weblog/source_entry.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "markup/json_page.h"

using namespace backtalk;

namespace {

Url const here = *Url::parse("https://a.example/post");

// Microformats are written as mf2 JSON here: what these tests show does not depend on how HTML is read.
SourceMicroformats read(std::string const& items, markup::LinkFilter const& filter = {})
{
    return read_source_microformats(markup::read_json_page("{\"items\":[" + items + "]}", 0).value().microformats, here, here, filter);
}

std::string item(std::string const& type, std::string const& properties, std::string const& children = "")
{
    return R"({"type":[")" + type + R"("],"properties":{)" + properties + R"(},"children":[)" + children + "]}";
}

SourceEntry entry(std::string const& properties) { return read(item("h-entry", properties)).entry.value(); }

/// The name of the entry that the page is; "none" without one.
std::string primary(std::string const& items)
{
    auto const found = read(items).entry;
    return found ? found->name : "none";
}

std::string named(std::string const& type, std::string const& name, std::string const& children = "")
{
    return item(type, "\"name\":[\"" + name + "\"]", children);
}

using Strings = std::vector<std::string>;

Strings relations(SourceEntry const& entry)
{
    Strings all;
    for (Relation const& each : entry.relations)
        all.push_back(std::string(to_word(each.type)) + " " + each.target.str());
    return all;
}

}  // namespace

TEST_CASE("the page is its only entry, wherever it stands", "[source_entry]")
{
    CHECK(primary(named("h-entry", "One")) == "One");
    CHECK(primary(named("h-feed", "Feed", named("h-entry", "One"))) == "One");
    CHECK(primary(named("h-full", "Style", named("h-x", "x", named("h-entry", "One")))) == "One");
    CHECK(primary(named("h-entry", "One", named("h-entry", "Inner"))) == "One");
    CHECK(primary(named("h-card", "Ann") + "," + named("h-entry", "One")) == "One");
    CHECK(primary("") == "none");
    CHECK(primary(named("h-cite", "Quoted", named("h-entry", "One"))) == "none");
}

TEST_CASE("of several entries none is the page, unless its u-url says so or the others stand in feeds", "[source_entry]")
{
    std::string const one = named("h-entry", "One");
    std::string const here_too = item("h-entry", R"("name":["Here"],"url":["http://a.example/post/?utm_source=x"])");
    CHECK(primary(one + "," + named("h-entry", "Two")) == "none");
    CHECK(primary(named("h-feed", "Feed", one + "," + named("h-entry", "Two"))) == "none");
    CHECK(primary(one + "," + here_too) == "Here");
    CHECK(primary(named("h-feed", "Feed", one + "," + here_too)) == "Here");
    CHECK(primary(one + "," + named("h-feed", "Related", named("h-entry", "Two") + "," + named("h-entry", "Three"))) == "One");
}

TEST_CASE("an event, a review or a product is the page where there is no entry", "[source_entry]")
{
    CHECK(primary(named("h-event", "Party")) == "Party");
    CHECK(primary(named("h-event", "Party") + "," + named("h-entry", "One")) == "One");
    CHECK(primary(named("h-event", "Party") + "," + named("h-review", "Film")) == "none");
    CHECK(primary(named("h-entry", "One") + "," + named("h-entry", "Two") + "," + named("h-event", "Party")) == "none");
}

TEST_CASE("a feed names itself and its author", "[source_entry]")
{
    auto const found = read(item("h-feed", R"("name":[" Quarters\n"],"author":["Ann"])"));
    CHECK(found.feed_name == "Quarters");
    CHECK(found.feed_author.name == "Ann");
    CHECK_FALSE(found.entry);
}

TEST_CASE("an entry says what it is, in our types", "[source_entry]")
{
    SourceEntry const found =
        entry(R"("name":["The\nharbour"],"summary":["Dark.\u0001"],"content":[{"html":"<p>One</p><p>two</p>","value":"x"}],
        "url":["mailto:x@a.example","https://a.example/post"],"published":["today","2024-05-02T09:30:00+02:00"],
        "author":[{"type":["h-card"],"properties":{"name":["Ann"]}}],"syndication":["https://s.example/1","https://s.example/1","x"],
        "photo":["data:image/png;base64,x",{"value":"https://a.example/p.jpg","alt":"x"}],"video":["https://a.example/v"],
        "audio":["https://user:pw@a.example/a","https://a.example/a"])");
    CHECK(found.name == "The harbour");
    CHECK(found.summary == "Dark.");
    CHECK(found.content_html == "<p>One</p><p>two</p>");
    CHECK(found.content_text == "One\ntwo");
    CHECK(found.url->str() == "https://a.example/post");
    REQUIRE(found.published);
    CHECK(rfc3339(found.published->instant, found.published->offset) == "2024-05-02T09:30:00+02:00");
    CHECK(found.author.name == "Ann");
    CHECK(found.syndication == Strings{"https://s.example/1"});
    CHECK(found.photos == Strings{"https://a.example/p.jpg"});
    CHECK(found.videos == Strings{"https://a.example/v"});
    CHECK(found.audios == Strings{"https://a.example/a"});
}

TEST_CASE("a note has no name of its own", "[source_entry]")
{
    CHECK(entry(R"("name":["A note of…"],"content":["A note\nof ours"])").name == "");
    CHECK(entry(R"("name":["A note"],"summary":["A note of ours"])").name == "");
    CHECK(entry(R"("name":["A note"],"summary":["A note of ours"],"content":["Words"])").name == "A note");
}

TEST_CASE("each property that names a page is a relation of its kind", "[source_entry]")
{
    SourceEntry const found =
        entry(R"("in-reply-to":["https://b.example/1",{"type":["h-cite"],"properties":{"name":["x"],"url":["https://b.example/2"]}}],
        "like-of":["https://b.example/3"],"repost-of":["https://b.example/4"],"bookmark-of":["https://b.example/5"],
        "like":["https://b.example/6",{"type":["h-cite"],"properties":{"url":["https://b.example/7"]}}],
        "category":["lamps","https://b.example/8"],"invitee":[{"type":["h-card"],"properties":{"url":["https://b.example/9"]}}],
        "u-unknown":["https://b.example/10"])");
    CHECK(relations(found) ==
        Strings{"repost https://b.example/4", "like https://b.example/3", "like https://b.example/6", "bookmark https://b.example/5",
            "reply https://b.example/1", "reply https://b.example/2", "mention https://b.example/9", "mention https://b.example/8"});
}

TEST_CASE("only relations to wanted hosts are kept, and not without end", "[source_entry]")
{
    markup::LinkFilter const filter(std::vector<std::string>{"b.example"});
    auto const found = read(item("h-entry", R"("in-reply-to":["https://c.example/1","https://b.example/1"])"), filter);
    CHECK(relations(*found.entry) == Strings{"reply https://b.example/1"});
    std::string many = "\"https://b.example/0\"";
    for (int i = 1; i < 500; ++i)
        many += ",\"https://b.example/" + std::to_string(i) + "\"";
    CHECK(entry("\"like-of\":[" + many + "]").relations.size() == 100);
    CHECK(entry("\"photo\":[" + many + "]").photos.size() == 10);
}

TEST_CASE("an answer to an invitation is one of four words", "[source_entry]")
{
    CHECK(entry(R"("rsvp":[" Yes\n"])").rsvp == "yes");
    CHECK(entry(R"("rsvp":["interested"])").rsvp == "interested");
    CHECK(entry(R"("rsvp":["perhaps"])").rsvp == "");
    CHECK(entry(R"("name":["yes"])").rsvp == "");
}

TEST_CASE("responses that a source shows are read with their authors", "[source_entry]")
{
    SourceEntry const found = entry(R"("comment":[
            {"type":["h-cite"],"properties":{"url":["https://c.example/1"],"author":[{"type":["h-card"],"properties":{"name":["Cy"],
                "url":["https://c.example/"],"photo":["https://c.example/c.png"]}}],"content":[{"html":"<p>So\nit is.</p><script>x</script>"}],
                "published":["2024-05-02T07:30:00Z"]}},
            {"type":["h-cite"],"properties":{"url":["https://c.example/1"],"name":["again"]}},
            {"type":["h-cite"],"properties":{"name":["without address"]}},
            {"type":["h-entry"],"properties":{"url":["https://d.example/1"],"like-of":["https://a.example/post"],"name":["liked"],
                "author":["https://d.example/"]}},
            "https://e.example/1"],
        "repost":[{"type":["h-cite"],"properties":{"url":["https://f.example/1"]}}])");
    REQUIRE(found.responses.size() == 3);
    NestedResponse const& reply = found.responses[0];
    CHECK(reply.type == MentionType::Reply);
    CHECK(reply.url == "https://c.example/1");
    CHECK(reply.author_name == "Cy");
    CHECK(reply.author_url == "https://c.example/");
    CHECK(reply.author_photo == "https://c.example/c.png");
    CHECK(reply.text == "So it is.");
    REQUIRE(reply.published);
    CHECK(rfc3339(*reply.published) == "2024-05-02T07:30:00Z");
    CHECK(found.responses[1].type == MentionType::Like);
    CHECK(found.responses[1].text == "");
    CHECK(found.responses[1].author_url == "https://d.example/");
    CHECK(found.responses[2].type == MentionType::Repost);
    CHECK(found.relations.empty());
}

TEST_CASE("a source shows fifty responses at most", "[source_entry]")
{
    std::string many = R"({"type":["h-cite"],"properties":{"url":["https://c.example/0"]}})";
    for (int i = 1; i < 80; ++i)
        many += R"(,{"type":["h-cite"],"properties":{"url":["https://c.example/)" + std::to_string(i) + "\"]}}";
    CHECK(entry("\"comment\":[" + many + "]").responses.size() == 50);
}

TEST_CASE("long content is cut as text and left out as HTML", "[source_entry]")
{
    std::string const text(60'000, 'x');
    SourceEntry const cut = entry("\"content\":[{\"html\":\"<p>" + text + "</p>\"}]");
    CHECK(code_point_count(cut.content_text) == 5000);
    CHECK(cut.content_html.size() == text.size() + 7);
}
