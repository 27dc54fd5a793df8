#include <fmt/format.h>

#include "app/change_keys.h"
#include "base/text.h"
#include "store/rows.h"
#include "store/sqlite_store.h"
#include "weblog/path_key.h"
#include "weblog/permalink.h"

namespace backtalk::store {

namespace {

int local_day(EntryDraft const& draft)
{
    CivilTime const local = civil_time(draft.published, draft.offset);
    return local.year * 10000 + local.month * 100 + local.day;
}

Result<bool> exists(Query& query)
{
    bool const found = query.next();
    TRY_DONE(query.finished());
    return found;
}

Result<bool> path_is_taken(Connection& db, SiteId site, std::string_view path_key, EntryId except)
{
    Query query = db.query("SELECT 1 FROM address WHERE site_id = ? AND path_key = ? AND entry_id <> ?");
    query.bind(site.value).bind(path_key).bind(except.value);
    return exists(query);
}

/// The address as comparison_key() has it, below the site's base.
Result<std::string> path_key_of(Site const& site, std::string_view path)
{
    TRY(Url const url, site.base.url().resolve(path));
    std::optional<std::string> key = path_key(site.base, url);
    if (!key)
        return failure(
            ErrorCode::Refused, fmt::format("'{}' is not below {}: give a permalink of the site itself", path, site.base.url().str()));
    return *std::move(key);
}

/// New ids lie above every entry id and TrackBack id in use.
Result<std::int64_t> new_entry_id(Connection& db)
{
    Query query = db.query("SELECT max(coalesce((SELECT max(id) FROM entry), 0), coalesce((SELECT max(trackback_id) FROM entry), 0)) + 1");
    std::int64_t const id = query.next() ? query.integer(0) : 1;
    TRY_DONE(query.finished());
    return id;
}

Result<void> refuse_taken_ids(Connection& db, Site const& site, std::int64_t id, std::int64_t trackback_id)
{
    TRY(std::optional<Entry> const other, find_entry(db, EntryId(id)));
    if (other)
        return failure(ErrorCode::Conflict, fmt::format("id {} is the entry \"{}\": leave the id out to get a new one", id, other->title));
    Query query = db.query("SELECT id, title FROM entry WHERE site_id = ? AND trackback_id = ?");
    query.bind(site.id.value).bind(trackback_id);
    if (query.next())
        return failure(ErrorCode::Conflict,
            fmt::format(
                "TrackBack id {} belongs to entry {} \"{}\": give another trackback_id", trackback_id, query.integer(0), query.text(1)));
    return query.finished();
}

struct ChosenPath {
    std::string slug;
    std::string path;
    std::string key;
};

/// The path of the site's pattern, with "-2", "-3" … behind the slug while another entry has it.
Result<ChosenPath> free_path(Connection& db, Site const& site, EntryDraft const& draft, std::string_view wanted_path, EntryId id)
{
    if (!wanted_path.empty()) {
        TRY(std::string key, path_key_of(site, wanted_path));
        TRY(bool const taken, path_is_taken(db, site.id, key, id));
        if (taken)
            return failure(
                ErrorCode::Conflict, fmt::format("the address /{} belongs to another entry: give another permalink", wanted_path));
        return ChosenPath{draft.slug, std::string(wanted_path), std::move(key)};
    }
    TRY(PermalinkPattern const pattern, PermalinkPattern::parse(site.permalink_pattern));
    CivilTime const local = civil_time(draft.published, draft.offset);
    for (int attempt = 1; attempt < 10'000; ++attempt) {
        std::string const slug = attempt == 1 ? draft.slug : fmt::format("{}-{}", draft.slug, attempt);
        std::string path = pattern.path(local, slug, id.value);
        TRY(std::string key, path_key_of(site, path));
        TRY(bool const taken, path_is_taken(db, site.id, key, id));
        if (!taken)
            return ChosenPath{slug, std::move(path), std::move(key)};
    }
    return failure(ErrorCode::Conflict, fmt::format("ten thousand entries share the address of \"{}\": give it another slug", draft.slug));
}

Result<void> write_labels(Connection& db, EntryId entry, EntryDraft const& draft)
{
    TRY_DONE(db.query("DELETE FROM label WHERE entry_id = ?").bind(entry.value).run());
    auto const insert = [&](std::string_view kind, std::vector<Label> const& labels) -> Result<void> {
        std::int64_t position = 0;
        for (Label const& label : labels)
            TRY_DONE(db.query("INSERT INTO label (entry_id, kind, position, slug, name) VALUES (?, ?, ?, ?, ?)")
                    .bind(entry.value)
                    .bind(kind)
                    .bind(position++)
                    .bind(label.slug)
                    .bind(label.name)
                    .run());
        return {};
    };
    TRY_DONE(insert("category", draft.categories));
    return insert("tag", draft.tags);
}

void bind_draft(Query& query, EntryDraft const& draft, std::string_view path, std::string_view slug, Instant now)
{
    query.bind(to_word(draft.status)).bind(local_day(draft)).bind(seconds(draft.published)).bind(draft.offset.count()).bind(seconds(now));
    query.bind(draft.takes_pings).bind(draft.takes_comments).bind(path).bind(slug).bind(draft.title).bind(draft.author);
    query.bind(to_word(draft.format))
        .bind(draft.text_filter)
        .bind(draft.keywords)
        .bind(joined_lines(draft.trackbacks))
        .bind(draft.in_reply_to);
    query.bind(draft.excerpt).bind(draft.body).bind(draft.extended_body);
}

}  // namespace

Result<void> claim_address(Transaction& transaction, SiteId site, EntryId entry, std::string_view path_key)
{
    TRY(bool const taken, path_is_taken(transaction.db, site, path_key, entry));
    if (taken)
        return failure(ErrorCode::Conflict, fmt::format("the address /{} leads to another entry already", path_key));
    return transaction.db.query("INSERT OR IGNORE INTO address (site_id, path_key, entry_id) VALUES (?, ?, ?)")
        .bind(site.value)
        .bind(path_key)
        .bind(entry.value)
        .run();
}
Result<void> note_list_change(Transaction& transaction, Entry const& entry)
{
    auto& changed = transaction.changed;
    TRY(BesideEntry const beside, entries_beside(transaction.db, entry));
    for (auto const& each : {beside.older, beside.newer})
        if (each)
            changed.push_back(key_of_neighbours(each->id));
    changed.push_back(key_of_neighbours(entry.id));
    changed.push_back(key_of_entry(entry.id));
    changed.push_back(key_of_list(entry.site));
    for (Label const& label : entry.categories)
        changed.push_back(key_of_category(entry.site, label.slug));
    for (Label const& label : entry.tags)
        changed.push_back(key_of_tag(entry.site, label.slug));
    std::string const day = std::to_string(local_day(entry));
    for (std::size_t const digits : {4, 6, 8})
        changed.push_back(key_of_date(entry.site, std::string_view(day).substr(0, digits)));
    return {};
}

Result<Entry> insert_entry(
    Transaction& transaction, Site const& site, EntryDraft draft, WantedIds const& wanted, std::string_view import_key)
{
    Connection& db = transaction.db;
    TRY(std::int64_t const fresh, new_entry_id(db));
    EntryId const id = wanted.id.value_or(EntryId(std::max(fresh, wanted.above + 1)));
    std::int64_t const trackback_id = wanted.trackback_id.value_or(id.value);
    TRY_DONE(refuse_taken_ids(db, site, id.value, trackback_id));
    TRY(ChosenPath chosen, free_path(db, site, draft, wanted.path, id));

    Entry entry;
    static_cast<EntryDraft&>(entry) = std::move(draft);
    entry.id = id;
    entry.site = site.id;
    entry.trackback_id = trackback_id;
    entry.slug = chosen.slug;
    entry.path = chosen.path;
    entry.updated = import_key.empty() ? transaction.now : entry.published;  // an archive does not say when it was last changed
    {
        Query insert = db.query("INSERT INTO entry (id, site_id, trackback_id, import_key, status, local_day, published, utc_offset, "
                                "updated, takes_pings, takes_comments, path, slug, title, "
                                "author, format, text_filter, keywords, trackbacks, in_reply_to, excerpt, body, extended_body) "
                                "VALUES (?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        insert.bind(id.value).bind(site.id.value).bind(trackback_id).bind(import_key);
        bind_draft(insert, entry, entry.path, entry.slug, entry.updated);
        TRY_DONE(insert.run());
    }
    TRY_DONE(claim_address(transaction, site.id, id, chosen.key));
    TRY_DONE(write_labels(db, id, entry));
    TRY_DONE(note_list_change(transaction, entry));
    return entry;
}

Task<Result<Entry>> SqliteStore::add_entry(SiteId site_id, EntryDraft draft, WantedIds wanted)
{
    return database_->write<Entry>(
        [site_id, draft = std::move(draft), wanted = std::move(wanted)](Transaction& transaction) mutable -> Result<Entry> {
            TRY(std::optional<Site> const site, find_site(transaction.db, site_id));
            if (!site)
                return failure(ErrorCode::NotFound, "the site was removed: see backtalk site list");
            TRY(Entry entry, insert_entry(transaction, *site, std::move(draft), wanted, ""));
            for (std::string const& path_key : wanted.old_paths)
                TRY_DONE(claim_address(transaction, site_id, entry.id, path_key));
            return entry;
        });
}

Task<Result<Entry>> SqliteStore::change_entry(EntryId id, EntryDraft draft, std::string path, std::string seen)
{
    return database_->write<Entry>([id, draft = std::move(draft), path = std::move(path), seen = std::move(seen)](
                                       Transaction& transaction) mutable -> Result<Entry> {
        TRY(std::optional<Entry> before, find_entry(transaction.db, id));
        if (!before)
            return failure(ErrorCode::NotFound, fmt::format("there is no entry {}: see backtalk entry list", id.value));
        if (!seen.empty() && version_of(*before) != seen)
            return failure(ErrorCode::Conflict, "somebody else has changed the entry since");
        TRY(std::optional<Site> const site, find_site(transaction.db, before->site));
        TRY_DONE(note_list_change(transaction, *before));  // the pages it leaves
        // An entry keeps its address when it is edited, unless another slug or permalink is asked for.
        if (path.empty() && draft.slug == before->slug)
            path = before->path;
        TRY(ChosenPath chosen, free_path(transaction.db, *site, draft, path, id));
        Entry entry = *before;
        static_cast<EntryDraft&>(entry) = std::move(draft);
        entry.slug = chosen.slug;
        entry.path = chosen.path;
        entry.updated = transaction.now;
        {
            Query update = transaction.db.query("UPDATE entry SET status = ?, local_day = ?, published = ?, utc_offset = ?, updated = ?, "
                                                "takes_pings = ?, takes_comments = ?, path = ?, slug = ?, title = ?, "
                                                "author = ?, format = ?, text_filter = ?, keywords = ?, trackbacks = ?, in_reply_to = ?, "
                                                "excerpt = ?, body = ?, extended_body = ? WHERE id = ?");
            bind_draft(update, entry, entry.path, entry.slug, transaction.now);
            update.bind(id.value);
            TRY_DONE(update.run());
        }
        TRY_DONE(claim_address(transaction, site->id, id, chosen.key));
        TRY_DONE(write_labels(transaction.db, id, entry));
        TRY_DONE(note_list_change(transaction, entry));
        return entry;
    });
}

Task<Result<Entry>> SqliteStore::set_entry_status(EntryId id, EntryStatus status)
{
    return database_->write<Entry>([id, status](Transaction& transaction) -> Result<Entry> {
        TRY(std::optional<Entry> entry, find_entry(transaction.db, id));
        if (!entry)
            return failure(ErrorCode::NotFound, fmt::format("there is no entry {}: see backtalk entry list", id.value));
        // What was to appear later appears now; an entry keeps the date that its author gave it.
        if (status == EntryStatus::Published && entry->status != EntryStatus::Published && entry->published > transaction.now)
            entry->published = transaction.now;
        entry->status = status;
        entry->updated = transaction.now;
        TRY_DONE(transaction.db.query("UPDATE entry SET status = ?, published = ?, local_day = ?, updated = ? WHERE id = ?")
                .bind(to_word(status))
                .bind(seconds(entry->published))
                .bind(local_day(*entry))
                .bind(seconds(transaction.now))
                .bind(id.value)
                .run());
        TRY_DONE(note_list_change(transaction, *entry));
        return *std::move(entry);
    });
}

}  // namespace backtalk::store
