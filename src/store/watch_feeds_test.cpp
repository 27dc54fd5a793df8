#include <catch2/catch.hpp>

#include "app/fake_web.h"
#include "app/watch_feeds.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

constexpr char const* feed_url = "http://garden.example/feed.json";

std::string feed_of(std::vector<std::pair<std::string, std::string>> const& pages)
{
    std::string items;
    for (auto const& [path, words] : pages)
        items += (items.empty() ? "" : ",") +
            ("{\"id\":\"" + path + "\",\"url\":\"http://garden.example/" + path + "\",\"content_text\":\"" + words + "\"}");
    return "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[" + items + "]}";
}

struct FeedWorld : StoreWorld {
    FeedWorld()
    {
        garden = external("http://garden.example/", feed_url);
        web.page(feed_url, feed_of({{"a", "1"}}));
        web.page("http://garden.example/a", page_linking("http://friend.example/a"));
        web.page("http://garden.example/b", page_linking("http://friend.example/b"));
    }
    static std::string page_linking(std::string const& to) { return "<title>T</title><article><a href='" + to + "'>x</a></article>"; }
    SiteId external(std::string const& base, std::string const& feed)
    {
        Site fresh(SiteId(0), SiteBase(url_of(base)));
        fresh.kind = SiteKind::External;
        fresh.feed_url = feed;
        fresh.feed_minutes = 30;
        SiteId const id = done(store().add_site(std::move(fresh))).id;
        REQUIRE(sites.reload());
        return id;
    }
    Result<FeedReading> read() { return run(watcher.read(sites.find(garden), Deadline::never())); }
    std::vector<std::string> told()
    {
        std::vector<std::string> all;
        auto const found = store().sent_of(std::nullopt).value();
        for (Sent const& sent : found)
            all.push_back(sent.target.str());
        std::sort(all.begin(), all.end());
        return all;
    }

    WaitingLog log;
    SiteDirectory sites{store()};
    FakeWeb web{pool};
    PingSender sender{store(), sites, web, pool, clock, log};
    FeedWatcher watcher{store(), sites, sender, web, pool, clock, log};
    SiteId garden{0};
};

}  // namespace

TEST_CASE("the first reading of a feed announces nothing, the next what is new or edited", "[feeds]")
{
    FeedWorld world;
    FeedReading const first = world.read().value();
    CHECK(first.is_first);
    CHECK(first.pages == 1);
    CHECK(world.told().empty());
    world.web.page(feed_url, feed_of({{"b", "1"}, {"a", "1"}}));
    CHECK(world.read().value().told == 1);
    CHECK(world.told() == std::vector<std::string>{"http://friend.example/b"});
    world.web.page(feed_url, feed_of({{"b", "1"}, {"a", "2"}}));
    CHECK(world.read().value().told == 1);
    CHECK(world.told() == std::vector<std::string>{"http://friend.example/a", "http://friend.example/b"});
}

TEST_CASE("a feed is asked for only if it changed", "[feeds]")
{
    FeedWorld world;
    auto answer = FakeWeb::html(feed_of({{"a", "1"}}));
    answer.headers.set("ETag", "\"1\"");
    world.web.answer(feed_url, answer);
    CHECK_FALSE(world.read().value().unchanged);
    CHECK(world.read().value().unchanged);
    CHECK(world.web.requests().back().if_none_match == "\"1\"");
}

TEST_CASE("another feed of the same site is read as for the first time", "[feeds]")
{
    FeedWorld world;
    world.read().value();
    Site site = *world.sites.find(world.garden);
    site.feed_url = "http://garden.example/other.json";
    world.done(world.store().change_site(site));
    REQUIRE(world.sites.reload());
    world.web.page(site.feed_url, feed_of({{"b", "1"}}));
    CHECK(world.read().value().is_first);
    CHECK(world.told().empty());
}

TEST_CASE("an index of sitemaps is read one level deep, and pages of other sites are left out", "[feeds]")
{
    FeedWorld world;
    world.web.page(feed_url,
        "<sitemapindex><sitemap><loc>http://garden.example/1.xml</loc></sitemap><sitemap><loc>http://garden.example/2.xml</loc>"
        "</sitemap></sitemapindex>");
    world.web.page("http://garden.example/1.xml",
        "<urlset><url><loc>http://garden.example/a</loc></url><url><loc>http://other.example/</loc></url></urlset>");
    world.web.page("http://garden.example/2.xml", "<sitemapindex><sitemap><loc>http://garden.example/3.xml</loc></sitemap></sitemapindex>");
    CHECK(world.read().value().pages == 1);
    CHECK(world.web.calls("http://garden.example/3.xml") == 0);
}

TEST_CASE("a page that cannot be fetched for now is announced at a later reading", "[feeds]")
{
    FeedWorld world;
    world.read().value();
    world.web.page(feed_url, feed_of({{"b", "1"}, {"a", "1"}}));
    world.web.fails("http://garden.example/b", ErrorCode::Unavailable, "no connection");
    CHECK(world.read().value().told == 0);
    world.web.works("http://garden.example/b");
    CHECK(world.read().value().told == 1);
    CHECK(world.told() == std::vector<std::string>{"http://friend.example/b"});
}

TEST_CASE("a page that has left the feed and answers 410 is told to those who were told of it", "[feeds]")
{
    FeedWorld world;
    world.web.page(feed_url, feed_of({}));
    world.read().value();
    world.web.page(feed_url, feed_of({{"a", "1"}}));
    world.read().value();
    Sent const sent = world.store().sent_of(std::nullopt).value().at(0);
    SentOutcome outcome;
    outcome.state = SentState::Accepted;
    outcome.protocol = "webmention";
    outcome.endpoint = "http://friend.example/wm";
    outcome.version = sent.version;
    world.done(world.store().finish_sent(sent.id, outcome));

    world.web.page(feed_url, feed_of({}));
    world.web.answer("http://garden.example/a", FakeWeb::html("gone", 410));
    world.read().value();
    Sent const again = world.store().sent_of(std::nullopt).value().at(0);
    CHECK(again.last.state == SentState::Queued);
    CHECK_FALSE(again.linked);
    CHECK(world.store().entry(again.entry).value()->status == EntryStatus::Deleted);
}

TEST_CASE("feeds are read at their time, less often while they are broken, and one does not delay another", "[feeds]")
{
    FeedWorld world;
    world.external("http://meadow.example/", "http://meadow.example/feed");  // a 404
    world.watcher.start();
    world.log.wait_for("the feed of http://garden.example/: JSON feed with 1 pages");
    world.log.wait_for("the feed of http://meadow.example/: http://meadow.example/feed answers HTTP 404");
    world.clock.advance(std::chrono::minutes(31));
    world.watcher.wake();
    world.log.wait_for("the feed of http://garden.example/: JSON feed with 1 pages", 2);
    world.clock.advance(std::chrono::minutes(31));  // after a failure the pause is twice as long: now it is over
    world.watcher.wake();
    world.log.wait_for("the feed of http://garden.example/: JSON feed with 1 pages", 3);
    world.web.wait_for_requests(5);
    world.watcher.stop();
    CHECK(world.web.calls(feed_url) == 3);
    CHECK(world.web.calls("http://meadow.example/feed") == 2);
    auto const found = world.store().feed_states().value();
    for (FeedState const& state : found)
        CHECK(state.failures == (state.url == feed_url ? 0 : 2));
}
