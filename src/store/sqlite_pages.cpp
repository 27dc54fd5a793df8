#include <fmt/format.h>

#include "app/change_keys.h"
#include "store/rows.h"
#include "store/sqlite_store.h"
#include "weblog/path_key.h"

// The pages of external sites, and their feeds.
namespace backtalk::store {

namespace {

constexpr std::size_t pages_folded_at_once = 100;
constexpr char const* collector_key = "#unseen pages";
constexpr char const* collector_path = ".well-known/backtalk/unseen-pages";
constexpr std::int64_t news_tries_max = 5;

/// A path that resolves against the base as it was meant: "./" where it is empty, has a colon in front, or starts with a slash.
std::string resolvable(std::string path)
{
    auto const end = path.find_first_of("/?");
    bool const needs_dot = path.empty() || path.front() == '/' || path.substr(0, end).find(':') != std::string::npos;
    return needs_dot ? "./" + path : path;
}

Result<std::string> key_at(Site const& site, std::string const& path)
{
    std::optional<std::string> key = path_key(site.base, site.base.at(path));
    if (!key)
        return failure(ErrorCode::Refused, fmt::format("'{}' is not below {}", path, site.base.url().str()));
    return *std::move(key);
}

Result<std::optional<EntryId>> owner_of(Connection& db, SiteId site, std::string_view key)
{
    Query query = db.query("SELECT entry_id FROM address WHERE site_id = ? AND path_key = ?");
    query.bind(site.value).bind(key);
    std::optional<EntryId> owner;
    if (query.next())
        owner = EntryId(query.integer(0));
    TRY_DONE(query.finished());
    return owner;
}

Result<Site> site_with(Connection& db, SiteId id)
{
    TRY(std::optional<Site> site, find_site(db, id));
    if (!site)
        return failure(ErrorCode::NotFound, "the site was removed: see backtalk site list");
    return *std::move(site);
}

EntryDraft draft_of_page(EntryStatus status, Instant published)
{
    EntryDraft draft;
    draft.status = status;
    draft.published = published;
    return draft;
}

/// A deleted entry that keeps the pings of pages that were forgotten.
Result<EntryId> collector_of(Transaction& transaction, Site const& site)
{
    {
        Query query = transaction.db.query("SELECT id FROM entry WHERE site_id = ? AND import_key = ?");
        query.bind(site.id.value).bind(collector_key);
        std::optional<EntryId> found;
        if (query.next())
            found = EntryId(query.integer(0));
        TRY_DONE(query.finished());
        if (found)
            return *found;
    }
    EntryDraft draft = draft_of_page(EntryStatus::Deleted, transaction.now);
    draft.title = "Pages that nobody has found";
    WantedIds wanted;
    wanted.path = collector_path;
    TRY(Entry const entry, insert_entry(transaction, site, std::move(draft), wanted, collector_key));
    return entry.id;
}

/// Removes the entry of a page; its pings go to another. Its id is never given again: the collector takes it as its TrackBack id.
Result<void> remove_page(Transaction& transaction, Site const& site, EntryId page, EntryId heir)
{
    TRY(EntryId const collector, collector_of(transaction, site));
    Connection& db = transaction.db;
    TRY_DONE(db.query("UPDATE ping SET entry_id = ? WHERE entry_id = ?").bind(heir.value).bind(page.value).run());
    TRY_DONE(db.query("DELETE FROM entry WHERE id = ?").bind(page.value).run());
    TRY_DONE(db.query("UPDATE entry SET trackback_id = max(trackback_id, ?) WHERE id = ?").bind(page.value).bind(collector.value).run());
    transaction.changed.push_back(key_of_entry(page));
    return {};
}

Result<std::int64_t> count_unseen(Connection& db, SiteId site)
{
    Query query = db.query("SELECT count(*) FROM entry WHERE site_id = ? AND status = 'draft'");
    query.bind(site.value);
    std::int64_t const count = query.next() ? query.integer(0) : 0;
    TRY_DONE(query.finished());
    return count;
}

Result<void> make_room(Transaction& transaction, Site const& site)
{
    TRY(std::int64_t const unseen, count_unseen(transaction.db, site.id));
    if (unseen < static_cast<std::int64_t>(unseen_pages_max))
        return {};
    std::vector<EntryId> idle;
    {
        Query query = transaction.db.query("SELECT e.id FROM entry e WHERE e.site_id = ? AND e.status = 'draft' AND NOT EXISTS "
                                           "(SELECT 1 FROM ping p WHERE p.entry_id = e.id AND p.state = 'queued') ORDER BY e.id LIMIT ?");
        query.bind(site.id.value).bind(static_cast<std::int64_t>(pages_folded_at_once));
        while (query.next())
            idle.emplace_back(query.integer(0));
        TRY_DONE(query.finished());
    }
    if (idle.empty())
        return failure(ErrorCode::Busy,
            fmt::format("{} pages of {} wait to be looked for: no more are taken before", unseen_pages_max, site.base.url().str()));
    TRY(EntryId const collector, collector_of(transaction, site));
    for (EntryId const page : idle)
        TRY_DONE(remove_page(transaction, site, page, collector));
    return {};
}

/// Writes what was found of a page, if that is anything new.
Result<void> keep_page(Transaction& transaction, Entry before, EntryDraft const& found, std::string const& path)
{
    bool const same = before.status == found.status && before.title == found.title && before.excerpt == found.excerpt &&
        before.published == found.published && before.offset == found.offset && before.path == path;
    if (same)
        return {};
    TRY_DONE(note_list_change(transaction, before));
    CivilTime const local = civil_time(found.published, found.offset);
    Query update =
        transaction.db.query("UPDATE entry SET status = ?, title = ?, excerpt = ?, published = ?, utc_offset = ?, local_day = ?, "
                             "path = ?, updated = ? WHERE id = ?");
    update.bind(to_word(found.status)).bind(found.title).bind(found.excerpt).bind(seconds(found.published)).bind(found.offset.count());
    update.bind(std::int64_t{local.year} * 10000 + local.month * 100 + local.day).bind(path).bind(seconds(transaction.now));
    TRY_DONE(update.bind(before.id.value).run());
    static_cast<EntryDraft&>(before) = found;
    before.path = path;
    return note_list_change(transaction, before);
}

/// The entry of a page that a feed lists; it is published from now on.
Result<EntryId> listed_page(Transaction& transaction, Site const& site, FeedPage const& page)
{
    std::string const path = resolvable(page.path);
    TRY(std::string const key, key_at(site, path));
    TRY(std::optional<EntryId> const owner, owner_of(transaction.db, site.id, key));
    if (!owner) {
        EntryDraft draft = draft_of_page(EntryStatus::Published, page.published ? page.published->instant : transaction.now);
        draft.offset = page.published ? page.published->offset : std::chrono::minutes(0);
        draft.title = page.title;
        WantedIds wanted;
        wanted.path = path;
        TRY(Entry const entry, insert_entry(transaction, site, std::move(draft), wanted, ""));
        return entry.id;
    }
    TRY(std::optional<Entry> const entry, find_entry(transaction.db, *owner));
    if (!entry)
        return failure(ErrorCode::Internal, "the store has an address of no entry: run backtalk doctor");
    // What the page says of itself outranks the feed, once it was fetched.
    EntryDraft found = *entry;
    found.status = EntryStatus::Published;
    if (entry->title.empty())
        found.title = page.title;
    if (page.published && entry->status != EntryStatus::Published) {
        found.published = page.published->instant;
        found.offset = page.published->offset;
    }
    TRY_DONE(keep_page(transaction, *entry, found, entry->path));
    return *owner;
}

Result<void> write_feed_state(Connection& db, FeedState const& state)
{
    Query upsert = db.query("INSERT OR REPLACE INTO feed (site_id, url, readings, etag, last_modified, last_try, failures, note) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    upsert.bind(state.site.value).bind(state.url).bind(state.readings).bind(state.validators.etag).bind(state.validators.last_modified);
    return upsert.bind(seconds(state.last_try)).bind(std::int64_t(state.failures)).bind(state.note).run();
}

}  // namespace

Task<Result<EntryId>> SqliteStore::add_page(SiteId site_id, std::string path, Instant published)
{
    return database_->write<EntryId>([site_id, path = resolvable(std::move(path)), published](Transaction& transaction) -> Result<EntryId> {
        TRY(Site const site, site_with(transaction.db, site_id));
        TRY(std::string const key, key_at(site, path));
        TRY(std::optional<EntryId> const owner, owner_of(transaction.db, site_id, key));
        if (owner)
            return *owner;
        TRY_DONE(make_room(transaction, site));
        WantedIds wanted;
        wanted.path = path;
        TRY(Entry const entry, insert_entry(transaction, site, draft_of_page(EntryStatus::Draft, published), wanted, ""));
        return entry.id;
    });
}

Task<Result<EntryId>> SqliteStore::settle_page(EntryId id, EntryDraft found, std::string path)
{
    return database_->write<EntryId>(
        [id, found = std::move(found), path = resolvable(std::move(path))](Transaction& transaction) mutable -> Result<EntryId> {
            Connection& db = transaction.db;
            TRY(std::optional<Entry> entry, find_entry(db, id));
            if (!entry)
                return failure(ErrorCode::Unavailable, "the page has become another entry's meanwhile");
            TRY(Site const site, site_with(db, entry->site));
            TRY(std::string const key, key_at(site, path));
            TRY(std::optional<EntryId> const owner, owner_of(db, site.id, key));
            found.status = EntryStatus::Published;
            if (owner && *owner != id) {
                TRY(std::optional<Entry> other, find_entry(db, *owner));
                if (entry->status == EntryStatus::Draft) {
                    TRY_DONE(db.query("UPDATE address SET entry_id = ? WHERE entry_id = ?").bind(owner->value).bind(id.value).run());
                    TRY_DONE(remove_page(transaction, site, id, *owner));
                }
                if (!other)
                    return failure(ErrorCode::Internal, "the store has an address of no entry: run backtalk doctor");
                TRY_DONE(keep_page(transaction, *std::move(other), found, path));
                return *owner;
            }
            TRY_DONE(claim_address(transaction, site.id, id, key));
            TRY_DONE(keep_page(transaction, *std::move(entry), found, path));
            return id;
        });
}

Task<Result<void>> SqliteStore::note_feed_pages(SiteId site_id, std::vector<FeedPage> pages, std::int64_t reading, FeedNews news)
{
    return database_->write<void>([site_id, pages = std::move(pages), reading, news](Transaction& transaction) -> Result<void> {
        TRY(Site const site, site_with(transaction.db, site_id));
        for (FeedPage const& page : pages) {
            TRY(EntryId const entry, listed_page(transaction, site, page));
            Query upsert = transaction.db.query(
                "INSERT INTO feed_page (entry_id, site_id, version, seen, listed, tries_left) VALUES (?1, ?2, ?3, ?4, 1, ?5) "
                "ON CONFLICT (entry_id) DO UPDATE SET seen = ?4, listed = 1, version = ?3, "
                "tries_left = CASE WHEN version <> ?3 AND ?5 > 0 THEN ?5 ELSE tries_left END");
            upsert.bind(entry.value).bind(site_id.value).bind(page.version).bind(reading);
            TRY_DONE(upsert.bind(news == FeedNews::Tell ? news_tries_max : 0).run());
        }
        return {};
    });
}

Task<Result<void>> SqliteStore::finish_feed_reading(FeedState state, FeedNews news)
{
    return database_->write<void>([state = std::move(state), news](Transaction& transaction) -> Result<void> {
        TRY_DONE(site_with(transaction.db, state.site));
        Query vanished = transaction.db.query("UPDATE feed_page SET listed = 0, tries_left = CASE WHEN ?1 > 0 THEN ?1 ELSE tries_left END "
                                              "WHERE site_id = ?2 AND listed = 1 AND seen <> ?3");
        TRY_DONE(vanished.bind(news == FeedNews::Tell ? news_tries_max : 0).bind(state.site.value).bind(state.readings).run());
        return write_feed_state(transaction.db, state);
    });
}

Task<Result<void>> SqliteStore::keep_feed_state(FeedState state)
{
    return database_->write<void>([state = std::move(state)](Transaction& transaction) -> Result<void> {
        TRY_DONE(site_with(transaction.db, state.site));
        return write_feed_state(transaction.db, state);
    });
}

Result<std::vector<FeedState>> SqliteStore::feed_states()
{
    return database_->read([](Connection& db) -> Result<std::vector<FeedState>> {
        std::vector<FeedState> states;
        Query query = db.query("SELECT site_id, url, readings, etag, last_modified, last_try, failures, note FROM feed ORDER BY site_id");
        while (query.next()) {
            FeedState state(SiteId(query.integer(0)), query.string(1));
            state.readings = query.integer(2);
            state.validators = Validators{query.string(3), query.string(4)};
            state.last_try = instant(query.integer(5));
            state.failures = static_cast<int>(query.integer(6));
            state.note = query.string(7);
            states.push_back(std::move(state));
        }
        TRY_DONE(query.finished());
        return states;
    });
}

Result<std::vector<EntryId>> SqliteStore::feed_news(SiteId site, std::size_t limit)
{
    return database_->read([&](Connection& db) -> Result<std::vector<EntryId>> {
        std::vector<EntryId> news;
        Query query = db.query("SELECT entry_id FROM feed_page WHERE site_id = ? AND tries_left > 0 ORDER BY entry_id LIMIT ?");
        query.bind(site.value).bind(static_cast<std::int64_t>(limit));
        while (query.next())
            news.emplace_back(query.integer(0));
        TRY_DONE(query.finished());
        return news;
    });
}

Task<Result<void>> SqliteStore::finish_feed_news(EntryId entry, NewsOutcome outcome)
{
    return database_->write<void>([entry, outcome](Transaction& transaction) -> Result<void> {
        Query update = transaction.db.query("UPDATE feed_page SET tries_left = max(0, tries_left - ?) WHERE entry_id = ?");
        return update.bind(outcome == NewsOutcome::Told ? news_tries_max : 1).bind(entry.value).run();
    });
}

}  // namespace backtalk::store
