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
        return failure(ErrorCode::Refused, fmt::format("'{}' is not below {}: give a permalink of the site itself", path, site.base.url().str()));
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
                       fmt::format("TrackBack id {} belongs to entry {} \"{}\": give another trackback_id", trackback_id, query.integer(0), query.text(1)));
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
            return failure(ErrorCode::Conflict, fmt::format("the address /{} belongs to another entry: give another permalink", wanted_path));
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
                         .bind(entry.value).bind(kind).bind(position++).bind(label.slug).bind(label.name).run());
        return {};
    };
    TRY_DONE(insert("category", draft.categories));
    return insert("tag", draft.tags);
}

void bind_draft(Query& query, EntryDraft const& draft, std::string_view path, std::string_view slug, Instant now)
{
    query.bind(to_word(draft.status)).bind(local_day(draft)).bind(seconds(draft.published)).bind(draft.offset.count()).bind(seconds(now));
    query.bind(draft.takes_pings).bind(draft.takes_comments).bind(path).bind(slug).bind(draft.title).bind(draft.author);
    query.bind(to_word(draft.format)).bind(draft.text_filter).bind(draft.keywords).bind(joined_lines(draft.trackbacks)).bind(draft.in_reply_to);
    query.bind(draft.excerpt).bind(draft.body).bind(draft.extended_body);
}

void append_list(std::string& sql, EntryQuery const& query)
{
    sql += " FROM entry e";
    if (!query.category.empty())
        sql += " JOIN label c ON c.entry_id = e.id AND c.kind = 'category' AND c.slug = ?";
    if (!query.tag.empty())
        sql += " JOIN label t ON t.entry_id = e.id AND t.kind = 'tag' AND t.slug = ?";
    sql += " WHERE e.site_id = ?";
    if (query.day_first > 0 || query.day_last < 99999999)
        sql += " AND e.local_day BETWEEN ? AND ?";
    if (!query.statuses.empty()) {
        sql += " AND e.status IN (?";
        for (std::size_t i = 1; i < query.statuses.size(); ++i)
            sql += ", ?";
        sql += ")";
    }
}

void bind_list(Query& statement, EntryQuery const& query)
{
    if (!query.category.empty())
        statement.bind(query.category);
    if (!query.tag.empty())
        statement.bind(query.tag);
    statement.bind(query.site.value);
    if (query.day_first > 0 || query.day_last < 99999999)
        statement.bind(std::int64_t(query.day_first)).bind(std::int64_t(query.day_last));
    for (EntryStatus const status : query.statuses)
        statement.bind(to_word(status));
}

Result<std::vector<LabelCount>> count_labels(Connection& db, SiteId site, std::string_view kind)
{
    std::vector<LabelCount> counts;
    Query query = db.query("SELECT min(l.name), l.slug, count(DISTINCT e.id) FROM label l JOIN entry e ON e.id = l.entry_id "
                           "WHERE l.kind = ? AND e.site_id = ? AND e.status = 'published' GROUP BY l.slug ORDER BY min(l.name) COLLATE NOCASE");
    query.bind(kind).bind(site.value);
    while (query.next())
        counts.emplace_back(Label(query.string(0), query.string(1)), query.integer(2));
    TRY_DONE(query.finished());
    return counts;
}

}  // namespace

std::string joined_lines(std::vector<std::string> const& lines)
{
    std::string text;
    for (std::string const& line : lines)
        text += line + '\n';
    return text;
}

std::vector<std::string> split_lines(std::string_view text)
{
    std::vector<std::string> lines;
    for (std::string_view const line : split(text, '\n'))
        if (!line.empty())
            lines.emplace_back(line);
    return lines;
}

Result<Entry> read_entry(Query const& row)
{
    Entry entry;
    entry.id = EntryId(row.integer(0));
    entry.site = SiteId(row.integer(1));
    entry.trackback_id = row.integer(2);
    TRY(entry.status, known(entry_status_named(row.text(3)), "entry status"));
    entry.published = instant(row.integer(4));
    entry.offset = std::chrono::minutes(row.integer(5));
    entry.updated = instant(row.integer(6));
    entry.takes_pings = row.integer(7) != 0;
    entry.takes_comments = row.integer(8) != 0;
    entry.path = row.string(9);
    entry.slug = row.string(10);
    entry.title = row.string(11);
    entry.author = row.string(12);
    TRY(entry.format, known(text_format_named(row.text(13)), "text format"));
    entry.text_filter = row.string(14);
    entry.keywords = row.string(15);
    entry.trackbacks = split_lines(row.text(16));
    entry.in_reply_to = row.string(17);
    entry.excerpt = row.string(18);
    entry.body = row.string(19);
    entry.extended_body = row.string(20);
    return entry;
}

Result<void> read_labels(Connection& db, Entry& entry)
{
    Query query = db.query("SELECT kind, name, slug FROM label WHERE entry_id = ? ORDER BY kind, position");
    query.bind(entry.id.value);
    while (query.next())
        (query.text(0) == "category" ? entry.categories : entry.tags).emplace_back(query.string(1), query.string(2));
    return query.finished();
}

Result<std::optional<Entry>> find_entry(Connection& db, EntryId id)
{
    std::optional<Entry> found;
    {
        Query query = db.query("SELECT " BACKTALK_ENTRY_COLUMNS " FROM entry e WHERE e.id = ?");
        query.bind(id.value);
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(found, read_entry(query));
    }
    TRY_DONE(read_labels(db, *found));
    return found;
}

Result<void> claim_address(Transaction& transaction, SiteId site, EntryId entry, std::string_view path_key)
{
    TRY(bool const taken, path_is_taken(transaction.db, site, path_key, entry));
    if (taken)
        return failure(ErrorCode::Conflict, fmt::format("the address /{} leads to another entry already", path_key));
    return transaction.db.query("INSERT OR IGNORE INTO address (site_id, path_key, entry_id) VALUES (?, ?, ?)")
        .bind(site.value).bind(path_key).bind(entry.value).run();
}

namespace {

constexpr char const* older_sql = "SELECT id, title, path, updated FROM entry WHERE site_id = ? AND status = 'published' AND (published, id) < (?, ?) "
                                  "ORDER BY published DESC, id DESC LIMIT 1";
constexpr char const* newer_sql = "SELECT id, title, path, updated FROM entry WHERE site_id = ? AND status = 'published' AND (published, id) > (?, ?) "
                                  "ORDER BY published, id LIMIT 1";

struct Neighbour {
    EntryId id;
    EntryLink link;
};

Result<std::optional<Neighbour>> neighbour(Connection& db, char const* sql, Entry const& entry)
{
    Query query = db.query(sql);
    query.bind(entry.site.value).bind(seconds(entry.published)).bind(entry.id.value);
    std::optional<Neighbour> found;
    if (query.next())
        found = Neighbour{EntryId(query.integer(0)), EntryLink{query.string(1), query.string(2), instant(query.integer(3))}};
    TRY_DONE(query.finished());
    return found;
}

}  // namespace

Result<void> note_list_change(Transaction& transaction, Entry const& entry)
{
    auto& changed = transaction.changed;
    for (char const* const sql : {older_sql, newer_sql}) {
        TRY(std::optional<Neighbour> const beside, neighbour(transaction.db, sql, entry));
        if (beside)
            changed.push_back(key_of_neighbours(beside->id));
    }
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

Result<Entry> insert_entry(Transaction& transaction, Site const& site, EntryDraft draft, WantedIds const& wanted, std::string_view import_key)
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
        Query insert = db.query(
            "INSERT INTO entry (id, site_id, trackback_id, import_key, status, local_day, published, utc_offset, updated, takes_pings, takes_comments, path, slug, title, "
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

Result<std::optional<Entry>> SqliteStore::entry(EntryId id)
{
    return with_reader([&](Connection& db) { return find_entry(db, id); });
}

Result<std::vector<Entry>> SqliteStore::entries(EntryQuery const& query)
{
    return with_reader([&](Connection& db) -> Result<std::vector<Entry>> {
        std::string sql = "SELECT " BACKTALK_ENTRY_COLUMNS;
        append_list(sql, query);
        sql += " ORDER BY e.published DESC, e.id DESC LIMIT ? OFFSET ?";
        std::vector<Entry> entries;
        {
            Query statement = db.query_text(sql);
            bind_list(statement, query);
            statement.bind(static_cast<std::int64_t>(std::min<std::size_t>(query.limit, INT64_MAX))).bind(static_cast<std::int64_t>(query.offset));
            while (statement.next()) {
                TRY(Entry entry, read_entry(statement));
                entries.push_back(std::move(entry));
            }
            TRY_DONE(statement.finished());
        }
        for (Entry& entry : entries)
            TRY_DONE(read_labels(db, entry));
        return entries;
    });
}

Result<Neighbours> SqliteStore::neighbours(Entry const& entry)
{
    return with_reader([&](Connection& db) -> Result<Neighbours> {
        Neighbours beside;
        TRY(auto older, neighbour(db, older_sql, entry));
        if (older)
            beside.older = std::move(older->link);
        TRY(auto newer, neighbour(db, newer_sql, entry));
        if (newer)
            beside.newer = std::move(newer->link);
        return beside;
    });
}

Result<std::vector<EntryLink>> SqliteStore::entry_links(SiteId site, std::size_t limit, std::size_t offset)
{
    return with_reader([&](Connection& db) -> Result<std::vector<EntryLink>> {
        std::vector<EntryLink> links;
        Query query = db.query("SELECT title, path, updated FROM entry WHERE site_id = ? AND status = 'published' ORDER BY published, id LIMIT ? OFFSET ?");
        query.bind(site.value).bind(static_cast<std::int64_t>(limit)).bind(static_cast<std::int64_t>(offset));
        while (query.next())
            links.push_back(EntryLink{query.string(0), query.string(1), instant(query.integer(2))});
        TRY_DONE(query.finished());
        return links;
    });
}

Result<std::int64_t> SqliteStore::count_entries(EntryQuery const& query)
{
    return with_reader([&](Connection& db) -> Result<std::int64_t> {
        std::string sql = "SELECT count(*)";
        append_list(sql, query);
        Query statement = db.query_text(sql);
        bind_list(statement, query);
        std::int64_t const count = statement.next() ? statement.integer(0) : 0;
        TRY_DONE(statement.finished());
        return count;
    });
}

Result<std::optional<AddressOwner>> SqliteStore::address_owner(SiteId site, std::string_view path_key)
{
    return with_reader([&](Connection& db) -> Result<std::optional<AddressOwner>> {
        Query query = db.query("SELECT e.id, e.path, e.status FROM address a JOIN entry e ON e.id = a.entry_id WHERE a.site_id = ? AND a.path_key = ?");
        query.bind(site.value).bind(path_key);
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(EntryStatus const status, known(entry_status_named(query.text(2)), "entry status"));
        return AddressOwner{EntryId(query.integer(0)), query.string(1), status};
    });
}

Result<std::optional<EntryId>> SqliteStore::trackback_owner(SiteId site, std::int64_t trackback_id)
{
    return with_reader([&](Connection& db) -> Result<std::optional<EntryId>> {
        Query query = db.query("SELECT id FROM entry WHERE site_id = ? AND trackback_id = ?");
        query.bind(site.value).bind(trackback_id);
        std::optional<EntryId> owner;
        if (query.next())
            owner = EntryId(query.integer(0));
        TRY_DONE(query.finished());
        return owner;
    });
}

Result<std::vector<LabelCount>> SqliteStore::categories(SiteId site)
{
    return with_reader([&](Connection& db) { return count_labels(db, site, "category"); });
}

Result<std::vector<LabelCount>> SqliteStore::tags(SiteId site)
{
    return with_reader([&](Connection& db) { return count_labels(db, site, "tag"); });
}

Result<std::vector<MonthCount>> SqliteStore::months(SiteId site)
{
    return with_reader([&](Connection& db) -> Result<std::vector<MonthCount>> {
        std::vector<MonthCount> counts;
        Query query = db.query("SELECT local_day / 100, count(*) FROM entry WHERE site_id = ? AND status = 'published' GROUP BY 1 ORDER BY 1 DESC");
        query.bind(site.value);
        while (query.next())
            counts.push_back(MonthCount{static_cast<int>(query.integer(0) / 100), static_cast<int>(query.integer(0) % 100), query.integer(1)});
        TRY_DONE(query.finished());
        return counts;
    });
}

Result<std::vector<Comment>> SqliteStore::comments(EntryId entry)
{
    return with_reader([&](Connection& db) -> Result<std::vector<Comment>> {
        std::vector<Comment> comments;
        Query query = db.query("SELECT author, email, url, address, written, text FROM comment WHERE entry_id = ? ORDER BY written, id");
        query.bind(entry.value);
        while (query.next()) {
            Comment comment;
            comment.author = query.string(0);
            comment.email = query.string(1);
            comment.url = query.string(2);
            comment.address = query.string(3);
            comment.written = instant(query.integer(4));
            comment.text = query.string(5);
            comments.push_back(std::move(comment));
        }
        TRY_DONE(query.finished());
        return comments;
    });
}

Result<std::vector<EntryId>> SqliteStore::due_entries(Instant now)
{
    return with_reader([&](Connection& db) -> Result<std::vector<EntryId>> {
        std::vector<EntryId> due;
        Query query = db.query("SELECT id FROM entry WHERE status = 'scheduled' AND published <= ? ORDER BY published");
        query.bind(seconds(now));
        while (query.next())
            due.emplace_back(query.integer(0));
        TRY_DONE(query.finished());
        return due;
    });
}

Result<std::vector<std::string>> SqliteStore::addresses(EntryId entry)
{
    return with_reader([&](Connection& db) -> Result<std::vector<std::string>> {
        std::vector<std::string> keys;
        Query query = db.query("SELECT path_key FROM address WHERE entry_id = ?");
        query.bind(entry.value);
        while (query.next())
            keys.push_back(query.string(0));
        TRY_DONE(query.finished());
        return keys;
    });
}

Task<Result<Entry>> SqliteStore::add_entry(SiteId site_id, EntryDraft draft, WantedIds wanted)
{
    return write<Entry>([site_id, draft = std::move(draft), wanted = std::move(wanted)](Transaction& transaction) mutable -> Result<Entry> {
        TRY(std::optional<Site> const site, find_site(transaction.db, site_id));
        if (!site)
            return failure(ErrorCode::NotFound, "the site was removed: see backtalk site list");
        TRY(Entry entry, insert_entry(transaction, *site, std::move(draft), wanted, ""));
        for (std::string const& path_key : wanted.old_paths)
            TRY_DONE(claim_address(transaction, site_id, entry.id, path_key));
        return entry;
    });
}

Task<Result<Entry>> SqliteStore::change_entry(EntryId id, EntryDraft draft, std::string path)
{
    return write<Entry>([id, draft = std::move(draft), path = std::move(path)](Transaction& transaction) mutable -> Result<Entry> {
        TRY(std::optional<Entry> before, find_entry(transaction.db, id));
        if (!before)
            return failure(ErrorCode::NotFound, fmt::format("there is no entry {}: see backtalk entry list", id.value));
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
            Query update = transaction.db.query(
                "UPDATE entry SET status = ?, local_day = ?, published = ?, utc_offset = ?, updated = ?, takes_pings = ?, takes_comments = ?, path = ?, slug = ?, title = ?, "
                "author = ?, format = ?, text_filter = ?, keywords = ?, trackbacks = ?, in_reply_to = ?, excerpt = ?, body = ?, extended_body = ? WHERE id = ?");
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
    return write<Entry>([id, status](Transaction& transaction) -> Result<Entry> {
        TRY(std::optional<Entry> entry, find_entry(transaction.db, id));
        if (!entry)
            return failure(ErrorCode::NotFound, fmt::format("there is no entry {}: see backtalk entry list", id.value));
        // A draft that is published now appears as new; one whose time was set keeps it.
        if (status == EntryStatus::Published && entry->status != EntryStatus::Published && entry->published > transaction.now)
            entry->published = transaction.now;
        entry->status = status;
        entry->updated = transaction.now;
        TRY_DONE(transaction.db.query("UPDATE entry SET status = ?, published = ?, local_day = ?, updated = ? WHERE id = ?")
                     .bind(to_word(status)).bind(seconds(entry->published)).bind(local_day(*entry)).bind(seconds(transaction.now)).bind(id.value).run());
        TRY_DONE(note_list_change(transaction, *entry));
        return *std::move(entry);
    });
}

}  // namespace backtalk::store
