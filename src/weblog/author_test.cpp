#include "weblog/author.h"

#include <catch2/catch.hpp>

#include "markup/json_page.h"

using namespace backtalk;

namespace {

// Microformats are written as mf2 JSON here: what these tests show does not depend on how HTML is read.
markup::Microformats microformats(std::string const& json) { return markup::read_json_page(json, 0).value().microformats; }

std::string card(std::string const& properties) { return R"({"type":["h-card"],"properties":{)" + properties + "}}"; }

/// Of the first item of a page with these items and rels; the second item, if any, is no feed around it.
Authorship authorship(std::string const& items, std::string const& rels = "{}")
{
    auto const page = microformats(R"({"items":[)" + items + R"(],"rels":)" + rels + "}");
    return authorship_of(page.items.at(0), nullptr, page);
}

std::string entry(std::string const& author) { return R"({"type":["h-entry"],"properties":{"author":[)" + author + "]}}"; }

std::string url_text(std::optional<Url> const& url) { return url ? url->str() : ""; }

Url const page_url = *Url::parse("https://a.example/ann");

std::optional<Author> author_of(std::string const& json) { return author_on(microformats(json), page_url, page_url); }

}  // namespace

TEST_CASE("an h-card is the author", "[author]")
{
    auto const found = authorship(entry(card(
        R"("name":["Ann\n A."],"url":["mailto:a@a.example","https://a.example/"],"photo":[{"value":"https://a.example/a.png","alt":"Ann"}])")));
    CHECK(found.author.name == "Ann A.");
    CHECK(url_text(found.author.url) == "https://a.example/");
    CHECK(url_text(found.author.photo) == "https://a.example/a.png");
    CHECK_FALSE(found.page);
}

TEST_CASE("a text is the author's name, a URL the author page", "[author]")
{
    CHECK(authorship(entry(R"("Ann")")).author.name == "Ann");
    CHECK_FALSE(authorship(entry(R"("Ann")")).author.url);
    auto const found = authorship(entry(R"("https://a.example/ann")"), R"({"author":["https://a.example/other"]})");
    CHECK_FALSE(found.author.is_known());
    CHECK(url_text(found.page) == "https://a.example/ann");
    CHECK_FALSE(authorship(entry(R"("javascript:x")")).page);
    CHECK_FALSE(authorship(entry(R"("https://user:pw@a.example/")")).page);
}

TEST_CASE("what is no h-card gives only a name", "[author]")
{
    auto const found = authorship(entry(R"({"type":["h-cite"],"properties":{"name":["Ann"],"url":["https://a.example/"]}})"));
    CHECK(found.author.name == "Ann");
    CHECK_FALSE(found.author.url);
    CHECK_FALSE(found.page);
}

TEST_CASE("an entry without an author has that of its feed, else the page that rel=author names", "[author]")
{
    auto const page = microformats(R"({"items":[{"type":["h-feed"],"properties":{"author":[)" + card(R"("name":["Ann"])") +
        R"(]},"children":[{"type":["h-entry"],"properties":{}}]}],"rels":{"author":["https://a.example/ann"]}})");
    markup::MfItem const& feed = page.items.at(0);
    auto const by_feed = authorship_of(feed.children.at(0), &feed, page);
    CHECK(by_feed.author.name == "Ann");
    CHECK_FALSE(by_feed.page);
    auto const by_rel = authorship_of(feed.children.at(0), nullptr, page);
    CHECK_FALSE(by_rel.author.is_known());
    CHECK(url_text(by_rel.page) == "https://a.example/ann");
    CHECK_FALSE(authorship(R"({"type":["h-entry"],"properties":{}})").page);
}

TEST_CASE("a card on the entry's page for its author page stands in until that is fetched", "[author]")
{
    auto const found = authorship(entry(R"("https://a.example/ann")") + "," + card(R"("name":["Bob"],"url":["https://b.example/"])") + "," +
        card(R"("name":["Ann"],"url":["http://a.example/ann/"])"));
    CHECK(found.author.name == "Ann");
    CHECK(url_text(found.page) == "https://a.example/ann");
}

TEST_CASE("an author page speaks for the card with its own address as url and uid", "[author]")
{
    auto const found = author_of(R"({"items":[)" + card(R"("name":["Bob"],"url":["https://me.example/"])") + "," +
        card(R"("name":["Ann"],"url":["https://x.example/","https://a.example/ann"],"uid":["https://a.example/ann"])") +
        R"(],"rels":{"me":["https://me.example/"]}})");
    REQUIRE(found);
    CHECK(found->name == "Ann");
}

TEST_CASE("else for the card that is one of its rel=me links", "[author]")
{
    auto const found = author_of(R"({"items":[)" + card(R"("name":["Friend"],"url":["https://b.example/"])") + "," +
        card(R"("name":["Ann"],"url":["https://me.example/"])") + R"(],"rels":{"me":["https://me.example/"]}})");
    REQUIRE(found);
    CHECK(found->name == "Ann");
}

TEST_CASE("else for the only card with its address, and for nobody otherwise", "[author]")
{
    std::string const ann = card(R"("name":["Ann"],"url":["https://a.example/ann"])");
    CHECK(author_of(R"({"items":[)" + ann + "," + card(R"("name":["Bob"],"url":["https://b.example/"])") + "]}")->name == "Ann");
    CHECK_FALSE(author_of(R"({"items":[)" + ann + "," + card(R"("name":["Eve"],"url":["https://a.example/ann"])") + "]}"));
    CHECK_FALSE(author_of(R"({"items":[)" + card(R"("name":["Bob"],"url":["https://b.example/"])") + "]}"));
    CHECK_FALSE(author_of("{}"));
}

TEST_CASE("an author page may have moved", "[author]")
{
    auto const page =
        microformats(R"({"items":[)" + card(R"("name":["Ann"],"url":["https://new.example/"],"uid":["https://new.example/"])") + "]}");
    CHECK(author_on(page, page_url, *Url::parse("https://new.example/"))->name == "Ann");
}

TEST_CASE("an author page is read as it was received", "[author]")
{
    auto const found = read_author_page(
        "<p class=h-card><a class='u-url u-uid p-name' href='/ann'>Ann\xE9</a></p>", "text/html; charset=iso-8859-1", page_url, page_url);
    REQUIRE(found);
    CHECK(found->name == "Ann\xC3\xA9");
    CHECK(read_author_page("<p>Nobody</p>", "text/html", page_url, page_url).error().code == ErrorCode::NotFound);
    CHECK(read_author_page("{}", "application/json", page_url, page_url).error().code == ErrorCode::Refused);
}
