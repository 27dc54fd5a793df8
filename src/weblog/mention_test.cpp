#include <catch2/catch.hpp>

#include "weblog/mention.h"

using namespace backtalk;

namespace {

Url url_of(std::string_view text) { return Url::parse(text).value(); }

PingClaim claim_from(std::string_view source)
{
    PingClaim claim(EntryId(1), Origin::Trackback, url_of(source));
    claim.title = "Claimed title";
    claim.excerpt = "Claimed excerpt";
    claim.blog_name = "Claimed blog";
    claim.received = Instant(std::chrono::seconds(1173355271));
    return claim;
}

SourcePage page_at(std::string_view url, std::string_view html) { return read_source_page(html, url_of(url)); }

Result<Mention> verified(PingClaim const& claim, SourcePage const& page)
{
    return verify(claim, page, [](Url const& url) { return comparison_key(url) == "quarters.example/1"; });
}

}  // namespace

TEST_CASE("a page that links to the entry makes a mention by its own words", "[mention]")
{
    auto const page = page_at("http://a.example/post",
        "<html lang=en><title>Lights out</title><p>As <a href='http://quarters.example/1'>they write</a>, it is dark.</p>");
    auto const mention = verified(claim_from("http://a.example/post"), page);
    REQUIRE(mention);
    CHECK(mention->listing().title == "Lights out");
    CHECK(mention->listing().excerpt.find("they write") != std::string::npos);
    CHECK(mention->listing().site_name == "Claimed blog");
    CHECK(mention->listing().language == "en");
    CHECK(mention->url().str() == "http://a.example/post");
    CHECK(mention->type() == MentionType::Mention);
}

TEST_CASE("where the page is silent the claim is shown", "[mention]")
{
    auto const page = page_at("http://a.example/post", "<a href='http://quarters.example/1'></a>");
    auto const mention = verified(claim_from("http://a.example/post"), page);
    REQUIRE(mention);
    CHECK(mention->listing().title == "Claimed title");
    CHECK(mention->listing().excerpt == "Claimed excerpt");
    CHECK(mention->listing().site_name == "Claimed blog");
}

TEST_CASE("a page without the link makes no mention, whatever the ping claims", "[mention]")
{
    auto const page = page_at("http://a.example/post", "<p>http://quarters.example/1 <a href='http://quarters.example/2'>x</a></p>");
    auto const mention = verified(claim_from("http://a.example/post"), page);
    REQUIRE_FALSE(mention);
    CHECK(mention.error() == Error(ErrorCode::Refused, "the source does not link to the entry"));
}

TEST_CASE("the entry is no source of itself, by redirect either", "[mention]")
{
    auto const page = page_at("http://quarters.example/1", "<a href='http://quarters.example/1'>x</a>");
    CHECK_FALSE(verified(claim_from("http://t.example/short"), page));
}

TEST_CASE("a mention is known by what was announced, by where that led and by its canonical form, each once", "[mention]")
{
    auto const page =
        page_at("http://a.example/post/amp", "<link rel=canonical href='http://a.example/post'><a href='http://quarters.example/1'>x</a>");
    auto const mention = verified(claim_from("http://t.example/short"), page);
    REQUIRE(mention);
    CHECK(mention->source_keys() == std::vector<std::string>{"t.example/short", "a.example/post/amp", "a.example/post"});
    CHECK(mention->url().str() == "http://a.example/post");
    auto const plain =
        verified(claim_from("https://A.example/post/"), page_at("http://a.example/post", "<a href='http://quarters.example/1'>x</a>"));
    REQUIRE(plain);
    CHECK(plain->source_keys() == std::vector<std::string>{"a.example/post"});
}

TEST_CASE("nobody's canonical link speaks for another host", "[mention]")
{
    auto const page =
        page_at("http://a.example/post", "<link rel=canonical href='http://victim.example/'><a href='http://quarters.example/1'>x</a>");
    auto const mention = verified(claim_from("http://a.example/post"), page);
    REQUIRE(mention);
    CHECK(mention->source_keys() == std::vector<std::string>{"a.example/post"});
    CHECK(mention->url().str() == "http://a.example/post");
}

TEST_CASE("an imported mention says what the archive said", "[mention]")
{
    PingClaim const claim = claim_from("http://a.example/post");
    Mention const mention = Mention::imported(claim, std::chrono::hours(-5));
    CHECK(mention.listing().title == "Claimed title");
    CHECK(mention.listing().excerpt == "Claimed excerpt");
    CHECK(mention.listing().site_name == "Claimed blog");
    CHECK(mention.listing().published == claim.received);
    CHECK(mention.listing().published_offset == std::chrono::hours(-5));
    CHECK(mention.source_keys() == std::vector<std::string>{"a.example/post"});
}

TEST_CASE("states and types have words, and the words lead back", "[mention]")
{
    for (std::string_view const word : {"published", "held", "spam", "gone", "deleted"})
        CHECK(to_word(mention_state_named(word).value()) == word);
    for (std::string_view const word : {"mention", "reply", "like", "repost", "bookmark", "rsvp"})
        CHECK(to_word(mention_type_named(word).value()) == word);
    CHECK_FALSE(mention_state_named("Published"));
    CHECK_FALSE(mention_type_named(""));
}

TEST_CASE("a page that says it was deleted makes no mention", "[mention]")
{
    std::string const link = "<a href='http://quarters.example/1'>x</a>";
    for (std::string_view const status : {"410 Gone", "410", " 410 gone"}) {
        auto const page = page_at("http://a.example/post", "<META HTTP-EQUIV=Status CONTENT='" + std::string(status) + "'>" + link);
        CHECK(page.is_gone);
        auto const mention = verified(claim_from("http://a.example/post"), page);
        REQUIRE_FALSE(mention);
        CHECK(mention.error().code == ErrorCode::Gone);
    }
    CHECK_FALSE(page_at("http://a.example/post", "<meta http-equiv=status content='4100'><meta name=status content='410 Gone'>").is_gone);
}
