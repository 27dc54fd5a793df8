#include <fmt/format.h>

#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

Result<std::vector<DeskEntry>> SqliteStore::desk_entries(DeskEntryQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::vector<DeskEntry>> {
        std::string sql = "SELECT e.id, e.title, e.status, e.published, e.utc_offset, e.author, e.path, "
                          "(SELECT count(*) FROM mention m WHERE m.entry_id = e.id AND m.state = 'published'), "
                          "(SELECT count(*) FROM sent s WHERE s.entry_id = e.id AND s.state IN ('failed', 'refused')) "
                          "FROM entry e WHERE e.site_id = ? AND e.status IN " +
            places(query.statuses.size());
        for (std::size_t i = 0; i < query.words.size(); ++i)
            sql += " AND e.title LIKE ? ESCAPE '\\'";
        if (!query.author.empty())
            sql += " AND e.author = ? COLLATE NOCASE";
        sql += " ORDER BY e.published DESC, e.id DESC LIMIT ? OFFSET ?";
        Query statement = db.query_text(sql);
        statement.bind(query.site.value);
        for (EntryStatus const status : query.statuses)
            statement.bind(to_word(status));
        std::vector<std::string> patterns;
        for (std::string const& word : query.words)
            patterns.push_back('%' + like_text(word) + '%');
        for (std::string const& pattern : patterns)
            statement.bind(pattern);
        if (!query.author.empty())
            statement.bind(query.author);
        statement.bind(static_cast<std::int64_t>(query.limit)).bind(static_cast<std::int64_t>(query.offset));
        std::vector<DeskEntry> entries;
        while (statement.next()) {
            DeskEntry entry;
            entry.id = EntryId(statement.integer(0));
            entry.title = statement.string(1);
            TRY(entry.status, known(entry_status_named(statement.text(2)), "entry status"));
            entry.published = instant(statement.integer(3));
            entry.offset = std::chrono::minutes(statement.integer(4));
            entry.author = statement.string(5);
            entry.path = statement.string(6);
            entry.mentions = statement.integer(7);
            entry.sent_failed = statement.integer(8);
            entries.push_back(std::move(entry));
        }
        TRY_DONE(statement.finished());
        return entries;
    });
}

Result<std::vector<DeskSent>> SqliteStore::desk_sent(DeskSentQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::vector<DeskSent>> {
        Query statement =
            db.query("SELECT " BACKTALK_SENT_COLUMNS ", e.title, e.author FROM sent s JOIN entry e ON e.id = s.entry_id "
                     "WHERE (?1 IS NULL OR s.entry_id = ?1) AND (?2 = '' OR s.state = ?2) AND (?3 = '' OR e.author = ?3 COLLATE NOCASE) "
                     "ORDER BY s.updated DESC, s.id DESC LIMIT ?4 OFFSET ?5");
        if (query.entry)
            statement.bind(query.entry->value);
        else
            statement.bind_null();
        statement.bind(query.state ? to_word(*query.state) : std::string_view()).bind(query.author);
        statement.bind(static_cast<std::int64_t>(query.limit)).bind(static_cast<std::int64_t>(query.offset));
        std::vector<DeskSent> all;
        while (statement.next()) {
            TRY(Sent sent, read_sent(statement));
            all.emplace_back(std::move(sent), statement.string(sent_columns), statement.string(sent_columns + 1));
        }
        TRY_DONE(statement.finished());
        return all;
    });
}

}  // namespace backtalk::store
