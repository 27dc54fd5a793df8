#include <catch2/catch.hpp>

#include "store/store_test_world.h"

using namespace backtalk;

namespace {

std::vector<std::string> titles(StoreWorld& world, DeskEntryQuery const& query)
{
    std::vector<std::string> found;
    auto const rows = world.store().desk_entries(query).value();
    for (DeskEntry const& entry : rows)
        found.push_back(entry.title);
    return found;
}

DeskEntryQuery published(StoreWorld const& world)
{
    DeskEntryQuery query(world.site.id);
    query.statuses = {EntryStatus::Published};
    return query;
}

using Titles = std::vector<std::string>;

/// One entry that told three targets, with three outcomes.
struct SentWorld : StoreWorld {
    SentWorld()
    {
        EntryDraft of_bo = draft("By Bo");
        of_bo.author = "Bo";
        bo = add(of_bo);
        for (EntryId const id : {harbour.id, bo.id})
            done(store().queue_sent(
                id, {url_of("http://a.example/" + std::to_string(id.value)), url_of("http://b.example/")}, SentVersion("one", "")));
        SentOutcome refused;
        refused.state = SentState::Refused;
        refused.protocol = "trackback";
        refused.message = "no";
        done(store().finish_sent(store().sent_of(harbour.id).value().at(0).id, refused));
    }
    Entry harbour = entry("The harbour");
    Entry bo;
};

}  // namespace

TEST_CASE("the desk lists entries by status, words of the title and author, newest first", "[store]")
{
    StoreWorld world;
    EntryDraft old = world.draft("The harbour at 100% of night", "2007-01-01T10:00:00Z");
    old.author = "Ada";
    world.add(old);
    EntryDraft draft = world.draft("A draft");
    draft.status = EntryStatus::Draft;
    world.add(draft);
    world.entry("The Night harbour");

    DeskEntryQuery query = published(world);
    CHECK(titles(world, query) == Titles{"The Night harbour", "The harbour at 100% of night"});
    query.words = {"night", "Harbour"};
    CHECK(titles(world, query).size() == 2);
    query.words = {"100%"};
    CHECK(titles(world, query) == Titles{"The harbour at 100% of night"});
    query.words = {"%"};
    CHECK(titles(world, query) == Titles{"The harbour at 100% of night"});
    query.words = {"_"};
    CHECK(titles(world, query).empty());
    query.words = {};
    query.author = "ada";
    CHECK(titles(world, query) == Titles{"The harbour at 100% of night"});
    query.author = {};
    query.statuses = {EntryStatus::Draft};
    CHECK(titles(world, query) == Titles{"A draft"});
    query = published(world);
    query.limit = 1;
    query.offset = 1;
    CHECK(titles(world, query) == Titles{"The harbour at 100% of night"});
}

TEST_CASE("the desk counts what is listed under an entry, and whom it could not tell", "[store]")
{
    SentWorld world;
    world.listed(world.harbour.id, {"http://friend.example/post"});
    world.ping(world.harbour.id, "http://friend.example/other");
    std::vector<DeskEntry> const entries = world.store().desk_entries(published(world)).value();
    REQUIRE(entries.size() == 2);
    DeskEntry const& harbour = entries.at(entries[0].id == world.harbour.id ? 0 : 1);
    CHECK(harbour.mentions == 1);
    CHECK(harbour.sent_failed == 1);
}

TEST_CASE("the desk lists what was sent by entry, state and author, the last change first", "[store]")
{
    SentWorld world;
    CHECK(world.store().desk_sent(DeskSentQuery()).value().size() == 4);
    DeskSentQuery query;
    query.entry = world.harbour.id;
    CHECK(world.store().desk_sent(query).value().size() == 2);
    query.state = SentState::Refused;
    std::vector<DeskSent> const refused = world.store().desk_sent(query).value();
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].entry_title == "The harbour");
    CHECK(refused[0].sent.last.message == "no");
    CHECK(refused[0].sent.last.protocol == "trackback");
    DeskSentQuery of_bo;
    of_bo.author = "bo";
    CHECK(world.store().desk_sent(of_bo).value().size() == 2);
    of_bo.limit = 1;
    of_bo.offset = 1;
    CHECK(world.store().desk_sent(of_bo).value().size() == 1);
}

TEST_CASE("an entry that somebody else has changed is not overwritten", "[store]")
{
    StoreWorld world;
    Entry const first = world.entry("The harbour");
    std::string const seen = version_of(first);
    EntryDraft theirs = first;
    theirs.body = "Theirs.";
    world.done(world.store().change_entry(first.id, theirs, "", seen));
    EntryDraft ours = first;
    ours.body = "Ours.";
    Result<Entry> const refused = world.run(world.store().change_entry(first.id, ours, "", seen));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Conflict);
    CHECK(world.store().entry(first.id).value()->body == "Theirs.");
    CHECK(world.done(world.store().change_entry(first.id, ours, "", version_of(theirs))).body == "Ours.");
}

TEST_CASE("every change that an author can make is another version of the entry", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    std::set<std::string> versions = {version_of(entry)};
    auto const changed = [&](auto change) {
        EntryDraft draft = entry;
        change(draft);
        versions.insert(version_of(draft));
    };
    changed([](EntryDraft& draft) { draft.title += "s"; });
    changed([](EntryDraft& draft) { draft.body += "s"; });
    changed([](EntryDraft& draft) { draft.extended_body += "s"; });
    changed([](EntryDraft& draft) { draft.excerpt += "s"; });
    changed([](EntryDraft& draft) { draft.slug += "s"; });
    changed([](EntryDraft& draft) { draft.author += "s"; });
    changed([](EntryDraft& draft) { draft.in_reply_to = "http://a.example/"; });
    changed([](EntryDraft& draft) { draft.trackbacks = {"http://a.example/"}; });
    changed([](EntryDraft& draft) { draft.categories.emplace_back("A", "a"); });
    changed([](EntryDraft& draft) { draft.tags.emplace_back("A", "a"); });
    changed([](EntryDraft& draft) { draft.takes_pings = false; });
    changed([](EntryDraft& draft) { draft.status = EntryStatus::Unlisted; });
    changed([](EntryDraft& draft) { draft.format = TextFormat::Html; });
    changed([](EntryDraft& draft) { draft.published += std::chrono::seconds(1); });
    CHECK(versions.size() == 15);
}
