#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/import_archive.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

ImportedEntry record(StoreWorld const& world, std::string title)
{
    ImportedEntry entry;
    entry.line = 1;
    entry.draft = world.draft(title);
    entry.key = "2007-03-08/" + title;
    return entry;
}

ImportedPing archived_ping(StoreWorld const& world, std::string_view source, std::string title)
{
    PingClaim claim = world.claim(EntryId(0), source, Origin::Imported);
    claim.title = std::move(title);
    Mention mention = Mention::imported(claim, {});
    return ImportedPing(std::move(claim), std::move(mention), 7);
}

Comment comment(std::string text)
{
    Comment comment;
    comment.author = "Tom";
    comment.text = std::move(text);
    return comment;
}

/// A small archive: two entries, three pings (two of one source), two comments.
std::vector<ImportedEntry> archive(StoreWorld const& world)
{
    ImportedEntry harbour = record(world, "The harbour");
    harbour.id = 301;
    harbour.trackback_id = 9352;
    harbour.old_paths = {"mt/archives/000301.html"};
    harbour.pings.push_back(archived_ping(world, "http://a.example/1", "First"));
    harbour.pings.push_back(archived_ping(world, "http://A.example/1/", "Again"));
    harbour.pings.push_back(archived_ping(world, "http://b.example/", "Other"));
    harbour.comments = {comment("Nice."), comment("Very nice.")};
    std::vector<ImportedEntry> all;
    all.push_back(std::move(harbour));
    all.push_back(record(world, "The port"));
    return all;
}

std::string export_of(int entries, int first = 1)
{
    std::string text;
    for (int i = first; i < first + entries; ++i)
        text += "TITLE: Entry " + std::to_string(i) + "\nBASENAME: entry_" + std::to_string(i) +
            "\nSTATUS: Publish\nALLOW PINGS: 1\nDATE: 03/08/2007 06:41:" + (i % 60 < 10 ? "0" : "") + std::to_string(i % 60) +
            " AM\n-----\nBODY:\nText " + std::to_string(i) + "\n-----\nPING:\nTITLE: Told\nURL: http://a.example/" + std::to_string(i) +
            "\nIP: 192.0.2.1\nBLOG NAME: A\nDATE: 03/09/2007 06:41:11 AM\nHeard.\n-----\n--------\n";
    return text;
}

Result<ImportReport> import_text(StoreWorld& world, Store& store, std::string text, importers::ImportMap const& map = {})
{
    bool given = false;
    NextPiece const next = [&]() -> Result<std::string> { return std::exchange(given, true) ? std::string() : text; };
    return import_movable_type(store, world.pool, world.clock, world.site, map, std::nullopt, next, [](ImportReport const&) { });
}

std::string read_whole(std::string const& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

}  // namespace

TEST_CASE("an archive comes in with its ids, old addresses, comments, pings and mentions", "[store][import]")
{
    StoreWorld world;
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, archive(world)));
    CHECK(counts.entries_added == 2);
    CHECK(counts.pings_added == 3);
    CHECK(counts.mentions_added == 2);
    CHECK(counts.pings_folded == 1);
    CHECK(counts.comments_added == 2);
    CHECK(counts.remarks.empty());
    CHECK(world.store().trackback_owner(world.site.id, 9352).value() == EntryId(301));
    CHECK(world.store().address_owner(world.site.id, "mt/archives/000301.html").value()->path == "2007/03/the-harbour/");
    CHECK(world.store().comments(EntryId(301)).value().size() == 2);
    auto const mentions = world.mentions_of(EntryId(301));
    REQUIRE(mentions.size() == 2);
    CHECK(mentions[0].state == MentionState::Published);
    CHECK(mentions[0].origins == std::vector<Origin>{Origin::Imported});
    CHECK(mentions[0].verified == std::nullopt);
    CHECK(mentions[0].mention.listing().title == "First");
    CHECK(world.store().due_pings(world.clock.now(), 10).value().empty());
    CHECK(world.entry("Next").id == EntryId(9354));
}

TEST_CASE("an archive that comes in twice changes nothing the second time", "[store][import]")
{
    StoreWorld world;
    world.done(world.store().import_batch(world.site.id, archive(world)));
    world.changes.taken();
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, archive(world)));
    CHECK(counts.entries_known == 2);
    CHECK(counts.entries_added == 0);
    CHECK(counts.pings_known == 3);
    CHECK(counts.pings_added == 0);
    CHECK(counts.pings_folded == 0);
    CHECK(counts.mentions_added == 0);
    CHECK(counts.comments_known == 2);
    CHECK(counts.comments_added == 0);
    CHECK(counts.remarks.empty());
    CHECK(world.changes.taken().empty());
    CHECK(world.store().pings(PingQuery()).value().size() == 3);
}

TEST_CASE("an import cut off in the middle is completed by the next one", "[store][import]")
{
    StoreWorld world;
    std::vector<ImportedEntry> first = archive(world);
    first.erase(first.begin() + 1, first.end());
    first[0].pings.erase(first[0].pings.begin() + 1, first[0].pings.end());
    first[0].comments.pop_back();
    world.done(world.store().import_batch(world.site.id, std::move(first)));
    world.reopen();
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, archive(world)));
    CHECK(counts.entries_known == 1);
    CHECK(counts.entries_added == 1);
    CHECK(counts.pings_known == 1);
    CHECK(counts.pings_added == 2);
    CHECK(counts.comments_added == 1);
    CHECK(world.mentions_of(EntryId(301)).size() == 2);
}

TEST_CASE("an id of another entry is mended with a remark", "[store][import]")
{
    StoreWorld world;
    WantedIds wanted;
    wanted.id = EntryId(301);
    world.add(world.draft("Here first"), wanted);
    std::vector<ImportedEntry> batch = archive(world);
    batch[0].trackback_id = 302;
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, std::move(batch)));
    CHECK(counts.entries_added == 2);
    REQUIRE(counts.remarks.size() == 1);
    CHECK_FALSE(counts.remarks[0].left_out);
    CHECK(counts.remarks[0].text.find("Here first") != std::string::npos);
    auto const owner = world.store().trackback_owner(world.site.id, 302).value();
    REQUIRE(owner);
    CHECK(world.store().entry(*owner).value()->title == "The harbour");
    CHECK(world.store().entry(EntryId(301)).value()->title == "Here first");
}

TEST_CASE("a TrackBack id of another entry is mended, and the entry keeps its own id", "[store][import]")
{
    StoreWorld world;
    WantedIds wanted;
    wanted.id = EntryId(5);
    wanted.trackback_id = 9352;
    world.add(world.draft("Here first"), wanted);
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, archive(world)));
    CHECK(counts.entries_added == 2);
    REQUIRE(counts.remarks.size() == 1);
    CHECK(world.store().trackback_owner(world.site.id, 9352).value() == EntryId(5));
    REQUIRE(world.store().entry(EntryId(301)).value());
    CHECK(world.store().entry(EntryId(301)).value()->title == "The harbour");
}

TEST_CASE("an old address of another entry is left out with a remark", "[store][import]")
{
    StoreWorld world;
    world.entry("The port");
    std::vector<ImportedEntry> batch = archive(world);
    batch[0].old_paths.emplace_back("2007/03/the-port");
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, std::move(batch)));
    REQUIRE(counts.remarks.size() == 1);
    CHECK(counts.remarks[0].left_out);
    CHECK(world.store().address_owner(world.site.id, "2007/03/the-port").value()->entry == EntryId(1));
    CHECK(world.store().address_owner(world.site.id, "mt/archives/000301.html").value()->entry == EntryId(301));
}

TEST_CASE("comments and pings of NO ENTRY go to the entry of that time, or are left out with a remark", "[store][import]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    std::vector<ImportedEntry> batch;
    for (std::string_view const time : {"2007-03-08T10:00:00Z", "2001-01-01T10:00:00Z"}) {
        ImportedEntry more = record(world, std::string(time));
        more.attach_only = true;
        more.draft.published = instant_of(time);
        more.comments = {comment("Late, but here.")};
        more.pings.push_back(archived_ping(world, "http://a.example/late", "Late"));
        batch.push_back(std::move(more));
    }
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, std::move(batch)));
    CHECK(counts.entries_added == 0);
    CHECK(counts.comments_added == 1);
    CHECK(counts.pings_added == 1);
    REQUIRE(counts.remarks.size() == 1);
    CHECK(counts.remarks[0].left_out);
    CHECK(world.store().comments(entry.id).value().size() == 1);
    CHECK(world.mentions_of(entry.id).size() == 1);
}

TEST_CASE("an archived ping of a source that is known joins its mention and leaves what its page said", "[store][import]")
{
    StoreWorld world;
    world.done(world.store().import_batch(world.site.id, [&] {
        std::vector<ImportedEntry> batch = archive(world);
        batch[0].pings.clear();
        return batch;
    }()));
    MentionId const mention = world.listed(EntryId(301), {"http://a.example/1"}, "What the page says");
    std::vector<ImportedEntry> batch = archive(world);
    for (ImportedPing& ping : batch[0].pings)
        ping.claim.received = instant_of("2006-01-01T00:00:00Z");
    ImportCounts const counts = world.done(world.store().import_batch(world.site.id, std::move(batch)));
    CHECK(counts.pings_added == 3);
    CHECK(counts.pings_folded == 2);
    CHECK(counts.mentions_added == 1);
    StoredMention const stored = world.store().mention(mention).value().value();
    CHECK(stored.mention.listing().title == "What the page says");
    CHECK(stored.origins == std::vector<Origin>{Origin::Trackback, Origin::Imported});
    CHECK(stored.received == instant_of("2006-01-01T00:00:00Z"));
}

TEST_CASE("an imported mention is never removed by a check, and is renewed by one that succeeds", "[store][import]")
{
    StoreWorld world;
    world.done(world.store().import_batch(world.site.id, archive(world)));
    MentionId const mention = world.mentions_of(EntryId(301))[0].id;
    world.done(world.store().recheck_mentions({mention}));
    auto due = world.store().due_pings(world.clock.now(), 10).value();
    REQUIRE(due.size() == 1);
    world.done(world.store().finish_ping(due[0].id, PingRefused{"the source does not link to the entry", true}));
    CHECK(world.store().mention(mention).value()->state == MentionState::Published);
    CHECK(world.store().ping(due[0].id).value()->state == PingState::Verified);

    PingId const live = world.ping(EntryId(301), "http://a.example/1");
    world.done(world.store().finish_ping(live, PingRefused{"gone", true}));
    CHECK(world.store().mention(mention).value()->state == MentionState::Published);
    CHECK(world.store().ping(live).value()->state == PingState::Refused);

    CHECK(world.listed(EntryId(301), {"http://a.example/1"}, "The page's own title") == mention);
    CHECK(world.store().mention(mention).value()->mention.listing().title == "The page's own title");
    CHECK(world.store().mention(mention).value()->verified == world.clock.now());
}

TEST_CASE("a Movable Type export comes in over several batches and completes after a stop between them", "[store][import]")
{
    StoreWorld world;
    std::string const text = export_of(600);
    bool given = false;
    NextPiece const stops = [&]() -> Result<std::string> {
        if (std::exchange(given, true))
            return failure(ErrorCode::Unavailable, "the disk was pulled out");
        return text.substr(0, text.size() / 2 + 100);
    };
    auto const stopped =
        import_movable_type(world.store(), world.pool, world.clock, world.site, {}, std::nullopt, stops, [](ImportReport const&) { });
    REQUIRE_FALSE(stopped);
    auto const here = world.store().count_entries(EntryQuery(world.site.id)).value();
    CHECK(here > 0);
    CHECK(here < 600);

    ImportReport const report = import_text(world, world.store(), text).value();
    CHECK(report.records == 600);
    CHECK(report.counts.entries_known == here);
    CHECK(report.counts.entries_known + report.counts.entries_added == 600);
    CHECK(report.counts.pings_known + report.counts.pings_added == 600);
    CHECK(report.remarks.empty());
    CHECK(world.store().count_entries(EntryQuery(world.site.id)).value() == 600);

    ImportReport const again = import_text(world, world.store(), text).value();
    CHECK(again.counts.entries_added == 0);
    CHECK(again.counts.pings_added == 0);
    CHECK(again.counts.entries_known == 600);
}

TEST_CASE("a dry run reports what an import would bring and leaves the store as it is", "[store][import]")
{
    StoreWorld world;
    {
        auto const copy = world.store().scratch_copy().value();
        CHECK(import_text(world, *copy, export_of(5)).value().counts.entries_added == 5);
    }
    CHECK(world.store().count_entries(EntryQuery(world.site.id)).value() == 0);
}

TEST_CASE("ids that a map gives to a later record are not taken by one before it", "[store][import]")
{
    StoreWorld world;
    auto const map = importers::ImportMap::parse("key,entry_id,trackback_id,permalink\nentry_3,2,7,/archives/000002.html\n").value();
    ImportReport const report = import_text(world, world.store(), export_of(9), map).value();
    CHECK(report.counts.entries_added == 9);
    CHECK(report.remarks.empty());
    auto const second = world.store().entry(EntryId(2)).value();
    REQUIRE(second);
    CHECK(second->title == "Entry 3");
    CHECK(world.store().trackback_owner(world.site.id, 7).value() == EntryId(2));
    CHECK(world.store().address_owner(world.site.id, "archives/000002.html").value()->entry == EntryId(2));
}

TEST_CASE("the saved page of 2007 comes in as one entry with five pings and four mentions", "[store][import]")
{
    std::string const folder = SHARED_FIXTURES "/saved-page";
    if (!std::filesystem::exists(folder)) {
        WARN("skipped: the shared fixtures are not here");
        return;
    }
    StoreWorld world("http://quarters.test/");
    auto const map = importers::ImportMap::parse(read_whole(folder + "/map.csv")).value();
    ImportReport const report = import_text(world, world.store(), read_whole(folder + "/export.txt"), map).value();
    CHECK(report.counts.entries_added == 1);
    CHECK(report.counts.pings_added == 5);
    CHECK(report.counts.mentions_added == 4);
    CHECK(report.counts.pings_folded == 1);
    CHECK(report.left_out == 0);
    CHECK(world.store().trackback_owner(world.site.id, 9352).value() == EntryId(9301));
    auto const owner = world.store().address_owner(world.site.id, "mt/archives/009301.php").value();
    REQUIRE(owner);
    CHECK(owner->entry == EntryId(9301));
    CHECK(world.mentions_of(EntryId(9301)).size() == 4);
}
