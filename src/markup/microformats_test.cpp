#include "markup/microformats.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using namespace backtalk;
using namespace backtalk::markup;

namespace {

Url const page = *Url::parse("https://rosa.example/notes/7");

Microformats read(std::string_view html) { return read_microformats(html, page); }

MfItem only_item(std::string_view html)
{
    Microformats found = read(html);
    REQUIRE(found.items.size() == 1);
    return std::move(found.items.front());
}

std::string repeated(std::string_view text, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

/// About what an item takes.
std::size_t bytes_of(MfItem const& item)
{
    std::size_t sum = sizeof(MfItem) + item.id.size();
    for (std::string const& type : item.types)
        sum += sizeof(std::string) + type.size();
    for (MfProperty const& property : item.properties) {
        sum += sizeof(MfProperty) + property.name.size();
        for (MfValue const& value : property.values) {
            sum += sizeof(MfValue) + value.text.size() + (value.html ? value.html->size() : 0) + (value.alt ? value.alt->size() : 0);
            for (MfItem const& nested : value.item)
                sum += bytes_of(nested);
        }
    }
    for (MfItem const& child : item.children)
        sum += bytes_of(child);
    return sum;
}

std::size_t bytes_of(Microformats const& microformats)
{
    std::size_t sum = 0;
    for (MfItem const& item : microformats.items)
        sum += bytes_of(item);
    for (MfRelUrl const& link : microformats.rel_urls)
        sum += sizeof(MfRelUrl) + link.url.size() + link.text.size() + link.title.size() + link.rels.size() * sizeof(std::string);
    return sum;
}

std::size_t depth_of(MfItem const& item)
{
    std::size_t deepest = 0;
    for (MfProperty const& property : item.properties)
        for (MfValue const& value : property.values)
            for (MfItem const& nested : value.item)
                deepest = std::max(deepest, depth_of(nested));
    for (MfItem const& child : item.children)
        deepest = std::max(deepest, depth_of(child));
    return deepest + 1;
}

}  // namespace

TEST_CASE("an entry has its properties, author and content", "[microformats]")
{
    MfItem const entry = only_item(R"(<article class="h-entry" id="n7"><h1 class="p-name">Tides</h1>
<a class="p-author h-card" href="/"><img class="u-photo" src="r.png" alt="Rosa">Rosa Vex</a>
<a class="u-in-reply-to" href="http://quarters.example/2007/harbour">re</a> <time class="dt-published" datetime="2024-06-01T12:00:00Z">June</time>
<div class="e-content"><p>See <a href="../x">there</a>.<script>1 < 2</script></div></article>)");
    CHECK(entry.is("h-entry"));
    CHECK_FALSE(entry.is("h-card"));
    CHECK(entry.id == "n7");
    CHECK(entry.text_of("name") == "Tides");
    CHECK(entry.text_of("in-reply-to") == "http://quarters.example/2007/harbour");
    CHECK(entry.text_of("published") == "2024-06-01T12:00:00Z");
    CHECK(entry.find("nothing") == nullptr);
    CHECK(entry.text_of("nothing").empty());
    MfProperty const* const content = entry.find("content");
    REQUIRE(content != nullptr);
    CHECK(content->values.front().text == "See there.");
    CHECK(content->values.front().html == R"(<p>See <a href="https://rosa.example/x">there</a>.<script>1 < 2</script></p>)");
    MfProperty const* const author = entry.find("author");
    REQUIRE(author != nullptr);
    REQUIRE(author->values.front().item.size() == 1);
    MfItem const& card = author->values.front().item.front();
    CHECK(card.is("h-card"));
    // The name of an item whose only child element is an image is the image's; with any u- no URL is implied.
    CHECK(card.text_of("name") == "Rosa");
    CHECK(card.text_of("photo") == "https://rosa.example/notes/r.png");
    CHECK(card.find("photo")->values.front().alt == "Rosa");
    CHECK(card.find("url") == nullptr);
    CHECK(author->values.front().text == "Rosa");
}

TEST_CASE("a weblog of 2008 is read by its classic names", "[microformats][classic]")
{
    Microformats const found =
        read(R"(<body class="home hfeed"><h1 class="site-title">Harbour</h1><div class="post hentry category-x" id="post-3">
<h2 class="entry-title"><a href="/2008/tides" rel="bookmark">Tides</a></h2><abbr class="published" title="2008-06-01T12:00:00+0000">June</abbr>
by <span class="author vcard"><a class="url fn n" href="/author/ida/">Ida Vex</a></span>
<div class="entry-content"><p>Low water &amp; high.</p></div><a rel="tag" href="/tag/low%20water/">x</a></div></body>)");
    REQUIRE(found.items.size() == 1);
    MfItem const& feed = found.items.front();
    CHECK(feed.is("h-feed"));
    CHECK(feed.text_of("name") == "Harbour");
    REQUIRE(feed.children.size() == 1);
    MfItem const& entry = feed.children.front();
    CHECK(entry.is("h-entry"));
    CHECK(entry.text_of("name") == "Tides");
    CHECK(entry.text_of("url") == "https://rosa.example/2008/tides");
    CHECK(entry.text_of("published") == "2008-06-01T12:00:00+0000");
    CHECK(entry.text_of("category") == "low water");
    CHECK(entry.find("content")->values.front().html == "<p>Low water &amp; high.</p>");
    REQUIRE(entry.find("author") != nullptr);
    MfValue const& author = entry.find("author")->values.front();
    CHECK(author.text == "Ida Vex");
    REQUIRE(author.item.size() == 1);
    CHECK(author.item.front().is("h-card"));
    CHECK(author.item.front().text_of("url") == "https://rosa.example/author/ida/");
}

TEST_CASE("a classic author without a card becomes one", "[microformats][classic]")
{
    MfItem const entry = only_item("<div class=hentry><span class=author>by <a href=/ida>Ida</a></span></div>");
    MfValue const& author = entry.find("author")->values.front();
    REQUIRE(author.item.size() == 1);
    CHECK(author.item.front().text_of("name") == "by Ida");
    CHECK(author.item.front().text_of("url") == "https://rosa.example/ida");
}

TEST_CASE("classic items have no implied properties", "[microformats][classic]")
{
    CHECK(only_item("<a class=vcard href=/x>Ida</a>").properties.empty());
    CHECK(only_item("<div class=hentry>words</div>").properties.empty());
}

TEST_CASE("every classic root has its type", "[microformats][classic]")
{
    struct Case {
        char const* html;
        char const* type;
        char const* property;
        char const* text;
    };
    Case const cases[] = {
        {"<p class=adr><b class=locality>Hook</b></p>", "h-adr", "locality", "Hook"},
        {"<p class=geo><b class=latitude>51.5</b></p>", "h-geo", "latitude", "51.5"},
        {"<p class=vcard><b class=fn>Ida</b></p>", "h-card", "name", "Ida"},
        {"<p class=vcard><b class=title>Pilot</b></p>", "h-card", "job-title", "Pilot"},
        {"<p class=vcard><b class=tel><i class=type>home</i> <i class=value>+44 1</i></b></p>", "h-card", "tel", "+44 1"},
        {"<p class=hentry><b class=entry-summary>Short</b></p>", "h-entry", "summary", "Short"},
        {"<p class=hfeed><a rel=tag href=/t/sea>s</a></p>", "h-feed", "category", "sea"},
        {"<p class=hproduct><b class=price>3</b></p>", "h-product", "price", "3"},
        {"<p class=hrecipe><b class=fn>Stew</b></p>", "h-recipe", "name", "Stew"},
        {"<p class=hresume><b class=skill>knots</b></p>", "h-resume", "skill", "knots"},
        {"<p class=vevent><abbr class=dtstart title=2024-06-01>x</abbr></p>", "h-event", "start", "2024-06-01"},
        {"<p class=hreview><b class=rating>4</b></p>", "h-review", "rating", "4"},
        {"<p class=hreview-aggregate><b class=votes>9</b></p>", "h-review-aggregate", "votes", "9"},
    };
    for (Case const& each : cases) {
        MfItem const item = only_item(each.html);
        INFO(each.html);
        CHECK(item.types == std::vector<std::string>{each.type});
        CHECK(item.text_of(each.property) == each.text);
    }
}

TEST_CASE("a classic review is about an item", "[microformats][classic]")
{
    MfItem const review =
        only_item(R"(<div class="hreview"><b class="summary">Fine</b><div class="item"><a class="fn url" href="/p">The Pier</a></div>
<span class="reviewer vcard"><b class="fn">Ida</b></span><a rel="self bookmark" href="/r/1">.</a></div>)");
    CHECK(review.text_of("name") == "Fine");
    CHECK(review.text_of("url") == "https://rosa.example/r/1");
    CHECK(review.text_of("author") == "Ida");
    REQUIRE(review.find("item") != nullptr);
    MfItem const& subject = review.find("item")->values.front().item.front();
    CHECK(subject.is("h-item"));
    CHECK(subject.text_of("name") == "The Pier");
    CHECK(subject.text_of("url") == "https://rosa.example/p");
}

TEST_CASE("a root of version 2 hides the classic classes of its element and inside it", "[microformats][classic]")
{
    MfItem const entry = only_item("<div class='hentry h-entry'><b class=entry-title>classic</b><b class=p-name>new</b></div>");
    CHECK(entry.types == std::vector<std::string>{"h-entry"});
    REQUIRE(entry.properties.size() == 1);
    CHECK(entry.find("name")->values.size() == 1);
    CHECK(entry.text_of("name") == "new");
    CHECK(only_item("<div class=hentry><b class=p-name>new</b></div>").properties.empty());
}

TEST_CASE("what is in a template does not exist", "[microformats]")
{
    CHECK(read("<template><p class=h-card>a</p></template>").items.empty());
    MfItem const card = only_item("<p class=h-card>a<template><b class=p-name>b</b></template></p>");
    CHECK(card.text_of("name") == "a");
    CHECK(only_item("<p class=h-x><b class=e-y>1<template>2</template>3</b></p>").find("y")->values.front().html == "13");
}

TEST_CASE("references are resolved, and what has a scheme stays as written", "[microformats]")
{
    auto const url_of = [](std::string_view reference) {
        return std::string(only_item("<p class=h-x><a class=u-url href=\"" + std::string(reference) + "\">x</a></p>").text_of("url"));
    };
    CHECK(url_of("") == "https://rosa.example/notes/7");
    CHECK(url_of("#c") == "https://rosa.example/notes/7#c");
    CHECK(url_of("/a/b_c-d.html") == "https://rosa.example/a/b_c-d.html");
    CHECK(url_of("/a/../b") == "https://rosa.example/b");
    CHECK(url_of("/a b") == "https://rosa.example/a%20b");
    CHECK(url_of("//ida.example") == "https://ida.example/");
    CHECK(url_of("\\\\ida.example\\x") == "https://ida.example/x");
    CHECK(url_of("https://ida.example") == "https://ida.example");
    CHECK(url_of("mailto:ida@ida.example") == "mailto:ida@ida.example");
    CHECK(url_of("javascript:alert(1)") == "javascript:alert(1)");
    CHECK(url_of("  /x\n") == "https://rosa.example/x");
    CHECK(url_of("//[::1") == "//[::1");
    CHECK(url_of("//" + std::string(9000, 'a')) == "//" + std::string(9000, 'a'));
}

TEST_CASE("the base element counts, also where it is hostile", "[microformats]")
{
    auto const url_with = [](std::string_view base) {
        return std::string(
            only_item("<base href=\"" + std::string(base) + "\"><p class=h-x><a class=u-url href=y>x</a></p>").text_of("url"));
    };
    CHECK(url_with("https://ida.example/d/") == "https://ida.example/d/y");
    CHECK(url_with("/d/") == "https://rosa.example/d/y");
    CHECK(url_with("javascript:") == "https://rosa.example/notes/y");
    CHECK(url_with("http://[") == "https://rosa.example/notes/y");
}

TEST_CASE("parts of a date are joined, the first of each kind", "[microformats]")
{
    auto const date_of = [](std::string_view parts) {
        std::string html = "<p class=h-event><b class=dt-start>";
        std::size_t start = 0;
        while (start < parts.size()) {
            std::size_t const end = std::min(parts.find('|', start), parts.size());
            html += "<i class=value>" + std::string(parts.substr(start, end - start)) + "</i>";
            start = end + 1;
        }
        return std::string(only_item(html).text_of("start"));
    };
    CHECK(date_of("2024-06-01|19:30") == "2024-06-01 19:30");
    CHECK(date_of("19:30|2024-06-01|+02:00") == "2024-06-01 19:30+0200");
    CHECK(date_of("2024-06-01|7:05:09 p.m.") == "2024-06-01 19:05:09");
    CHECK(date_of("2024-06-01|12am") == "2024-06-01 00:00");
    CHECK(date_of("2024-06-01|12:30pm") == "2024-06-01 12:30");
    CHECK(date_of("2024-153|08:00Z") == "2024-153 08:00Z");
    CHECK(date_of("2024-06-01T08:00:00Z|2025-01-01") == "2024-06-01T08:00:00Z");
    CHECK(date_of("13pm") == "13pm");
    CHECK(date_of("soon") == "soon");
    CHECK(date_of("99:99|2024-06-01") == "2024-06-01");
}

TEST_CASE("a time without a date takes the date of the property before", "[microformats]")
{
    MfItem const event = only_item("<p class=h-event><time class=dt-start datetime='2024-06-01 19:00'>x</time>"
                                   "<b class=dt-end><i class=value>22:00</i></b></p>");
    CHECK(event.text_of("end") == "2024-06-01 22:00");
}

TEST_CASE("links with a rel are listed once each", "[microformats]")
{
    Microformats const found =
        read("<link rel='ME authn' href=https://ida.example/ type=text/html><a rel=me href=https://ida.example/>Ida</a>"
             "<a rel=me href=/b>B</a><a rel=next>no href</a><a rel='' href=/c>no rel</a><area rel=tag href=/d>");
    REQUIRE(found.rel_urls.size() == 3);
    CHECK(found.rel("me") == std::vector<std::string_view>{"https://ida.example/", "https://rosa.example/b"});
    CHECK(found.rel("none").empty());
    CHECK(found.rel_urls[0].rels == std::vector<std::string>{"authn", "me"});
    CHECK(found.rel_urls[0].text == "Ida");
    CHECK(found.rel_urls[0].type == "text/html");
}

TEST_CASE("items without end tags do not run into each other", "[microformats]")
{
    Microformats const found = read("<ul><li class=h-entry><p class=p-name>one<li class=h-entry><p class=p-name>two</ul>"
                                    "<table><tr class=h-entry><td class=p-name>three<tr class=h-entry><td class=p-name>four</table>");
    REQUIRE(found.items.size() == 4);
    char const* const names[] = {"one", "two", "three", "four"};
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(found.items[i].text_of("name") == names[i]);
}

TEST_CASE("items nested deeper than 32 are left out whole", "[microformats]")
{
    Microformats const found = read(repeated("<div class=h-x><b class=p-a>v</b>", 40) + "<a rel=me href=/still>x</a>");
    REQUIRE(found.items.size() == 1);
    CHECK(depth_of(found.items.front()) == 32);
    CHECK(found.rel("me").size() == 1);
    MfItem const* item = &found.items.front();
    while (!item->children.empty())
        item = &item->children.front();
    REQUIRE(item->find("a") != nullptr);
    CHECK(item->find("a")->values.size() == 1);
}

TEST_CASE("many properties of one item keep their order and their values", "[microformats]")
{
    std::string html = "<div class=h-x>";
    for (int round = 0; round < 2; ++round)
        for (char a = 'a'; a <= 'z'; ++a)
            html += std::string("<b class=p-") + a + "y>" + std::to_string(round) + "</b>";
    MfItem const item = only_item(html);
    REQUIRE(item.properties.size() == 26);
    for (std::size_t i = 0; i < 26; ++i) {
        CHECK(item.properties[i].name == std::string(1, static_cast<char>('a' + i)) + 'y');
        CHECK(item.properties[i].values.size() == 2);
    }
}

TEST_CASE("no page yields more than 64 bytes for each of its own", "[microformats]")
{
    std::string const long_base = "<base href='/" + std::string(8000, 'b') + "/'>";
    struct Bomb {
        char const* name;
        std::string html;
    };
    Bomb const bombs[] = {
        {"properties inside each other", "<div class=h-a>" + repeated("<div class=p-a>", 500) + repeated("some text ", 20'000)},
        {"HTML inside each other", "<div class=h-a>" + repeated("<div class=e-a>", 500) + repeated("<b>x &lt; y</b> ", 10'000)},
        {"dates inside each other",
            "<div class=h-a>" + repeated("<div class=dt-a>", 500) + repeated("<b class=value>2001-01-01</b> ", 5000)},
        {"one element, many times a property", "<div class=h-a><div class='" + repeated("p-a ", 20'000) + "'>" + repeated("text ", 20'000)},
        {"one item, many times a property", repeated("<div class='p-a p-b u-c h-x'>", 33) + repeated("<b class=p-name>xxxxxxxx</b>", 1000)},
        {"items inside each other", repeated("<div class='p-a h-a'>", 50'000)},
        {"a long base", long_base + "<div class=h-a>" + repeated("<a class=u-url rel=me href=a>", 20'000)},
        {"a long base for images in text",
            long_base + "<div class=h-a>" + repeated("<div class=p-a>", 400) + repeated("<img src=x>", 10'000)},
        {"rels", "<a href=x rel='" + repeated("a b c ", 20'000) + "'>"},
        {"soup", repeated("<a class='u-url h-x'><p class=p-x><li><td class=e-x>", 10'000)},
    };
    for (Bomb const& bomb : bombs) {
        INFO(bomb.name);
        CHECK(bytes_of(read(bomb.html)) <= 64 * bomb.html.size() + 1'000'000);
    }
}

TEST_CASE("JSON says what kind each value is of", "[microformats]")
{
    CHECK(to_json(read("<p class=h-x id=i><img class=u-p src=/a alt=b><b class='p-q h-y'>c</b></p><a rel=me href=/m>m</a>")) ==
        R"({"items":[{"type":["h-x"],"id":"i","properties":{"p":[{"value":"https://rosa.example/a","alt":"b"}],)"
        R"("q":[{"type":["h-y"],"properties":{"name":["c"]},"value":"c"}]}}],"rels":{"me":["https://rosa.example/m"]},)"
        R"("rel-urls":{"https://rosa.example/m":{"rels":["me"],"text":"m"}}})");
}
