#include <catch2/catch.hpp>

#include "store/store_test_world.h"

using namespace backtalk;

namespace {

struct FeedWorld : StoreWorld {
    Entry alpha = entry("Alpha");
    Entry beta = entry("Beta");

    /// A mention listed now, from a host of that name.
    MentionId from(EntryId entry, std::string const& name, MentionState state = MentionState::Published,
        MentionType type = MentionType::Mention, Listing listing = {})
    {
        std::string const source = "http://" + name + ".example/post";
        Mention mention = Mention::stored(url_of(source), {comparison_key(url_of(source))}, type, std::move(listing));
        PingId const id = ping(entry, source, Origin::Webmention);
        return done(store().finish_ping(id, PingVerified{std::move(mention), state, "its source links to the entry", {}})).value();
    }
    void later(int seconds) { clock.advance(std::chrono::seconds(seconds)); }
    void set(MentionId id, MentionState state) { done(store().set_mention_state({id}, state)); }

    MentionFeedQuery of(std::vector<EntryId> entries) const
    {
        MentionFeedQuery query;
        query.entries = std::move(entries);
        return query;
    }
    MentionFeedQuery of_site() const
    {
        MentionFeedQuery query;
        query.sites = {site.id};
        return query;
    }
    std::vector<std::string> hosts(MentionFeedQuery const& query)
    {
        std::vector<std::string> names;
        auto const found = store().mention_feed(query).value();
        for (FeedMention const& each : found) {
            std::string_view const host = each.mention.mention.url().host();
            names.emplace_back(host.substr(0, host.find('.')));
        }
        return names;
    }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("mentions of one entry, of several and of a whole site come newest first, with where they belong", "[feed]")
{
    FeedWorld world;
    world.from(world.alpha.id, "one");
    world.later(5);
    world.from(world.beta.id, "two");
    world.later(5);
    world.from(world.alpha.id, "three");
    CHECK(world.hosts(world.of({world.alpha.id})) == Names{"three", "one"});
    CHECK(world.hosts(world.of({world.alpha.id, world.beta.id})) == Names{"three", "two", "one"});
    CHECK(world.hosts(world.of_site()) == Names{"three", "two", "one"});
    CHECK(world.hosts(world.of({EntryId(999)})).empty());
    FeedMention const newest = world.store().mention_feed(world.of_site()).value().front();
    CHECK(newest.site == world.site.id);
    CHECK(newest.path == world.alpha.path);
    CHECK(newest.mention.listed == world.clock.now());
    CHECK(newest.mention.origins == std::vector<Origin>{Origin::Webmention});
}

TEST_CASE("only what is listed is told, and only of entries that have a page", "[feed]")
{
    FeedWorld world;
    world.from(world.alpha.id, "shown");
    world.from(world.alpha.id, "held", MentionState::Held);
    world.from(world.alpha.id, "spam", MentionState::Spam);
    MentionId const deleted = world.from(world.alpha.id, "deleted");
    world.set(deleted, MentionState::Deleted);
    world.from(world.beta.id, "below");
    world.done(world.store().set_entry_status(world.beta.id, EntryStatus::Deleted));
    CHECK(world.hosts(world.of_site()) == Names{"shown"});
    CHECK(world.hosts(world.of({world.alpha.id, world.beta.id})) == Names{"shown"});
    std::vector<MentionCount> const counts = world.store().mention_counts({world.alpha.id, world.beta.id}).value();
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].mentions == 1);
}

TEST_CASE("other sites' mentions stay theirs", "[feed]")
{
    FeedWorld world;
    world.from(world.alpha.id, "one");
    Site const other = world.done(world.store().add_site(Site(SiteId(0), SiteBase(url_of("http://other.example/")))));
    MentionFeedQuery query;
    query.sites = {other.id};
    CHECK(world.hosts(query).empty());
    query.sites.push_back(world.site.id);
    CHECK(world.hosts(query) == Names{"one"});
}

TEST_CASE("a mention that was approved late is new to who asks for all since the newest it saw", "[feed]")
{
    FeedWorld world;
    MentionId const early = world.from(world.alpha.id, "early", MentionState::Held);
    world.later(60);
    MentionId const seen = world.from(world.alpha.id, "seen");
    Instant const newest_seen = world.store().mention(seen).value()->listed.value();
    // In the very second that the program knows already.
    world.set(early, MentionState::Published);
    for (bool const whole_site : {false, true}) {
        MentionFeedQuery since = whole_site ? world.of_site() : world.of({world.alpha.id});
        since.since = newest_seen;
        CHECK(world.hosts(since) == Names{"seen", "early"});
        MentionFeedQuery since_id = whole_site ? world.of_site() : world.of({world.alpha.id});
        since_id.since_id = seen;
        CHECK(world.hosts(since_id) == Names{"early"});
        since.since = newest_seen + std::chrono::seconds(1);
        CHECK(world.hosts(since).empty());
    }
}

TEST_CASE("a mention listed while the clock goes back is not listed before others", "[feed]")
{
    FeedWorld world;
    MentionId const first = world.from(world.alpha.id, "first");
    world.later(-3600);
    world.from(world.alpha.id, "second");
    MentionFeedQuery query = world.of_site();
    query.since = world.store().mention(first).value()->listed;
    CHECK(world.hosts(query) == Names{"second", "first"});
}

TEST_CASE("since_id of a mention that is not shown, or never was, misses nothing", "[feed]")
{
    FeedWorld world;
    MentionId const hidden = world.from(world.alpha.id, "hidden");
    world.from(world.alpha.id, "same");
    world.later(10);
    world.from(world.alpha.id, "next");
    world.set(hidden, MentionState::Spam);
    MentionFeedQuery query = world.of_site();
    query.since_id = hidden;
    CHECK(world.hosts(query) == Names{"next", "same"});
    query.since_id = MentionId(1'600'000);
    CHECK(world.hosts(query) == Names{"next", "same"});
    query.since_id = MentionId(0);
    CHECK(world.hosts(query) == Names{"next", "same"});
}

TEST_CASE("pages neither overlap nor leave out", "[feed]")
{
    FeedWorld world;
    for (char const* name : {"a", "b", "c", "d", "e"})
        world.from(world.alpha.id, name);
    for (bool const ascending : {false, true}) {
        MentionFeedQuery query = world.of({world.alpha.id, world.beta.id});
        query.ascending = ascending;
        query.limit = 2;
        Names all;
        for (query.offset = 0; query.offset < 6; query.offset += 2)
            for (std::string& name : world.hosts(query))
                all.push_back(std::move(name));
        CHECK(all == (ascending ? Names{"a", "b", "c", "d", "e"} : Names{"e", "d", "c", "b", "a"}));
    }
}

TEST_CASE("mentions come by type, and are counted by it", "[feed]")
{
    FeedWorld world;
    world.from(world.alpha.id, "like", MentionState::Published, MentionType::Like);
    world.from(world.alpha.id, "reply", MentionState::Published, MentionType::Reply);
    world.from(world.beta.id, "like2", MentionState::Published, MentionType::Like);
    for (char const* answer : {"yes", "no", "yes"}) {
        static int number = 0;
        Listing listing;
        listing.rsvp = answer;
        world.from(world.beta.id, "rsvp" + std::to_string(++number), MentionState::Published, MentionType::Rsvp, listing);
    }
    MentionFeedQuery query = world.of_site();
    query.types = std::vector{MentionType::Like};
    CHECK(world.hosts(query) == Names{"like2", "like"});
    query.types = std::vector{MentionType::Like, MentionType::Reply};
    CHECK(world.hosts(query) == Names{"like2", "reply", "like"});
    query.types = std::vector<MentionType>();
    CHECK(world.hosts(query).empty());
    std::vector<std::tuple<MentionType, std::string, std::int64_t>> counted;
    auto const found = world.store().mention_counts({world.alpha.id, world.beta.id}).value();
    for (MentionCount const& count : found)
        counted.emplace_back(count.type, count.rsvp, count.mentions);
    CHECK(counted ==
        std::vector<std::tuple<MentionType, std::string, std::int64_t>>{
            {MentionType::Like, "", 2}, {MentionType::Reply, "", 1}, {MentionType::Rsvp, "no", 1}, {MentionType::Rsvp, "yes", 2}});
    CHECK(world.store().mention_counts({}).value().empty());
    query = world.of_site();
    query.sort = MentionFeedQuery::Sort::Rsvp;
    query.ascending = true;
    CHECK(world.hosts(query) == Names{"like", "reply", "like2", "rsvp2", "rsvp1", "rsvp3"});
}

TEST_CASE("mentions come by when their sources were written, and by when they were last verified", "[feed]")
{
    FeedWorld world;
    Listing old_post;
    old_post.published = instant_of("1999-01-01T00:00:00Z");
    Listing new_post;
    new_post.published = instant_of("2006-01-01T00:00:00Z");
    world.from(world.alpha.id, "new", MentionState::Published, MentionType::Mention, new_post);
    world.later(1);
    world.from(world.alpha.id, "undated");
    world.later(1);
    world.from(world.alpha.id, "old", MentionState::Published, MentionType::Mention, old_post);
    world.later(1);
    MentionFeedQuery query = world.of({world.alpha.id});
    query.sort = MentionFeedQuery::Sort::Published;
    query.ascending = true;
    CHECK(world.hosts(query) == Names{"old", "new", "undated"});
    world.from(world.alpha.id, "new", MentionState::Published, MentionType::Mention, new_post);
    query.sort = MentionFeedQuery::Sort::Updated;
    CHECK(world.hosts(query) == Names{"undated", "old", "new"});
    query.sort = MentionFeedQuery::Sort::Listed;
    CHECK(world.hosts(query) == Names{"new", "undated", "old"});
}

TEST_CASE("thousands of entries are asked for at once", "[feed]")
{
    FeedWorld world;
    world.from(world.beta.id, "one");
    std::vector<EntryId> entries;
    for (std::int64_t id = 100'000; id < 140'000; ++id)
        entries.emplace_back(id);
    entries.push_back(world.beta.id);
    CHECK(world.hosts(world.of(entries)) == Names{"one"});
}
