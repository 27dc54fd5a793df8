#include <catch2/catch.hpp>

#include "app/change_keys.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

std::string titles(std::vector<StoredMention> const& mentions)
{
    std::string all;
    for (StoredMention const& each : mentions)
        all += each.mention.listing().title + ";";
    return all;
}

}  // namespace

TEST_CASE("a ping is stored as it was received and waits to be checked", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    PingClaim claim = world.claim(entry.id, "http://a.example/1#top");
    claim.source_as_received = "HTTP://a.example:80/1#top";
    PingId const id = world.done(world.store().add_ping(claim));
    world.reopen();
    Ping const ping = world.store().ping(id).value().value();
    CHECK(ping.state == PingState::Queued);
    CHECK(ping.entry == entry.id);
    CHECK(ping.origin == Origin::Trackback);
    CHECK(ping.source == claim.source);
    CHECK(ping.source_as_received == "HTTP://a.example:80/1#top");
    CHECK(ping.target_as_received == claim.target_as_received);
    CHECK(ping.title == claim.title);
    CHECK(ping.excerpt == claim.excerpt);
    CHECK(ping.blog_name == claim.blog_name);
    CHECK(ping.sender == claim.sender);
    CHECK(ping.received == claim.received);
    CHECK(ping.attempts == 0);
    CHECK(ping.next_try == claim.received);
    CHECK_FALSE(ping.mention);
    CHECK(world.store().ping(PingId(99)).value() == std::nullopt);
}

TEST_CASE("a ping for an entry that does not exist is refused by the store", "[store]")
{
    StoreWorld world;
    auto const stored = world.run(world.store().add_ping(world.claim(EntryId(77), "http://a.example/1")));
    REQUIRE_FALSE(stored);
    CHECK(stored.error().code == ErrorCode::Conflict);
}

TEST_CASE("a ping found true becomes a mention", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    PingId const id = world.ping(entry.id, "http://a.example/1");
    world.changes.taken();
    auto const mention = world.done(world.store().finish_ping(id, world.verified({"http://a.example/1"}, "Lights out")));
    REQUIRE(mention);
    CHECK(world.changes.taken() == std::set<std::string>{key_of_mentions(entry.id)});
    StoredMention const stored = world.store().mention(*mention).value().value();
    CHECK(stored.state == MentionState::Published);
    CHECK(stored.origins == std::vector<Origin>{Origin::Trackback});
    CHECK(stored.mention.listing().title == "Lights out");
    CHECK(stored.mention.source_keys() == std::vector<std::string>{"a.example/1"});
    CHECK(stored.source == "http://a.example/1");
    CHECK(stored.verified == world.clock.now());
    Ping const ping = world.store().ping(id).value().value();
    CHECK(ping.state == PingState::Verified);
    CHECK(ping.mention == mention);
    CHECK(world.store().due_pings(world.clock.now(), 10).value().empty());
}

TEST_CASE("a ping of a source that is known renews its mention and is kept with it", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const first = world.listed(entry.id, {"http://a.example/1"}, "Old title");
    world.clock.advance(std::chrono::hours(1));
    PingId const again = world.ping(entry.id, "https://A.example/1/", Origin::Webmention);
    CHECK(world.done(world.store().finish_ping(again, world.verified({"https://a.example/1/"}, "New title"))) == first);
    auto const mentions = world.mentions_of(entry.id);
    REQUIRE(titles(mentions) == "New title;");
    CHECK(mentions[0].origins == std::vector<Origin>{Origin::Trackback, Origin::Webmention});
    CHECK(mentions[0].received == instant_of("2007-03-08T12:00:00Z"));
    CHECK(mentions[0].source == "http://a.example/1");
    PingQuery query;
    query.mention = first;
    CHECK(world.store().pings(query).value().size() == 2);
}

TEST_CASE("the same source on another entry is another mention", "[store]")
{
    StoreWorld world;
    Entry const one = world.entry("One");
    Entry const two = world.entry("Two");
    CHECK(world.listed(one.id, {"http://a.example/1"}) != world.listed(two.id, {"http://a.example/1"}));
    CHECK(world.mentions_of(one.id).size() == 1);
    CHECK(world.mentions_of(two.id).size() == 1);
}

TEST_CASE("two mentions that turn out to be one page become the older one, with the history of both", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const older = world.listed(entry.id, {"http://a.example/?p=1"}, "By number");
    world.clock.advance(std::chrono::hours(1));
    PingId const second = world.ping(entry.id, "http://a.example/the-post/", Origin::Webmention);
    MentionId const younger =
        world.done(world.store().finish_ping(second, world.verified({"http://a.example/the-post/"}, "By name"))).value();
    REQUIRE(older != younger);

    PingId const third = world.ping(entry.id, "http://a.example/?p=1");
    CHECK(world.done(world.store().finish_ping(
              third, world.verified({"http://a.example/?p=1", "http://a.example/the-post/"}, "The post"))) == older);
    auto const mentions = world.mentions_of(entry.id);
    REQUIRE(titles(mentions) == "The post;");
    CHECK(mentions[0].mention.url().str() == "http://a.example/the-post/");
    CHECK(mentions[0].origins == std::vector<Origin>{Origin::Trackback, Origin::Webmention});
    PingQuery query;
    query.mention = older;
    CHECK(world.store().pings(query).value().size() == 3);
    CHECK(world.store().mention(younger).value() == std::nullopt);
}

TEST_CASE("what the owner decided on one of two mentions that become one stays decided", "[store]")
{
    for (MentionState const decided : {MentionState::Deleted, MentionState::Spam}) {
        StoreWorld world;
        Entry const entry = world.entry("The harbour");
        world.listed(entry.id, {"http://a.example/?p=1"});
        MentionId const younger = world.listed(entry.id, {"http://a.example/the-post/"});
        world.done(world.store().set_mention_state({younger}, decided));
        world.listed(entry.id, {"http://a.example/?p=1", "http://a.example/the-post/"});
        auto const mentions = world.mentions_of(entry.id);
        REQUIRE(mentions.size() == 1);
        CHECK(mentions[0].state == decided);
    }
}

TEST_CASE("what the owner deleted or called spam stays so when it is announced again", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const mention = world.listed(entry.id, {"http://a.example/1"});
    for (MentionState const decided : {MentionState::Deleted, MentionState::Spam, MentionState::Held}) {
        world.done(world.store().set_mention_state({mention}, decided));
        CHECK(world.listed(entry.id, {"http://a.example/1"}) == mention);
        CHECK(world.store().mention(mention).value()->state == decided);
    }
    CHECK(world.store().count_mentions(entry.id, MentionState::Held).value() == 1);
    CHECK(world.store().count_mentions(entry.id, MentionState::Published).value() == 0);
}

TEST_CASE("a source that withdrew its link takes its mention along, and brings it back when it links again", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const mention = world.listed(entry.id, {"http://a.example/1"});
    PingId const again = world.ping(entry.id, "http://a.example/1/");
    world.changes.taken();
    world.done(world.store().finish_ping(again, PingRefused{"the source does not link to the entry", true}));
    CHECK(world.changes.taken() == std::set<std::string>{key_of_mentions(entry.id)});
    CHECK(world.store().mention(mention).value()->state == MentionState::Gone);
    CHECK(world.store().mention(mention).value()->note == "the source does not link to the entry");
    CHECK(world.store().ping(again).value()->state == PingState::Refused);
    CHECK(world.store().ping(again).value()->mention == mention);

    CHECK(world.listed(entry.id, {"http://a.example/1"}) == mention);
    CHECK(world.store().mention(mention).value()->state == MentionState::Published);
}

TEST_CASE("a source that cannot be fetched leaves its mention as it is", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const mention = world.listed(entry.id, {"http://a.example/1"});
    PingId const again = world.ping(entry.id, "http://a.example/1");
    world.done(world.store().finish_ping(again, PingRefused{"given up", false}));
    CHECK(world.store().mention(mention).value()->state == MentionState::Published);
}

TEST_CASE("a withdrawn link does not undo what the owner decided", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const mention = world.listed(entry.id, {"http://a.example/1"});
    world.done(world.store().set_mention_state({mention}, MentionState::Spam));
    world.done(world.store().finish_ping(world.ping(entry.id, "http://a.example/1"), PingRefused{"no link", true}));
    CHECK(world.store().mention(mention).value()->state == MentionState::Spam);
}

TEST_CASE("an unchanged source keeps its mention and adds the protocol that announced it", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const mention = world.listed(entry.id, {"http://a.example/1"}, "As it was");
    world.clock.advance(std::chrono::hours(1));
    for (int i = 0; i < 2; ++i) {
        PingId const again = world.ping(entry.id, "http://a.example/1", Origin::Pingback);
        CHECK(world.done(world.store().finish_ping(again, PingUnchanged{"unchanged"})) == mention);
        CHECK(world.store().ping(again).value()->state == PingState::Verified);
    }
    StoredMention const stored = world.store().mention(mention).value().value();
    CHECK(stored.origins == std::vector<Origin>{Origin::Trackback, Origin::Pingback});
    CHECK(stored.verified == world.clock.now());
    CHECK(stored.mention.listing().title == "As it was");
}

TEST_CASE("a check that is put off counts as an attempt only if the other side was the reason", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    PingId const id = world.ping(entry.id, "http://a.example/1");
    Instant const later = world.clock.now() + std::chrono::minutes(5);
    world.done(world.store().finish_ping(id, PingLater{"busy", later, false}));
    CHECK(world.store().ping(id).value()->attempts == 0);
    world.done(world.store().finish_ping(id, PingLater{"HTTP 503", later, true}));
    Ping const ping = world.store().ping(id).value().value();
    CHECK(ping.attempts == 1);
    CHECK(ping.state == PingState::Queued);
    CHECK(ping.reason == "HTTP 503");
    CHECK(world.store().due_pings(world.clock.now(), 10).value().empty());
    CHECK(world.store().next_ping_due().value() == later);
    world.clock.advance(std::chrono::minutes(5));
    CHECK(world.store().due_pings(world.clock.now(), 10).value().size() == 1);
}

TEST_CASE("due pings come the earliest first, and never more than asked for", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    PingId const one = world.ping(entry.id, "http://a.example/1");
    PingId const two = world.ping(entry.id, "http://a.example/2");
    PingId const three = world.ping(entry.id, "http://a.example/3");
    world.done(world.store().put_off_pings({one.value}, world.clock.now() + std::chrono::minutes(1)));
    auto const ids = [&](std::size_t limit) {
        std::vector<PingId> all;
        auto const found = world.store().due_pings(world.clock.now(), limit).value();
        for (Ping const& ping : found)
            all.push_back(ping.id);
        return all;
    };
    CHECK(ids(10) == std::vector<PingId>{two, three});
    CHECK(ids(1) == std::vector<PingId>{two});
    CHECK(world.store().next_ping_due().value() == world.clock.now());
    world.clock.advance(std::chrono::minutes(1));
    CHECK(ids(10) == std::vector<PingId>{two, three, one});
}

TEST_CASE("putting off does not queue again what was finished meanwhile", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    PingId const id = world.ping(entry.id, "http://a.example/1");
    world.done(world.store().finish_ping(id, PingRefused{"no", false}));
    world.done(world.store().put_off_pings({id.value}, world.clock.now()));
    CHECK(world.store().ping(id).value()->state == PingState::Refused);
    CHECK(world.store().next_ping_due().value() == std::nullopt);
}

TEST_CASE("a recheck queues the newest ping of a mention again", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const mention = world.listed(entry.id, {"http://a.example/1"});
    world.listed(entry.id, {"http://a.example/1"});
    world.clock.advance(std::chrono::hours(1));
    world.done(world.store().recheck_mentions({mention}));
    auto const due = world.store().due_pings(world.clock.now(), 10).value();
    REQUIRE(due.size() == 1);
    CHECK(due[0].id == PingId(2));
    CHECK(due[0].attempts == 0);
    CHECK(world.mentions_of(entry.id).size() == 1);
    auto const unknown = world.run(world.store().recheck_mentions({MentionId(77)}));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::NotFound);
}

TEST_CASE("a decision on several mentions is made for all of them or for none", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const one = world.listed(entry.id, {"http://a.example/1"});
    auto const decided = world.run(world.store().set_mention_state({one, MentionId(77)}, MentionState::Spam));
    REQUIRE_FALSE(decided);
    CHECK(decided.error().code == ErrorCode::NotFound);
    CHECK(decided.error().text.find("77") != std::string::npos);
    CHECK(world.store().mention(one).value()->state == MentionState::Published);
}

TEST_CASE("a host counts as approved once the owner has approved a mention from it on that site", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    MentionId const mention = world.listed(entry.id, {"http://a.example/1"});
    CHECK_FALSE(world.store().approved_before(entry.id, "a.example").value());
    world.done(world.store().set_mention_state({mention}, MentionState::Published));
    CHECK(world.store().approved_before(entry.id, "a.example").value());
    CHECK_FALSE(world.store().approved_before(entry.id, "b.example").value());
    world.done(world.store().set_mention_state({mention}, MentionState::Spam));
    CHECK_FALSE(world.store().approved_before(entry.id, "a.example").value());

    Site const other = world.done(world.store().add_site(Site(SiteId(0), SiteBase(url_of("http://other.example/")))));
    Entry const elsewhere = world.done(world.store().add_entry(other.id, world.draft("Elsewhere"), {}));
    world.done(world.store().set_mention_state({mention}, MentionState::Published));
    CHECK_FALSE(world.store().approved_before(elsewhere.id, "a.example").value());
}

TEST_CASE("a source is asked for only if it changed once it was verified, and no more when its mention is gone", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    CHECK(world.store().validators(entry.id, "a.example/1").value() == std::nullopt);
    PingVerified outcome = world.verified({"http://a.example/1"});
    outcome.validators = {"\"v1\"", "Thu, 08 Mar 2007 10:00:00 GMT"};
    world.done(world.store().finish_ping(world.ping(entry.id, "http://a.example/1"), outcome));
    auto const known = world.store().validators(entry.id, "a.example/1").value();
    REQUIRE(known);
    CHECK(known->etag == "\"v1\"");
    CHECK(known->last_modified == "Thu, 08 Mar 2007 10:00:00 GMT");
    world.done(world.store().finish_ping(world.ping(entry.id, "http://a.example/1"), PingRefused{"gone", true}));
    CHECK(world.store().validators(entry.id, "a.example/1").value() == std::nullopt);
}

TEST_CASE("mentions are listed by site, entry and state, in either order", "[store]")
{
    StoreWorld world;
    Entry const one = world.entry("One");
    Entry const two = world.entry("Two");
    world.listed(one.id, {"http://a.example/1"}, "a");
    world.clock.advance(std::chrono::minutes(1));
    MentionId const b = world.listed(one.id, {"http://b.example/1"}, "b");
    world.clock.advance(std::chrono::minutes(1));
    world.listed(two.id, {"http://c.example/1"}, "c");
    world.done(world.store().set_mention_state({b}, MentionState::Held));
    auto const listed = [&](auto change) {
        MentionQuery query;
        change(query);
        return titles(world.store().mentions(query).value());
    };
    CHECK(listed([](MentionQuery&) { }) == "c;b;a;");
    CHECK(listed([](MentionQuery& query) { query.oldest_first = true; }) == "a;b;c;");
    CHECK(listed([&](MentionQuery& query) { query.entry = one.id; }) == "b;a;");
    CHECK(listed([&](MentionQuery& query) { query.states = {MentionState::Published}; }) == "c;a;");
    CHECK(listed([&](MentionQuery& query) { query.states = {MentionState::Published, MentionState::Held}; }) == "c;b;a;");
    CHECK(listed([&](MentionQuery& query) { query.limit = 1, query.offset = 1; }) == "b;");
    CHECK(listed([&](MentionQuery& query) { query.site = world.site.id; }) == "c;b;a;");
    CHECK(listed([&](MentionQuery& query) { query.site = SiteId(77); }).empty());
}
