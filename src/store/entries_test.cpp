#include <catch2/catch.hpp>

#include "app/addresses.h"
#include "app/change_keys.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

WantedIds wanting(std::optional<std::int64_t> id, std::optional<std::int64_t> trackback_id)
{
    WantedIds wanted;
    if (id)
        wanted.id = EntryId(*id);
    wanted.trackback_id = trackback_id;
    return wanted;
}

std::set<std::string> set_of(std::vector<std::string> keys) { return std::set<std::string>(keys.begin(), keys.end()); }

}  // namespace

TEST_CASE("a new id lies above every entry id and every TrackBack id", "[store]")
{
    StoreWorld world;
    CHECK(world.entry("First").id == EntryId(1));
    world.add(world.draft("Old one"), wanting(301, 9352));
    Entry const next = world.entry("Next");
    CHECK(next.id == EntryId(9353));
    CHECK(next.trackback_id == 9353);
    CHECK(world.store().trackback_owner(world.site.id, 9352).value() == EntryId(301));
    CHECK(world.store().trackback_owner(world.site.id, 301).value() == std::nullopt);
}

TEST_CASE("an id stays taken after its entry was deleted", "[store]")
{
    StoreWorld world;
    Entry const first = world.entry("First");
    world.done(world.store().set_entry_status(first.id, EntryStatus::Deleted));
    CHECK(world.entry("Second").id == EntryId(2));
}

TEST_CASE("an id or TrackBack id of another entry is a conflict, and nothing of the entry stays", "[store]")
{
    StoreWorld world;
    world.add(world.draft("Old one"), wanting(301, 9352));
    for (WantedIds const& wanted : {wanting(301, std::nullopt), wanting(5, 9352), wanting(9352, std::nullopt)}) {
        auto const added = world.run(world.store().add_entry(world.site.id, world.draft("Second"), wanted));
        REQUIRE_FALSE(added);
        CHECK(added.error().code == ErrorCode::Conflict);
    }
    CHECK(world.store().count_entries(EntryQuery(world.site.id)).value() == 1);
    CHECK(world.store().address_owner(world.site.id, "2007/03/second").value() == std::nullopt);
}

TEST_CASE("entries with one slug in one month get addresses with -2 and -3", "[store]")
{
    StoreWorld world;
    CHECK(world.entry("The harbour").path == "2007/03/the-harbour/");
    CHECK(world.entry("The harbour").path == "2007/03/the-harbour-2/");
    Entry const third = world.entry("The harbour");
    CHECK(third.path == "2007/03/the-harbour-3/");
    CHECK(third.slug == "the-harbour-3");
    CHECK(world.entry("The harbour", "2007-04-01T00:00:00Z").path == "2007/04/the-harbour/");
}

TEST_CASE("a wanted address that leads to another entry is a conflict", "[store]")
{
    StoreWorld world;
    WantedIds wanted;
    wanted.path = "about/";
    CHECK(world.add(world.draft("About"), wanted).path == "about/");
    auto const second = world.run(world.store().add_entry(world.site.id, world.draft("About us"), wanted));
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::Conflict);
}

TEST_CASE("a new entry never takes an address that another entry once had", "[store]")
{
    StoreWorld world;
    Entry const first = world.entry("The harbour");
    EntryDraft moved = first;
    moved.slug = "the-port";
    world.done(world.store().change_entry(first.id, moved, ""));
    CHECK(world.entry("The harbour").path == "2007/03/the-harbour-2/");
}

TEST_CASE("an entry keeps its address when it is edited, and its old ones when it gets another", "[store]")
{
    StoreWorld world;
    Entry const first = world.entry("The harbour");
    EntryDraft edited = first;
    edited.title = "Quite another title";
    edited.published = instant_of("2007-05-01T00:00:00Z");
    CHECK(world.done(world.store().change_entry(first.id, edited, "")).path == "2007/03/the-harbour/");

    edited.slug = "the-port";
    CHECK(world.done(world.store().change_entry(first.id, edited, "")).path == "2007/05/the-port/");
    CHECK(world.done(world.store().change_entry(first.id, edited, "port/")).path == "port/");
    CHECK(set_of(world.store().addresses(first.id).value()) == std::set<std::string>{"2007/03/the-harbour", "2007/05/the-port", "port"});
    auto const owner = world.store().address_owner(world.site.id, "2007/03/the-harbour").value();
    REQUIRE(owner);
    CHECK(owner->entry == first.id);
    CHECK(owner->path == "port/");
}

TEST_CASE("an entry may go back to an address that it had before", "[store]")
{
    StoreWorld world;
    Entry const first = world.entry("The harbour");
    EntryDraft edited = first;
    edited.slug = "the-port";
    world.done(world.store().change_entry(first.id, edited, ""));
    edited.slug = "the-harbour";
    CHECK(world.done(world.store().change_entry(first.id, edited, "")).path == "2007/03/the-harbour/");
}

TEST_CASE("an entry comes back from the store as it was put there", "[store]")
{
    StoreWorld world;
    EntryDraft draft = world.draft("The harbour at night");
    draft.status = EntryStatus::Unlisted;
    draft.author = "Vera Lind";
    draft.offset = std::chrono::minutes(-300);
    draft.format = TextFormat::ConvertBreaks;
    draft.text_filter = "__default__";
    draft.extended_body = "More.";
    draft.excerpt = "Boats.";
    draft.keywords = "boats, night";
    draft.takes_pings = false;
    draft.takes_comments = true;
    draft.categories = {Label("Harbour", "harbour"), Label("At Night", "at-night")};
    draft.tags = {Label("boats", "boats")};
    draft.trackbacks = {"http://a.example/trackback/1", "http://b.example/2"};
    draft.in_reply_to = "http://a.example/1";
    draft.title = std::string("NUL\0 and \xC3\xA9t\xC3\xA9", 13);
    Entry const added = world.add(draft);
    world.reopen();
    Entry const read = world.store().entry(added.id).value().value();
    CHECK(read.status == draft.status);
    CHECK(read.title == draft.title);
    CHECK(read.author == draft.author);
    CHECK(read.published == draft.published);
    CHECK(read.offset == draft.offset);
    CHECK(read.format == draft.format);
    CHECK(read.text_filter == draft.text_filter);
    CHECK(read.body == draft.body);
    CHECK(read.extended_body == draft.extended_body);
    CHECK(read.excerpt == draft.excerpt);
    CHECK(read.keywords == draft.keywords);
    CHECK(read.takes_pings == draft.takes_pings);
    CHECK(read.takes_comments == draft.takes_comments);
    CHECK(read.categories == draft.categories);
    CHECK(read.tags == draft.tags);
    CHECK(read.trackbacks == draft.trackbacks);
    CHECK(read.in_reply_to == draft.in_reply_to);
    CHECK(read.path == added.path);
    CHECK(read.updated == world.clock.now());
}

TEST_CASE("a new entry changes its own pages, its lists and its neighbours, and nothing else", "[store]")
{
    StoreWorld world;
    SiteId const site = world.site.id;
    Entry const far = world.entry("Far", "2007-01-01T10:00:00Z");
    Entry const older = world.entry("Older", "2007-03-01T10:00:00Z");
    Entry const newer = world.entry("Newer", "2007-03-20T10:00:00Z");
    world.changes.taken();
    EntryDraft draft = world.draft("Between", "2007-03-08T23:30:00Z");
    draft.offset = std::chrono::minutes(60);  // the 9th, where its author is
    draft.categories = {Label("Harbour", "harbour")};
    draft.tags = {Label("boats", "boats")};
    Entry const entry = world.add(draft);
    CHECK(world.changes.taken() ==
        std::set<std::string>{key_of_entry(entry.id), key_of_list(site), key_of_neighbours(entry.id), key_of_neighbours(older.id),
            key_of_neighbours(newer.id), key_of_category(site, "harbour"), key_of_tag(site, "boats"), key_of_date(site, "2007"),
            key_of_date(site, "200703"), key_of_date(site, "20070309")});
}

TEST_CASE("an entry that moves to another date and category changes the lists it leaves and those it comes to", "[store]")
{
    StoreWorld world;
    SiteId const site = world.site.id;
    Entry const before = world.entry("Before", "2007-02-01T10:00:00Z");
    EntryDraft draft = world.draft("Moves", "2007-03-01T10:00:00Z");
    draft.categories = {Label("Harbour", "harbour")};
    Entry const moves = world.add(draft);
    Entry const after = world.entry("After", "2007-04-01T10:00:00Z");
    Entry const last = world.entry("Last", "2007-06-01T10:00:00Z");
    world.changes.taken();
    draft = moves;
    draft.published = instant_of("2007-05-02T10:00:00Z");
    draft.categories = {Label("Night", "night")};
    world.done(world.store().change_entry(moves.id, draft, ""));
    CHECK(world.changes.taken() ==
        std::set<std::string>{key_of_entry(moves.id), key_of_list(site), key_of_neighbours(moves.id), key_of_neighbours(before.id),
            key_of_neighbours(after.id), key_of_neighbours(last.id), key_of_category(site, "harbour"), key_of_category(site, "night"),
            key_of_date(site, "2007"), key_of_date(site, "200703"), key_of_date(site, "200705"), key_of_date(site, "20070301"),
            key_of_date(site, "20070502")});
}

TEST_CASE("a deleted entry leaves its neighbours beside each other", "[store]")
{
    StoreWorld world;
    Entry const older = world.entry("Older", "2007-03-01T10:00:00Z");
    Entry const middle = world.entry("Middle", "2007-03-02T10:00:00Z");
    Entry const newer = world.entry("Newer", "2007-03-03T10:00:00Z");
    CHECK(world.store().neighbours(older).value().newer->title == "Middle");
    world.changes.taken();
    world.done(world.store().set_entry_status(middle.id, EntryStatus::Deleted));
    auto const changed = world.changes.taken();
    CHECK(changed.contains(key_of_neighbours(older.id)));
    CHECK(changed.contains(key_of_neighbours(newer.id)));
    CHECK(changed.contains(key_of_entry(middle.id)));
    CHECK(world.store().neighbours(older).value().newer->title == "Newer");
    CHECK(world.store().neighbours(newer).value().older->title == "Older");
    CHECK_FALSE(world.store().neighbours(newer).value().newer);
}

TEST_CASE("entries of the same second have a definite order", "[store]")
{
    StoreWorld world;
    Entry const one = world.entry("One");
    Entry const two = world.entry("Two");
    CHECK(world.store().neighbours(one).value().newer->title == "Two");
    CHECK(world.store().neighbours(two).value().older->title == "One");
    auto const listed = world.store().entries(EntryQuery(world.site.id)).value();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].id == two.id);
    CHECK(world.store().entry_links(world.site.id, 10, 0).value()[0].title == "One");
}

TEST_CASE("entries are listed by status, category, tag and the author's date, newest first", "[store]")
{
    StoreWorld world;
    EntryDraft draft = world.draft("Night", "2007-03-08T23:30:00Z");
    draft.offset = std::chrono::minutes(60);
    draft.categories = {Label("Harbour", "harbour")};
    draft.tags = {Label("boats", "boats")};
    world.add(draft);
    world.entry("Day", "2007-03-08T09:00:00Z");
    draft = world.draft("Hidden");
    draft.status = EntryStatus::Draft;
    draft.categories = {Label("Harbour", "harbour")};
    world.add(draft);

    auto const titles = [&](EntryQuery const& query) {
        std::string all;
        auto const found = world.store().entries(query).value();
        for (Entry const& entry : found)
            all += entry.title + ";";
        CHECK(world.store().count_entries(query).value() == static_cast<std::int64_t>(std::count(all.begin(), all.end(), ';')));
        return all;
    };
    EntryQuery query(world.site.id);
    CHECK(titles(query) == "Night;Day;");
    query.day_first = query.day_last = 20070309;
    CHECK(titles(query) == "Night;");
    query.day_first = query.day_last = 20070308;
    CHECK(titles(query) == "Day;");
    query = EntryQuery(world.site.id);
    query.category = "harbour";
    CHECK(titles(query) == "Night;");
    query.statuses.clear();
    CHECK(titles(query) == "Night;Hidden;");
    query.tag = "boats";
    CHECK(titles(query) == "Night;");
    CHECK(titles(EntryQuery(SiteId(77))).empty());
    auto const months = world.store().months(world.site.id).value();
    REQUIRE(months.size() == 1);
    CHECK(months[0].entries == 2);
    auto const categories = world.store().categories(world.site.id).value();
    REQUIRE(categories.size() == 1);
    CHECK(categories[0].entries == 1);
}

TEST_CASE("an entry whose time has come is due, and keeps its time when it is published", "[store]")
{
    StoreWorld world;
    EntryDraft draft = world.draft("Later", "2007-03-08T13:00:00Z");
    draft.status = EntryStatus::Scheduled;
    Entry const later = world.add(draft);
    CHECK(world.store().due_entries(world.clock.now()).value().empty());
    world.clock.advance(std::chrono::hours(2));
    CHECK(world.store().due_entries(world.clock.now()).value() == std::vector<EntryId>{later.id});
    CHECK(world.done(world.store().set_entry_status(later.id, EntryStatus::Published)).published == draft.published);
    CHECK(world.store().due_entries(world.clock.now()).value().empty());
}

TEST_CASE("a scheduled entry that is published early appears with the time of its publishing", "[store]")
{
    StoreWorld world;
    EntryDraft draft = world.draft("Later", "2007-04-01T13:00:00Z");
    draft.status = EntryStatus::Scheduled;
    Entry const later = world.add(draft);
    CHECK(world.done(world.store().set_entry_status(later.id, EntryStatus::Published)).published == world.clock.now());
}

TEST_CASE("a site takes its entries, addresses, pings and mentions along", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    world.listed(entry.id, {"http://a.example/1"});
    world.done(world.store().queue_sent(entry.id, {url_of("http://b.example/")}, SentVersion("v1", "")));
    world.done(world.store().remove_site(world.site.id));
    CHECK(world.store().sites().value().empty());
    CHECK(world.store().entry(entry.id).value() == std::nullopt);
    CHECK(world.store().pings(PingQuery()).value().empty());
    CHECK(world.store().mentions(MentionQuery()).value().empty());
    CHECK(world.store().sent_of(std::nullopt).value().empty());
    CHECK(world.store().address_owner(world.site.id, "2007/03/the-harbour").value() == std::nullopt);
}

TEST_CASE("two sites have no base URL in common", "[store]")
{
    StoreWorld world;
    auto const second = world.run(world.store().add_site(Site(SiteId(0), SiteBase(url_of("http://quarters.example/")))));
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::Conflict);
}
