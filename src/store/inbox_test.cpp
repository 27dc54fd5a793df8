#include <catch2/catch.hpp>

#include "store/store_test_world.h"

using namespace backtalk;

namespace {

struct InboxWorld : StoreWorld {
    InboxWorld()
    {
        harbour = entry("The harbour").id;
        square = entry("The square").id;
    }
    MentionId held(EntryId entry, std::string const& source, Origin origin = Origin::Trackback, std::int64_t campaign = 0)
    {
        clock.advance(std::chrono::seconds(60));
        PingVerified outcome = verified({source}, source);
        outcome.state = MentionState::Held;
        outcome.campaign = campaign;
        return done(store().finish_ping(ping(entry, source, origin), std::move(outcome))).value();
    }
    std::vector<MentionId> ids(InboxFilter const& filter, InboxPart part = {}, MentionState state = MentionState::Held)
    {
        std::vector<MentionId> found;
        auto const rows = store().inbox(state, filter, part).value();
        for (InboxItem const& item : rows)
            found.push_back(item.mention.id);
        return found;
    }

    EntryId harbour;
    EntryId square;
};

}  // namespace

TEST_CASE("the inbox shows what is in a state, the newest first, a part at a time", "[inbox]")
{
    InboxWorld world;
    MentionId const first = world.held(world.harbour, "http://a.example/1");
    MentionId const second = world.held(world.square, "http://b.example/1");
    MentionId const third = world.held(world.harbour, "http://c.example/1");
    world.listed(world.harbour, {"http://d.example/1"});
    CHECK(world.ids({}) == std::vector{third, second, first});
    CHECK(world.ids({}, {2, 0}) == std::vector{third, second});
    CHECK(world.ids({}, {2, 2}) == std::vector{first});
    CHECK(world.ids({}, {}, MentionState::Published).size() == 1);
    CHECK(world.store().count_held().value() == 3);
}

TEST_CASE("the inbox is filtered by site, entry, origin and host", "[inbox]")
{
    InboxWorld world;
    MentionId const a = world.held(world.harbour, "http://friend.example/1");
    MentionId const b = world.held(world.square, "http://www.friend.example/2", Origin::Webmention);
    MentionId const c = world.held(world.square, "http://notfriend.example/3", Origin::Pingback);
    MentionId const d = world.held(world.square, "http://a_b.example/4");
    world.held(world.square, "http://axb.example/5");

    InboxFilter filter;
    filter.entry = world.harbour;
    CHECK(world.ids(filter) == std::vector{a});
    filter = {};
    filter.origin = Origin::Webmention;
    CHECK(world.ids(filter) == std::vector{b});
    filter = {};
    filter.host = "friend.example";
    CHECK(world.ids(filter) == std::vector{b, a});
    filter.host = "a_b.example";
    CHECK(world.ids(filter) == std::vector{d});
    filter = {};
    filter.site = world.site.id;
    filter.origin = Origin::Pingback;
    CHECK(world.ids(filter) == std::vector{c});
    filter.site = SiteId(world.site.id.value + 1);
    CHECK(world.ids(filter).empty());
}

TEST_CASE("what is decided together is a campaign as far as it is held, or one mention alone", "[inbox]")
{
    InboxWorld world;
    MentionId const alone = world.held(world.harbour, "http://a.example/1");
    MentionId const first = world.held(world.harbour, "http://b.example/1", Origin::Trackback, 7);
    MentionId const second = world.held(world.square, "http://c.example/1", Origin::Trackback, 7);
    MentionId const third = world.held(world.square, "http://d.example/1", Origin::Trackback, 7);
    world.held(world.square, "http://e.example/1", Origin::Trackback, 8);
    auto const alike = [&](MentionId mention) { return world.store().held_alike(mention).value(); };
    CHECK(alike(alone) == std::vector{alone});
    CHECK(alike(first) == std::vector{third, second, first});
    world.run(world.store().set_mention_state({third}, MentionState::Published)).value();
    CHECK(alike(third) == std::vector{second, first});
    world.run(world.store().set_mention_state({alone, first, second}, MentionState::Spam)).value();
    CHECK(alike(alone).empty());
    CHECK(alike(first).empty());
    CHECK(alike(MentionId(999)).empty());
}

TEST_CASE("of a campaign only what the page showed is decided: as the filter says, and nothing that came since", "[inbox]")
{
    InboxWorld world;
    MentionId const first = world.held(world.harbour, "http://b.example/1", Origin::Trackback, 7);
    MentionId const second = world.held(world.square, "http://c.example/1", Origin::Trackback, 7);
    MentionId const third = world.held(world.square, "http://d.example/1", Origin::Webmention, 7);
    world.held(world.square, "http://e.example/1");
    InboxFilter filter;
    filter.entry = world.square;
    InboxItem const item = world.store().inbox(MentionState::Held, filter, {}).value().at(1);
    CHECK(item.campaign == 7);
    CHECK(item.mentions == 2);
    CHECK(item.newest == third);
    MentionId const later = world.held(world.square, "http://f.example/1", Origin::Trackback, 7);
    auto const meant = [&](InboxFilter const& by, MentionId up_to) {
        return world.store().campaign_mentions(7, MentionState::Held, by, up_to).value();
    };
    CHECK(meant(filter, item.newest) == std::vector{second, third});
    CHECK(meant({}, item.newest) == std::vector{first, second, third});
    CHECK(meant({}, later) == std::vector{first, second, third, later});
    filter.origin = Origin::Webmention;
    CHECK(meant(filter, later) == std::vector{third});
    CHECK(world.store().campaign_mentions(7, MentionState::Spam, {}, later).value().empty());
}

TEST_CASE("refused pings are found by the same filter, and all is counted", "[inbox]")
{
    InboxWorld world;
    PingId const refused = world.ping(world.harbour, "http://shop.example/cheap", Origin::Trackback);
    PingId const other = world.ping(world.square, "https://sub.shop.example/cheap", Origin::Webmention);
    for (PingId const id : {refused, other})
        world.done(world.store().finish_ping(id, PingRefused{"its source does not link to the entry", true}));
    world.held(world.harbour, "http://a.example/1");
    world.listed(world.square, {"http://b.example/1"});

    InboxFilter filter;
    filter.host = "shop.example";
    auto pings = world.store().refused_pings(filter, {}).value();
    REQUIRE(pings.size() == 2);
    CHECK(pings[0].id == other);
    CHECK(pings[0].reason == "its source does not link to the entry");
    filter.entry = world.harbour;
    CHECK(world.store().refused_pings(filter, {}).value().size() == 1);
    filter.host = "op.example";
    CHECK(world.store().refused_pings(filter, {}).value().empty());

    InboxCounts const counts = world.store().inbox_counts({}).value();
    CHECK(counts.held == 1);
    CHECK(counts.published == 1);
    CHECK(counts.refused == 2);
    CHECK(counts.spam == 0);
}
