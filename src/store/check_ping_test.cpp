#include <catch2/catch.hpp>

#include "app/check_ping.h"
#include "app/fake_web.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

constexpr char const* source = "http://a.example/post";

std::string page_linking_to(std::string const& target, std::string const& head = {})
{
    return "<!DOCTYPE html><html><head><title>Lights out</title>" + head + "</head><body><p>Following up on <a href=\"" + target +
        "\">what we read</a> about the harbour.</p></body></html>";
}

/// A checker with a store, a web and one entry.
struct CheckWorld : StoreWorld {
    explicit CheckWorld(Moderation moderation = Moderation::Verified)
        : checker(store(), sites, web, judge, cap, pool, clock, log, moderation)
    {
        REQUIRE(sites.reload());
        harbour = entry("The harbour");
        target = "http://quarters.example/" + harbour.path;
        checker.start();
    }
    ~CheckWorld() { checker.stop(); }

    Ping wait_for_check(PingId id, std::size_t times = 1)
    {
        checker.wake();
        said = log.wait_for("ping " + std::to_string(id.value) + " for", times);
        return store().ping(id).value().value();
    }
    Ping checked(std::string_view address, Origin origin = Origin::Trackback) { return wait_for_check(ping(harbour.id, address, origin)); }
    std::vector<StoredMention> mentions() { return mentions_of(harbour.id); }

    WaitingLog log;
    SiteDirectory sites{store()};
    FakeWeb web{pool};
    Entry harbour;
    std::string target;
    std::string said;
    PingJudge judge{store(), store(), clock, {}};
    ReflectionCap cap{{}, clock};
    PingChecker checker;
};

}  // namespace

TEST_CASE("a ping whose source links to the entry is verified and listed by the page's own words", "[check]")
{
    CheckWorld world;
    world.web.page(source, page_linking_to(world.target));
    Ping const ping = world.checked(source);
    CHECK(ping.state == PingState::Verified);
    auto const mentions = world.mentions();
    REQUIRE(mentions.size() == 1);
    CHECK(mentions[0].state == MentionState::Published);
    CHECK(mentions[0].mention.listing().title == "Lights out");
    Listing const& listing = mentions[0].mention.listing();
    CHECK(listing.excerpt.find("what we read") != std::string::npos);
    CHECK_FALSE(listing.excerpt.substr(listing.link_position, listing.link_bytes).empty());
    CHECK(mentions[0].mention.url().str() == source);
    CHECK(ping.mention == mentions[0].id);
}

TEST_CASE("any address that the entry has or had counts as its link", "[check]")
{
    for (std::string const address :
        {"http://quarters.example/2007/03/the-harbour", "https://QUARTERS.example/2007/03/the-harbour/index.html#comments",
            "http://quarters.example/?p=1", "http://quarters.example/archives/000001.html", "http://quarters.example/old",
            "http://quarters.example/2007/03/the-harbour/?utm_source=feed", "http://quarters.example/2007/03/the-harbour/?replyto=5"}) {
        CAPTURE(address);
        CheckWorld world;
        world.done(world.store().change_entry(world.harbour.id, world.harbour, "old"));
        world.done(world.store().change_entry(world.harbour.id, world.harbour, "2007/03/the-harbour/"));
        world.web.page(source, page_linking_to(address));
        CHECK(world.checked(source).state == PingState::Verified);
    }
}

TEST_CASE("a ping whose source does not link to the entry is refused with the reason and not listed", "[check]")
{
    CheckWorld world;
    Entry const other = world.entry("Other");
    for (std::string const& body : {std::string("<p>No link.</p>"), page_linking_to("http://quarters.example/" + other.path),
             page_linking_to("http://quarters.example/"), "<!-- " + page_linking_to(world.target) + " -->",
             "<script>\"" + page_linking_to(world.target) + "\"</script>", "<p>&lt;a href=\"" + world.target + "\"&gt;x&lt;/a&gt;</p>",
             page_linking_to("http://elsewhere.example/2007/03/the-harbour/")}) {
        world.web.page(source, body);
        Ping const ping = world.checked(source);
        CHECK(ping.state == PingState::Refused);
        CHECK(ping.reason == "the source does not link to the entry");
    }
    CHECK(world.mentions().empty());
}

TEST_CASE("the entry itself is no source of a mention of it", "[check]")
{
    CheckWorld world;
    world.web.redirect("http://short.example/1", world.target);
    world.web.page(world.target, page_linking_to(world.target));
    Ping const ping = world.checked("http://short.example/1");
    CHECK(ping.state == PingState::Refused);
    CHECK(ping.reason == "the source is the entry itself");
}

TEST_CASE("all spellings, protocols, redirects and canonical forms of one source are one mention", "[check]")
{
    CheckWorld world;
    std::string const body = page_linking_to(world.target, "<link rel=canonical href=\"http://a.example/post\">");
    for (std::string const address :
        {"http://a.example/post", "http://a.example/post/", "https://a.example/post", "http://a.example/?p=5", "http://a.example/amp/post"})
        world.web.page(address, body);
    world.web.redirect("http://t.example/x", "http://a.example/post");
    world.checked("http://t.example/x");
    world.checked("http://a.example/post/");
    world.checked("HTTP://A.example:80/post#x", Origin::Webmention);
    world.checked("https://a.example/post", Origin::Pingback);
    world.checked("http://a.example/?p=5");
    world.checked("http://a.example/amp/post");
    world.checked("http://t.example/x");
    auto const mentions = world.mentions();
    REQUIRE(mentions.size() == 1);
    CHECK(mentions[0].mention.url().str() == "http://a.example/post");
    CHECK(mentions[0].origins.size() == 3);
    PingQuery query;
    query.mention = mentions[0].id;
    CHECK(world.store().pings(query).value().size() == 7);
}

TEST_CASE("two mentions become one when their page says that it is one", "[check]")
{
    CheckWorld world;
    world.web.page("http://a.example/?p=5", page_linking_to(world.target));
    world.web.page("http://a.example/post", page_linking_to(world.target));
    world.checked("http://a.example/?p=5");
    world.checked("http://a.example/post");
    REQUIRE(world.mentions().size() == 2);
    world.web.page("http://a.example/?p=5", page_linking_to(world.target, "<link rel=canonical href=\"/post\">"));
    world.checked("http://a.example/?p=5");
    CHECK(world.mentions().size() == 1);
}

TEST_CASE("moderation \"all\" holds what verified", "[check]")
{
    CheckWorld world(Moderation::All);
    world.web.page(source, page_linking_to(world.target));
    CHECK(world.checked(source).state == PingState::Verified);
    CHECK(world.mentions().at(0).state == MentionState::Held);
}

TEST_CASE("moderation \"known\" publishes only hosts that the owner approved before", "[check]")
{
    CheckWorld world(Moderation::Known);
    world.web.page(source, page_linking_to(world.target));
    world.web.page("http://a.example/second", page_linking_to(world.target));
    world.checked(source);
    REQUIRE(world.mentions().at(0).state == MentionState::Held);
    world.done(world.store().set_mention_state({world.mentions().at(0).id}, MentionState::Published));
    world.checked("http://a.example/second");
    CHECK(world.mentions().at(1).state == MentionState::Published);
}

TEST_CASE("moderation changes for what is checked from then on", "[check]")
{
    CheckWorld world;
    world.checker.set_moderation(Moderation::All);
    world.web.page(source, page_linking_to(world.target));
    world.checked(source);
    CHECK(world.mentions().at(0).state == MentionState::Held);
}

TEST_CASE("a source that answers 410 is refused, and its mention is gone", "[check]")
{
    CheckWorld world;
    world.web.page(source, page_linking_to(world.target));
    world.checked(source);
    world.web.answer(source, FakeWeb::html("gone", 410));
    CHECK(world.checked(source).state == PingState::Refused);
    CHECK(world.mentions().at(0).state == MentionState::Gone);
}

TEST_CASE("a source that answers 404 or 403 is refused at once", "[check]")
{
    for (int const status : {404, 403, 301}) {
        CheckWorld world;
        world.web.answer(source, FakeWeb::html(page_linking_to(world.target), status));
        Ping const ping = world.checked(source);
        CHECK(ping.state == PingState::Refused);
        CHECK(ping.reason.find(std::to_string(status)) != std::string::npos);
        CHECK(world.mentions().empty());
    }
}

TEST_CASE("a source of a mention that answers 404 or 403 is asked again later, and its mention stays", "[check]")
{
    for (int const status : {404, 403, 301}) {
        CheckWorld world;
        world.web.page(source, page_linking_to(world.target));
        world.checked(source);
        world.web.answer(source, FakeWeb::html(page_linking_to(world.target), status));
        Ping const ping = world.checked(source);
        CHECK(ping.state == PingState::Queued);
        CHECK(ping.next_try > world.clock.now());
        CHECK(ping.reason.find(std::to_string(status)) != std::string::npos);
        CHECK(world.mentions().at(0).state == MentionState::Published);
    }
}

TEST_CASE("a page that was cut short proves nothing by the link it lacks", "[check]")
{
    CheckWorld world;
    world.web.page(source, page_linking_to(world.target));
    world.checked(source);
    FakeWeb::Answer cut = FakeWeb::html("<p>A very long page");
    cut.truncated = true;
    world.web.answer(source, cut);
    Ping const ping = world.checked(source);
    CHECK(ping.state == PingState::Refused);
    CHECK(ping.reason.find("what was read of it") != std::string::npos);
    CHECK(world.mentions().at(0).state == MentionState::Published);
}

TEST_CASE("a source that is neither HTML nor text is refused", "[check]")
{
    CheckWorld world;
    FakeWeb::Answer image;
    image.headers.set("Content-Type", "image/png");
    image.body = page_linking_to(world.target);
    world.web.answer(source, image);
    CHECK(world.checked(source).state == PingState::Refused);
    CHECK(world.mentions().empty());
}

TEST_CASE("a source of a mention that cannot be read any more is asked again later, and its mention stays", "[check]")
{
    for (char const* const type : {"application/octet-stream", "application/json"}) {
        CheckWorld world;
        world.web.page(source, page_linking_to(world.target));
        world.checked(source);
        FakeWeb::Answer unreadable;
        unreadable.headers.set("Content-Type", type);
        unreadable.body = "[[[";
        world.web.answer(source, unreadable);
        CHECK(world.checked(source).state == PingState::Queued);
        CHECK(world.mentions().at(0).state == MentionState::Published);
    }
}

TEST_CASE("what may pass is tried again with growing pauses, and given up in the end", "[check]")
{
    CheckWorld world;
    world.web.fails(source, ErrorCode::Timeout, "a.example took too long to answer");
    Ping ping = world.checked(source);
    std::size_t tries = 1;
    std::vector<std::chrono::seconds> pauses;
    while (ping.state == PingState::Queued) {
        REQUIRE(tries < 20);
        CHECK(ping.attempts == static_cast<int>(tries));
        pauses.push_back(ping.next_try - world.clock.now());
        world.clock.advance(pauses.back());
        ping = world.wait_for_check(ping.id, ++tries);
    }
    CHECK(pauses.size() == 6);
    CHECK(std::is_sorted(pauses.begin(), pauses.end()));
    CHECK(ping.state == PingState::Refused);
    CHECK(ping.reason == "given up after 7 attempts: a.example took too long to answer");
}

TEST_CASE("a source that comes back is verified on a later try", "[check]")
{
    for (int const status : {503, 429, 500, 408}) {
        CheckWorld world;
        world.web.answer(source, FakeWeb::html("later", status));
        Ping ping = world.checked(source);
        REQUIRE(ping.state == PingState::Queued);
        world.web.page(source, page_linking_to(world.target));
        world.clock.advance(std::chrono::hours(1));
        CHECK(world.wait_for_check(ping.id, 2).state == PingState::Verified);
    }
}

TEST_CASE("our own politeness is no attempt", "[check]")
{
    CheckWorld world;
    world.web.fails(source, ErrorCode::Busy, "waited for the rate limit of a.example:80");
    Ping ping = world.checked(source);
    for (std::size_t i = 2; i < 15; ++i) {
        REQUIRE(ping.state == PingState::Queued);
        REQUIRE(ping.attempts == 0);
        world.clock.advance(std::chrono::seconds(30));
        ping = world.wait_for_check(ping.id, i);
    }
}

TEST_CASE("a name that does not exist may come back, an address that is not public may not", "[check]")
{
    CheckWorld world;
    world.web.fails("http://nowhere.example/1", ErrorCode::NotFound, "no such name");
    CHECK(world.checked("http://nowhere.example/1").state == PingState::Queued);
    world.web.fails("http://inside.example/1", ErrorCode::Refused, "10.0.0.1 is not public");
    Ping const ping = world.checked("http://inside.example/1");
    CHECK(ping.state == PingState::Refused);
    CHECK(ping.reason == "10.0.0.1 is not public");
}

TEST_CASE("a source that has not changed is not read again, and its mention stays", "[check]")
{
    CheckWorld world;
    FakeWeb::Answer page = FakeWeb::html(page_linking_to(world.target));
    page.headers.set("ETag", "\"v1\"");
    world.web.answer(source, page);
    world.checked(source);
    Ping const again = world.checked(source, Origin::Webmention);
    CHECK(world.web.requests().back().if_none_match == "\"v1\"");
    CHECK(again.state == PingState::Verified);
    CHECK(again.mention == world.mentions().at(0).id);
    CHECK(world.mentions().at(0).origins.size() == 2);
    CHECK(world.said.find("unchanged") != std::string::npos);
}

TEST_CASE("an unasked 304 verifies nothing", "[check]")
{
    CheckWorld world;
    world.web.answer(source, FakeWeb::html("", 304));
    CHECK(world.checked(source).state == PingState::Refused);
    CHECK(world.mentions().empty());
}

TEST_CASE("a ping for an entry that was deleted meanwhile is refused", "[check]")
{
    CheckWorld world;
    world.web.page(source, page_linking_to(world.target));
    world.done(world.store().set_entry_status(world.harbour.id, EntryStatus::Deleted));
    Ping const ping = world.checked(source);
    CHECK(ping.state == PingState::Refused);
    CHECK(ping.reason == "the entry is no longer there");
    CHECK(world.web.calls(source) == 0);
}

TEST_CASE("a ping whose site was removed while its source was fetched ends quietly", "[check]")
{
    CheckWorld world;
    world.web.page(source, page_linking_to(world.target));
    world.web.hold();
    PingId const id = world.ping(world.harbour.id, source);
    world.checker.wake();
    world.web.wait_for_requests(1);
    world.done(world.store().remove_site(world.site.id));
    world.web.release();
    world.log.wait_for("ping " + std::to_string(id.value) + " is gone");
    CHECK(world.store().ping(id).value() == std::nullopt);
}

TEST_CASE("what was under way when the checker stopped is checked by the next", "[check]")
{
    CheckWorld world;
    world.web.page(source, page_linking_to(world.target));
    PingId const id = world.ping(world.harbour.id, source);
    world.checker.stop();
    PingChecker next(
        world.store(), world.sites, world.web, world.judge, world.cap, world.pool, world.clock, world.log, Moderation::Verified);
    next.start();
    world.log.wait_for("ping " + std::to_string(id.value) + " for");
    next.stop();
    CHECK(world.store().ping(id).value()->state == PingState::Verified);
    CHECK(world.web.calls(source) == 1);
}
