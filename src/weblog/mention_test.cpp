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

namespace {

/// A page whose only entry holds this, beside what it says of itself.
Result<Mention> verified_entry(std::string const& inside)
{
    return verified(claim_from("http://a.example/post"),
        page_at("http://a.example/post", "<title>Page title</title><div class=h-entry>" + inside + "</div>"));
}

MentionType type_of(std::string const& inside) { return verified_entry(inside).value().type(); }

std::string const target = "href='http://quarters.example/1'";
std::string const elsewhere = "href='http://quarters.example/2'";

std::string property(std::string const& name, std::string const& where = target) { return "<a class='" + name + "' " + where + ">x</a>"; }

}  // namespace

TEST_CASE("a mention is of the kind that the property toward its target says", "[mention]")
{
    CHECK(type_of(property("u-in-reply-to")) == MentionType::Reply);
    CHECK(type_of(property("u-like-of")) == MentionType::Like);
    CHECK(type_of(property("u-repost-of")) == MentionType::Repost);
    CHECK(type_of(property("u-bookmark-of")) == MentionType::Bookmark);
    CHECK(type_of(property("u-category")) == MentionType::Mention);
    CHECK(type_of(property("")) == MentionType::Mention);
    CHECK(type_of(property("u-in-reply-to") + "<data class=p-rsvp value=maybe></data>") == MentionType::Rsvp);
    CHECK(type_of(property("u-in-reply-to") + "<data class=p-rsvp value=perhaps></data>") == MentionType::Reply);
}

TEST_CASE("a property that points elsewhere says nothing of the entry", "[mention]")
{
    CHECK(type_of(property("u-in-reply-to", elsewhere) + property("")) == MentionType::Mention);
    CHECK(type_of(property("u-like-of", elsewhere) + property("u-in-reply-to")) == MentionType::Reply);
    CHECK(type_of("<div class=h-cite>" + property("u-like-of") + "</div>") == MentionType::Mention);
    CHECK(type_of("<b class=p-rsvp>yes</b>" + property("u-in-reply-to", elsewhere) + property("")) == MentionType::Mention);
}

TEST_CASE("of several kinds the one that says most counts", "[mention]")
{
    CHECK(type_of(property("u-in-reply-to u-like-of")) == MentionType::Like);
    CHECK(type_of(property("u-in-reply-to u-bookmark-of")) == MentionType::Bookmark);
    CHECK(type_of(property("u-like-of u-repost-of u-bookmark-of")) == MentionType::Repost);
    CHECK(type_of(property("u-in-reply-to u-repost-of") + "<b class=p-rsvp>no</b>") == MentionType::Rsvp);
}

TEST_CASE("a property counts as a link, wherever it stands", "[mention]")
{
    CHECK(type_of("<data class=u-in-reply-to value='http://quarters.example/1'></data>") == MentionType::Reply);
    CHECK(type_of("<link class=u-like-of href='http://quarters.example/1'>") == MentionType::Like);
    CHECK_FALSE(verified_entry("<data value='http://quarters.example/1'></data><link href='http://quarters.example/1'>"));
}

TEST_CASE("a reply is listed by its own words", "[mention]")
{
    auto const mention = verified_entry(property("u-in-reply-to") +
        "<b class='p-author h-card'><img class=u-photo src='/ann.png' alt=''><a class='u-url p-name' href='/ann'>Ann</a></b><p "
        "class='p-name'>Eleven lamps…</p>"
        "<div class=e-content><p>Eleven lamps were out.</p><p onclick=x>I counted.</p><script>alert(1)</script></div>"
        "<a class=u-syndication href='http://s.example/1'></a><img class=u-photo src='/lamp.jpg'>");
    REQUIRE(mention);
    Listing const& listing = mention->listing();
    CHECK(listing.title == "");
    CHECK(listing.excerpt == "Eleven lamps were out. I counted.");
    CHECK(listing.content_text == "Eleven lamps were out.\nI counted.");
    CHECK(listing.content_html.find("<p>I counted.</p>") != std::string::npos);
    CHECK(listing.content_html.find("alert") == std::string::npos);
    CHECK(listing.author_name == "Ann");
    CHECK(listing.author_url == "http://a.example/ann");
    CHECK(listing.author_photo == "http://a.example/ann.png");
    CHECK(listing.syndication == std::vector<std::string>{"http://s.example/1"});
    CHECK(listing.photos == std::vector<std::string>{"http://a.example/lamp.jpg"});
}

TEST_CASE("a reply with a title has both, and a long one its summary", "[mention]")
{
    std::string const long_words = "<div class=e-content>" + std::string(1000, 'w') + " " + std::string(1500, 'x') + "</div>";
    Listing const listing =
        verified_entry(property("u-in-reply-to") + "<b class=p-name>Lamps</b><p class=p-summary>In short.</p>" + long_words)->listing();
    CHECK(listing.title == "Lamps");
    CHECK(listing.excerpt == "In short.");
    CHECK(listing.summary == "In short.");
    CHECK(listing.content_html == "");
    CHECK(listing.content_text.size() == 2501);
    Listing const unnamed = verified_entry(property("u-in-reply-to") + "<b class=p-name>Lamps</b>" + long_words)->listing();
    CHECK(unnamed.excerpt == "Lamps");
    CHECK(unnamed.title == "");
}

TEST_CASE("a like without words has no excerpt, whatever stands around its link", "[mention]")
{
    auto const like = verified_entry("<p>Ann liked " + property("u-like-of") + " of Quarters</p><b class=p-name>Liked: x</b>");
    REQUIRE(like);
    CHECK(like->listing().excerpt == "");
    CHECK(like->listing().title == "Liked: x");
    CHECK(verified_entry(property("u-repost-of") + "<p class=e-content>Read this.</p>")->listing().excerpt == "Read this.");
}

TEST_CASE("a mention has a title and the words around the link, as ever", "[mention]")
{
    auto const mention = verified_entry("<p class=e-content>As " + property("") + " says.</p>");
    REQUIRE(mention);
    CHECK(mention->type() == MentionType::Mention);
    CHECK(mention->listing().title == "Page title");
    CHECK(mention->listing().excerpt == "As x says.");
    CHECK(mention->listing().content_text == "As x says.");
}

TEST_CASE("an answer to an invitation is listed with its word", "[mention]")
{
    auto const mention =
        verified_entry(property("u-in-reply-to") + "<data class=p-rsvp value=YES></data><p class=e-content>I'll come.</p>");
    REQUIRE(mention);
    CHECK(mention->listing().rsvp == "yes");
    CHECK(mention->listing().excerpt == "I'll come.");
    CHECK(verified_entry(property("u-like-of") + "<p class=p-rsvp>yes</p>")->listing().rsvp == "");
}

TEST_CASE("responses that the source shows come with it, but not the entry itself", "[mention]")
{
    auto const mention = verified_entry(property("u-in-reply-to") +
        "<p class=e-content>Yes.</p>"
        "<div class='u-comment h-cite'><a class=u-url href='http://c.example/1'>c</a><p class=p-content>So?</p></div>"
        "<div class='u-comment h-cite'><a class=u-url href='http://quarters.example/1'>q</a><p class=p-content>We reply.</p></div>");
    REQUIRE(mention);
    REQUIRE(mention->listing().responses.size() == 1);
    CHECK(mention->listing().responses[0].url == "http://c.example/1");
    CHECK(mention->listing().responses[0].text == "So?");
}

TEST_CASE("an author page completes what the source says of its author", "[mention]")
{
    auto const page = page_at("http://a.example/post",
        "<link rel=author href='/ann'><div class=h-entry>" + property("u-in-reply-to") + "<p class=e-content>Yes.</p></div>");
    REQUIRE(page.author_page);
    CHECK(page.author_page->str() == "http://a.example/ann");
    auto const mention = verified(claim_from("http://a.example/post"), page);
    REQUIRE(mention);
    CHECK(mention->listing().author_name == "");
    Author const author =
        read_author_page("<a class='h-card u-uid' href='/ann'>Ann</a>", "text/html", *page.author_page, *page.author_page).value();
    Mention const complete = mention->with_author(author);
    CHECK(complete.listing().author_name == "Ann");
    CHECK(complete.listing().author_url == "http://a.example/ann");
    CHECK(complete.source_keys() == mention->source_keys());
    Listing silent = complete.with_author(Author()).listing();
    CHECK(silent == complete.listing());
}

TEST_CASE("a source in JSON is verified like a page", "[mention]")
{
    auto const read = [](std::string_view json) {
        return verified(claim_from("http://a.example/post"), read_source_json(json, url_of("http://a.example/post")).value());
    };
    CHECK(read(R"({"type":["h-entry"],"properties":{"in-reply-to":["http://quarters.example/1"],"content":["Yes."]}})")->type() ==
        MentionType::Reply);
    CHECK(read(R"({"type":"Announce","object":"http://quarters.example/1"})")->type() == MentionType::Repost);
    auto const plain = read(R"({"see":"http://quarters.example/1","title":"Seen"})");
    CHECK(plain->type() == MentionType::Mention);
    CHECK(plain->listing().title == "Seen");
    CHECK_FALSE(read(R"({"see":"see http://quarters.example/1"})"));
}
