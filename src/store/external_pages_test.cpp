#include <catch2/catch.hpp>

#include "app/addresses.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

struct PagesWorld : StoreWorld {
    PagesWorld()
    {
        Site fresh(SiteId(0), SiteBase(url_of("http://garden.example/")));
        fresh.kind = SiteKind::External;
        garden = done(store().add_site(std::move(fresh))).id;
    }
    EntryId page(std::string path) { return done(store().add_page(garden, std::move(path), clock.now())); }
    EntryId settled(EntryId id, std::string path, std::string title = "Found")
    {
        EntryDraft found;
        found.title = std::move(title);
        found.published = clock.now();
        return done(store().settle_page(id, std::move(found), std::move(path)));
    }
    Entry entry_of(EntryId id) { return store().entry(id).value().value(); }
    std::int64_t drafts()
    {
        EntryQuery query(garden);
        query.statuses = {EntryStatus::Draft};
        return store().count_entries(query).value();
    }
    FeedPage listed(std::string path, std::string version = "1") const
    {
        return FeedPage{std::move(path), "Listed", std::nullopt, std::move(version)};
    }
    void read(std::int64_t number, std::vector<FeedPage> pages, FeedNews news)
    {
        done(store().note_feed_pages(garden, std::move(pages), number, news));
        FeedState state(garden, "http://garden.example/feed");
        state.readings = number;
        done(store().finish_feed_reading(std::move(state), news));
    }
    std::size_t news() { return store().feed_news(garden, 100).value().size(); }

    SiteId garden{0};
};

}  // namespace

TEST_CASE("a page of an external site is one entry under every spelling of its address", "[external]")
{
    PagesWorld world;
    EntryId const id = world.page("roses/");
    CHECK(world.page("roses") == id);
    CHECK(world.page("roses/?utm_source=x") == id);
    CHECK(world.page("roses/?p=2") != id);
    CHECK(world.page("") != id);
    CHECK(world.page("./") == world.page(""));
    CHECK(world.entry_of(id).status == EntryStatus::Draft);
    CHECK(world.entry_of(world.page("a:b")).path == "./a:b");
}

TEST_CASE("pages that nobody has seen are bounded, and their pings stay", "[external]")
{
    PagesWorld world;
    std::vector<EntryId> pages;
    for (std::size_t i = 0; i < unseen_pages_max; ++i)
        pages.push_back(world.page("spam/" + std::to_string(i)));
    PingId const waiting = world.ping(pages[0], "http://spam.example/waits");
    PingId const refused = world.ping(pages[1], "http://spam.example/refused");
    world.done(world.store().finish_ping(refused, PingRefused{"no", false}));

    EntryId const next = world.page("one/more");
    CHECK(next.value > pages.back().value);
    CHECK(world.drafts() <= static_cast<std::int64_t>(unseen_pages_max));
    CHECK(world.store().ping(waiting).value()->entry == pages[0]);
    EntryId const collector = world.store().ping(refused).value()->entry;
    CHECK(collector != pages[1]);
    CHECK(world.entry_of(collector).status == EntryStatus::Deleted);
    CHECK_FALSE(world.store().entry(pages[1]).value());
}

TEST_CASE("while every unseen page waits to be looked for, no more are taken", "[external]")
{
    PagesWorld world;
    for (std::size_t i = 0; i < unseen_pages_max; ++i)
        world.ping(world.page("spam/" + std::to_string(i)), "http://spam.example/" + std::to_string(i));
    auto const refused = world.run(world.store().add_page(world.garden, "one/more", world.clock.now()));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Busy);
    CHECK(world.page("spam/1").value > 0);  // known already
}

TEST_CASE("two addresses of one page become one entry with the pings of both", "[external]")
{
    PagesWorld world;
    EntryId const first = world.settled(world.page("roses/"), "roses/", "Roses");
    EntryId const other = world.page("old-roses");
    PingId const ping = world.ping(other, "http://friend.example/");
    CHECK(world.settled(other, "roses/", "Roses") == first);
    CHECK(world.page("old-roses") == first);
    CHECK(world.store().ping(ping).value()->entry == first);
    CHECK_FALSE(world.store().entry(other).value());
    CHECK(world.page("new page").value > other.value);  // an id is never given twice
    CHECK(world.entry_of(first).title == "Roses");
    CHECK(world.entry_of(first).status == EntryStatus::Published);
}

TEST_CASE("an address behind a question mark is a page of its own on an external site", "[external]")
{
    PagesWorld world;
    EntryId const id = world.settled(world.page("index.php"), "index.php");
    Site const site = world.store().sites().value().back();
    CHECK(entry_at(world.store(), site, url_of("http://garden.example/index.php")).value()->entry == id);
    CHECK_FALSE(entry_at(world.store(), site, url_of("http://garden.example/index.php?id=2")).value());
    CHECK_FALSE(entry_at(world.store(), site, url_of("http://garden.example/?p=" + std::to_string(id.value))).value());
}

TEST_CASE("the first reading of a feed is no news; new, changed and vanished pages are", "[external]")
{
    PagesWorld world;
    world.read(1, {world.listed("a"), world.listed("b")}, FeedNews::KeepQuiet);
    CHECK(world.news() == 0);
    CHECK(world.entry_of(world.page("a")).title == "Listed");
    world.read(2, {world.listed("a"), world.listed("b")}, FeedNews::Tell);
    CHECK(world.news() == 0);
    world.read(3, {world.listed("a", "2"), world.listed("b"), world.listed("c")}, FeedNews::Tell);
    CHECK(world.news() == 2);
    auto const found = world.store().feed_news(world.garden, 10).value();
    for (EntryId const id : found)
        world.done(world.store().finish_feed_news(id, Store::NewsOutcome::Told));
    CHECK(world.news() == 0);
    world.read(4, {world.listed("c"), world.listed("a", "2")}, FeedNews::Tell);
    CHECK(world.store().feed_news(world.garden, 10).value() == std::vector{world.page("b")});
    for (int i = 0; i < 5; ++i)
        world.done(world.store().finish_feed_news(world.page("b"), Store::NewsOutcome::TryAgain));
    CHECK(world.news() == 0);
}

TEST_CASE("what is known of a feed goes with its site", "[external]")
{
    PagesWorld world;
    world.read(1, {world.listed("a")}, FeedNews::Tell);
    CHECK(world.store().feed_states().value().size() == 1);
    world.done(world.store().remove_site(world.garden));
    CHECK(world.store().feed_states().value().empty());
    CHECK(world.news() == 0);
}
