#include <catch2/catch.hpp>

#include "web/admin_entry_form.h"

using namespace backtalk;
using namespace backtalk::web;

namespace {

Instant instant_of(std::string_view text) { return parse_rfc3339(text).value().instant; }

/// Somebody writes in Berlin, at noon by their clock.
struct Desk {
    Site site{SiteId(1), SiteBase(Url::parse("http://quarters.example/").value())};
    std::optional<Entry> before;
    bool may_name_another = false;
    Instant now = instant_of("2007-03-08T11:00:00Z");
    EntryForm form;

    Desk()
    {
        site.time_zone = "Europe/Berlin";
        form.title = "The harbour";
        form.body = "Words.";
    }
    ReadEntryForm read(EntryWish wish = EntryWish::Publish) const
    {
        EntryFormContext const context{site, before ? &*before : nullptr, "ada", may_name_another, now};
        return read_entry_form(form, context, wish);
    }
    std::vector<std::string> troubled() const
    {
        std::vector<std::string> fields;
        for (FormProblem const& problem : read().problems)
            fields.emplace_back(problem.field);
        return fields;
    }
    /// As the store would have kept it, and the form that opens it again.
    void keep(EntryWish wish)
    {
        Entry entry;
        static_cast<EntryDraft&>(entry) = read(wish).draft;
        entry.id = EntryId(7);
        entry.site = site.id;
        entry.updated = now;
        entry.path = expected_path(site, entry);
        before = entry;
        form = EntryForm::of(entry);
    }
};

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("an entry without a date bears that of its publication, by the site's clock", "[desk]")
{
    Desk desk;
    EntryDraft const draft = desk.read().draft;
    CHECK(draft.status == EntryStatus::Published);
    CHECK(rfc3339(draft.published, draft.offset) == "2007-03-08T12:00:00+01:00");
    CHECK(draft.slug == "the-harbour");
    CHECK(draft.author == "ada");
}

TEST_CASE("a draft that was given no date has none until it is published", "[desk]")
{
    Desk desk;
    desk.keep(EntryWish::Draft);
    CHECK(desk.form.date.empty());
    desk.now = instant_of("2007-05-01T10:00:00Z");
    ReadEntryForm const read = desk.read();
    CHECK(read.draft.published == desk.now);
    CHECK(read.path == "2007/05/the-harbour/");
}

TEST_CASE("a draft keeps the date that it was given", "[desk]")
{
    Desk desk;
    desk.form.date = "2001-02-03T04:05";
    desk.keep(EntryWish::Draft);
    CHECK(desk.form.date == "2001-02-03T04:05");
    ReadEntryForm const read = desk.read();
    CHECK(rfc3339(read.draft.published, read.draft.offset) == "2001-02-03T04:05:00+01:00");
    CHECK(read.path == desk.before->path);
}

TEST_CASE("with a date to come an entry is scheduled, unless it shall appear now", "[desk]")
{
    Desk desk;
    desk.form.date = "2007-03-08T12:01";
    CHECK(desk.read().draft.status == EntryStatus::Scheduled);
    CHECK(desk.read(EntryWish::Draft).draft.status == EntryStatus::Draft);
    EntryDraft const now = desk.read(EntryWish::PublishNow).draft;
    CHECK(now.status == EntryStatus::Published);
    CHECK(now.published == desk.now);
    desk.form.date = "2007-03-08T11:59";
    CHECK(desk.read().draft.status == EntryStatus::Published);
}

TEST_CASE("an unlisted entry cannot wait for a date", "[desk]")
{
    Desk desk;
    desk.form.is_unlisted = true;
    CHECK(desk.read().draft.status == EntryStatus::Unlisted);
    desk.form.date = "2030-01-01T00:00";
    CHECK(desk.troubled() == Fields{"date"});
}

TEST_CASE("a form that was opened and sent as it is changes nothing", "[desk]")
{
    Desk desk;
    Entry entry;
    entry.id = EntryId(7);
    entry.title = "A title";
    entry.slug = "odd_Slug";
    entry.path = "archives/000007.html";
    entry.author = "Ida Marsh";
    entry.published = instant_of("2004-01-02T03:04:05Z");
    entry.offset = std::chrono::minutes(-300);
    entry.updated = instant_of("2004-01-02T03:04:05Z");
    entry.format = TextFormat::ConvertBreaks;
    entry.body = "\n\nA text\nwith lines\n";
    entry.extended_body = "More.";
    entry.excerpt = "An excerpt.";
    entry.keywords = "kept";
    entry.takes_comments = true;
    entry.categories = {Label("Bread, and more", "bread"), Label("Walks", "walks")};
    entry.tags = {Label("night", "night")};
    entry.trackbacks = {"http://friend.example/tb/1"};
    entry.in_reply_to = "http://friend.example/post";
    desk.before = entry;
    desk.form = EntryForm::of(entry);
    ReadEntryForm const read = desk.read();
    CHECK(read.problems.empty());
    CHECK(read.path.empty());
    CHECK(version_of(read.draft) == version_of(entry));
}

TEST_CASE("a slug made from the title goes with the title until somebody can have seen it", "[desk]")
{
    Desk desk;
    desk.keep(EntryWish::Draft);
    desk.form.title = "The port";
    CHECK(desk.read().draft.slug == "the-port");
    desk.before->status = EntryStatus::Published;
    CHECK(desk.read().draft.slug == "the-harbour");
    desk.form.slug = "Under Way";
    CHECK(desk.read().draft.slug == "under-way");
    desk.form.slug = " ";
    CHECK(desk.read().draft.slug == "the-port");
}

TEST_CASE("what cannot be is said at its field", "[desk]")
{
    Desk desk;
    desk.form.date = "yesterday";
    CHECK(desk.troubled() == Fields{"date"});
    desk.form.date = "2007-02-30T10:00";
    CHECK(desk.troubled() == Fields{"date"});
    desk.form.date = "";
    desk.form.trackbacks = "http://a.example/tb\n\njavascript:alert(1)\nnowhere";
    desk.form.in_reply_to = "friend.example";
    desk.form.format = "word";
    desk.form.title = " ";
    desk.form.body = "\n ";
    CHECK(desk.troubled() == Fields{"format", "title", "trackbacks", "trackbacks", "in_reply_to"});
}

TEST_CASE("only who may name another author is asked whose name an entry bears", "[desk]")
{
    Desk desk;
    desk.form.author = "Bo";
    CHECK(desk.read().draft.author == "ada");
    desk.may_name_another = true;
    CHECK(desk.read().draft.author == "Bo");
    desk.form.author = "";
    CHECK(desk.read().draft.author == "ada");
    desk.keep(EntryWish::Publish);
    desk.before->author = "Somebody";
    desk.may_name_another = false;
    CHECK(desk.read().draft.author == "Somebody");
}

TEST_CASE("names between commas become categories, each once", "[desk]")
{
    Desk desk;
    desk.form.categories = " Walks,, walks , Things kept ";
    auto const categories = desk.read().draft.categories;
    REQUIRE(categories.size() == 2);
    CHECK(categories[0].name == "Walks");
    CHECK(categories[1].slug == "things-kept");
}

TEST_CASE("the fields of a form are read with line feeds alone, and a box that is not ticked is no", "[desk]")
{
    AdminVisit visit(http::Request(), AdminPlace(), "entries/new", accounts::SecretToken::random());
    visit.form = {{"title", "T"}, {"body", "one\r\ntwo\rthree\n"}, {"unlisted", "yes"}};
    EntryForm const form = EntryForm::typed(visit);
    CHECK(form.body == "one\ntwo\nthree\n");
    CHECK(form.is_unlisted);
    CHECK_FALSE(form.takes_pings);
    CHECK(form.format == "markdown");
}
