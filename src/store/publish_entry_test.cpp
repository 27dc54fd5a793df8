#include <catch2/catch.hpp>

#include "app/entry_html.h"
#include "app/fake_web.h"
#include "app/publish_entry.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

struct PublishWorld : StoreWorld {
    PublishWorld() { REQUIRE(sites.reload()); }

    Result<Publisher::Published> add(
        std::string file, Publisher::As as = Publisher::As::FrontMatterSays, TextFormat format = TextFormat::Markdown)
    {
        return run(publisher.add(sites.find(site.id), std::move(file), format, as));
    }

    SilentLog log;
    SiteDirectory sites{store()};
    FakeWeb web{pool};
    PingSender sender{store(), sites, web, pool, clock, log};
    Publisher publisher{store(), sites, sender, clock};
};

}  // namespace

TEST_CASE("an author's file becomes an entry with all that its front matter says", "[publish]")
{
    PublishWorld world;
    auto const published = world
                               .add("---\ntitle: The harbour at night\ndate: 2007-03-08T06:41:11-05:00\nslug: harbour\ncategories: "
                                    "[Harbour, At Night]\ntags: [boats]\n"
                                    "excerpt: Boats.\nauthor: Vera Lind\nid: 301\ntrackback_id: 9352\ntrackbacks: "
                                    "[http://a.example/tb/1]\nin-reply-to: http://a.example/1\n"
                                    "mood: calm\n---\nText.\n")
                               .value();
    Entry const& entry = published.entry;
    CHECK(published.permalink.str() == "http://quarters.example/2007/03/harbour/");
    CHECK(entry.id == EntryId(301));
    CHECK(entry.trackback_id == 9352);
    CHECK(entry.title == "The harbour at night");
    CHECK(entry.published == instant_of("2007-03-08T11:41:11Z"));
    CHECK(entry.offset == std::chrono::hours(-5));
    CHECK(entry.status == EntryStatus::Published);
    CHECK(entry.categories == std::vector<Label>{Label("Harbour", "harbour"), Label("At Night", "at-night")});
    CHECK(entry.tags == std::vector<Label>{Label("boats", "boats")});
    CHECK(entry.excerpt == "Boats.");
    CHECK(entry.author == "Vera Lind");
    CHECK(entry.trackbacks == std::vector<std::string>{"http://a.example/tb/1"});
    CHECK(entry.in_reply_to == "http://a.example/1");
    CHECK(entry.body == "Text.\n");
    REQUIRE(published.warnings.size() == 1);
    CHECK(published.warnings[0].find("mood") != std::string::npos);
    CHECK(permalink(world.site, entry).str() == "http://quarters.example/2007/03/harbour/");
    CHECK(ping_url(world.site, entry).str() == "http://quarters.example/trackback/9352");
}

TEST_CASE("a file without front matter is published now under its first heading", "[publish]")
{
    PublishWorld world;
    Entry const entry = world.add("# The harbour\n\nText.\n").value().entry;
    CHECK(entry.title == "The harbour");
    CHECK(entry.published == world.clock.now());
    CHECK(entry.path == "2007/03/the-harbour/");
}

TEST_CASE("a date without a zone is meant in the site's", "[publish]")
{
    PublishWorld world;
    world.site.time_zone = "America/New_York";
    world.done(world.store().change_site(world.site));
    REQUIRE(world.sites.reload());
    Entry const entry = world.add("---\ntitle: Evening\ndate: 2007-03-07 23:00\n---\nText.\n").value().entry;
    CHECK(entry.published == instant_of("2007-03-08T04:00:00Z"));
    CHECK(entry.offset == std::chrono::hours(-5));
}

TEST_CASE("an empty file, a taken id and a foreign permalink are refused, and nothing is stored", "[publish]")
{
    PublishWorld world;
    world.add("---\ntitle: First\nid: 7\n---\nText.\n").value();
    CHECK(world.add("").error().code == ErrorCode::Malformed);
    CHECK(world.add("---\ntitle: Second\nid: 7\n---\nText.\n").error().code == ErrorCode::Conflict);
    CHECK(world.add("---\ntitle: Second\npermalink: http://elsewhere.example/x\n---\nText.\n").error().code == ErrorCode::Malformed);
    CHECK(world.add("---\ntitle: [\n---\nText.\n").error().code == ErrorCode::Malformed);
    CHECK(world.store().count_entries(EntryQuery(world.site.id)).value() == 1);
}

TEST_CASE("a draft has no page until it is published", "[publish]")
{
    PublishWorld world;
    Entry const draft = world.add("---\ntitle: Draft\n---\nText.\n", Publisher::As::Draft).value().entry;
    CHECK(draft.status == EntryStatus::Draft);
    CHECK(world.store().count_entries(EntryQuery(world.site.id)).value() == 0);
    CHECK(world.done(world.publisher.publish(draft.id)).entry.status == EntryStatus::Published);
    CHECK(world.store().count_entries(EntryQuery(world.site.id)).value() == 1);
    CHECK(world.run(world.publisher.publish(EntryId(77))).error().code == ErrorCode::NotFound);
}

TEST_CASE("a future date schedules an entry, and its time publishes it", "[publish]")
{
    PublishWorld world;
    Entry const later = world.add("---\ntitle: Later\ndate: 2007-03-08T13:00:00Z\n---\nText.\n").value().entry;
    CHECK(later.status == EntryStatus::Scheduled);
    CHECK(world.done(world.publisher.publish_due()) == 0);
    world.clock.advance(std::chrono::hours(1));
    CHECK(world.done(world.publisher.publish_due()) == 1);
    Entry const published = world.store().entry(later.id).value().value();
    CHECK(published.status == EntryStatus::Published);
    CHECK(published.published == later.published);
    CHECK(world.done(world.publisher.publish_due()) == 0);
}

TEST_CASE("an edit keeps the address, the ids and whatever the file does not say", "[publish]")
{
    PublishWorld world;
    Entry const before =
        world.add("---\ntitle: The harbour\ndate: 2007-03-01T10:00:00Z\ncategories: [Harbour]\nauthor: Vera\n---\nText.\n").value().entry;
    Entry const after = world.done(world.publisher.edit(before.id, "---\ntitle: The port\n---\nNew text.\n", TextFormat::Markdown)).entry;
    CHECK(after.title == "The port");
    CHECK(after.body == "New text.\n");
    CHECK(after.path == before.path);
    CHECK(after.published == before.published);
    CHECK(after.categories == before.categories);
    CHECK(after.author == "Vera");
    CHECK(after.trackback_id == before.trackback_id);
}

TEST_CASE("an edit never changes an id", "[publish]")
{
    PublishWorld world;
    Entry const entry = world.add("---\ntitle: The harbour\n---\nText.\n").value().entry;
    CHECK(world.run(world.publisher.edit(entry.id, "---\nid: 99\n---\nText.\n", TextFormat::Markdown)).error().code == ErrorCode::Refused);
    CHECK(world.run(world.publisher.edit(entry.id, "---\ntrackback_id: 99\n---\nText.\n", TextFormat::Markdown)).error().code ==
        ErrorCode::Refused);
    CHECK(world.run(world.publisher.edit(EntryId(99), "Text.", TextFormat::Markdown)).error().code == ErrorCode::NotFound);
}

TEST_CASE("an edit may move an entry, and the old address stays its own", "[publish]")
{
    PublishWorld world;
    Entry const entry = world.add("---\ntitle: The harbour\n---\nText.\n").value().entry;
    CHECK(world.done(world.publisher.edit(entry.id, "---\npermalink: /harbour/\n---\nText.\n", TextFormat::Markdown)).permalink.str() ==
        "http://quarters.example/harbour/");
    CHECK(world.store().address_owner(world.site.id, "2007/03/the-harbour").value()->path == "harbour/");
}

TEST_CASE("a removed entry has no page and keeps its id and address", "[publish]")
{
    PublishWorld world;
    Entry const entry = world.add("---\ntitle: The harbour\n---\nText.\n").value().entry;
    world.done(world.publisher.remove(entry.id));
    CHECK(world.store().entry(entry.id).value()->status == EntryStatus::Deleted);
    CHECK(world.store().address_owner(world.site.id, "2007/03/the-harbour").value()->status == EntryStatus::Deleted);
}
