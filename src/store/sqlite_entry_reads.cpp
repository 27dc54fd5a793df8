#include <fmt/format.h>

#include "base/text.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

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
    if (!query.statuses.empty())
        sql += " AND e.status IN " + places(query.statuses.size());
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
    Query query =
        db.query("SELECT min(l.name), l.slug, count(DISTINCT e.id) FROM label l JOIN entry e ON e.id = l.entry_id "
                 "WHERE l.kind = ? AND e.site_id = ? AND e.status = 'published' GROUP BY l.slug ORDER BY min(l.name) COLLATE NOCASE");
    query.bind(kind).bind(site.value);
    while (query.next())
        counts.emplace_back(Label(query.string(0), query.string(1)), query.integer(2));
    TRY_DONE(query.finished());
    return counts;
}

constexpr char const* older_sql =
    "SELECT id, title, path, updated FROM entry WHERE site_id = ? AND status = 'published' AND (published, id) < (?, ?) "
    "ORDER BY published DESC, id DESC LIMIT 1";
constexpr char const* newer_sql =
    "SELECT id, title, path, updated FROM entry WHERE site_id = ? AND status = 'published' AND (published, id) > (?, ?) "
    "ORDER BY published, id LIMIT 1";

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

std::string places(std::size_t count)
{
    std::string text = "(?";
    for (std::size_t i = 1; i < count; ++i)
        text += ", ?";
    return text + ')';
}

std::string like_text(std::string_view text)
{
    std::string pattern;
    for (char const c : text) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

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

Result<BesideEntry> entries_beside(Connection& db, Entry const& entry)
{
    BesideEntry beside;
    TRY(beside.older, neighbour(db, older_sql, entry));
    TRY(beside.newer, neighbour(db, newer_sql, entry));
    return beside;
}

Result<std::optional<Entry>> SqliteStore::entry(EntryId id)
{
    return database_->read([&](Connection& db) { return find_entry(db, id); });
}

Result<std::vector<Entry>> SqliteStore::entries(EntryQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Entry>> {
        std::string sql = "SELECT " BACKTALK_ENTRY_COLUMNS;
        append_list(sql, query);
        sql += " ORDER BY e.published DESC, e.id DESC LIMIT ? OFFSET ?";
        std::vector<Entry> entries;
        {
            Query statement = db.query_text(sql);
            bind_list(statement, query);
            statement.bind(static_cast<std::int64_t>(std::min<std::size_t>(query.limit, INT64_MAX)))
                .bind(static_cast<std::int64_t>(query.offset));
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
    return database_->read([&](Connection& db) -> Result<Neighbours> {
        TRY(BesideEntry beside, entries_beside(db, entry));
        Neighbours links;
        if (beside.older)
            links.older = std::move(beside.older->link);
        if (beside.newer)
            links.newer = std::move(beside.newer->link);
        return links;
    });
}

Result<std::vector<EntryLink>> SqliteStore::entry_links(SiteId site, std::size_t limit, std::size_t offset)
{
    return database_->read([&](Connection& db) -> Result<std::vector<EntryLink>> {
        std::vector<EntryLink> links;
        Query query = db.query(
            "SELECT title, path, updated FROM entry WHERE site_id = ? AND status = 'published' ORDER BY published, id LIMIT ? OFFSET ?");
        query.bind(site.value).bind(static_cast<std::int64_t>(limit)).bind(static_cast<std::int64_t>(offset));
        while (query.next())
            links.push_back(EntryLink{query.string(0), query.string(1), instant(query.integer(2))});
        TRY_DONE(query.finished());
        return links;
    });
}

Result<std::int64_t> SqliteStore::count_entries(EntryQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::int64_t> {
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
    return database_->read([&](Connection& db) -> Result<std::optional<AddressOwner>> {
        Query query = db.query(
            "SELECT e.id, e.path, e.status FROM address a JOIN entry e ON e.id = a.entry_id WHERE a.site_id = ? AND a.path_key = ?");
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
    return database_->read([&](Connection& db) -> Result<std::optional<EntryId>> {
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
    return database_->read([&](Connection& db) { return count_labels(db, site, "category"); });
}

Result<std::vector<LabelCount>> SqliteStore::tags(SiteId site)
{
    return database_->read([&](Connection& db) { return count_labels(db, site, "tag"); });
}

Result<std::vector<MonthCount>> SqliteStore::months(SiteId site)
{
    return database_->read([&](Connection& db) -> Result<std::vector<MonthCount>> {
        std::vector<MonthCount> counts;
        Query query =
            db.query("SELECT local_day / 100, count(*) FROM entry WHERE site_id = ? AND status = 'published' GROUP BY 1 ORDER BY 1 DESC");
        query.bind(site.value);
        while (query.next())
            counts.push_back(
                MonthCount{static_cast<int>(query.integer(0) / 100), static_cast<int>(query.integer(0) % 100), query.integer(1)});
        TRY_DONE(query.finished());
        return counts;
    });
}

Result<std::vector<Comment>> SqliteStore::comments(EntryId entry)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Comment>> {
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
    return database_->read([&](Connection& db) -> Result<std::vector<EntryId>> {
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
    return database_->read([&](Connection& db) -> Result<std::vector<std::string>> {
        std::vector<std::string> keys;
        Query query = db.query("SELECT path_key FROM address WHERE entry_id = ?");
        query.bind(entry.value);
        while (query.next())
            keys.push_back(query.string(0));
        TRY_DONE(query.finished());
        return keys;
    });
}

}  // namespace backtalk::store
