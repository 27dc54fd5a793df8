#include "base/text.h"
#include "store/listing_details.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

// Reading mentions one by one and by entry; for programs that ask for many see sqlite_mention_feed.cpp.
namespace backtalk::store {

namespace {

Result<std::vector<std::string>> source_keys_of(Connection& db, std::int64_t mention)
{
    std::vector<std::string> keys;
    Query query = db.query("SELECT source_key FROM mention_source WHERE mention_id = ? ORDER BY position");
    query.bind(mention);
    while (query.next())
        keys.push_back(query.string(0));
    TRY_DONE(query.finished());
    return keys;
}

Result<StoredMention> read_mention(Connection& db, Query const& row)
{
    TRY(std::vector<std::string> keys, source_keys_of(db, row.integer(0)));
    return read_mention(row, std::move(keys));
}

}  // namespace

Result<std::vector<Origin>> read_origins(std::string_view words)
{
    std::vector<Origin> origins;
    for (std::string_view const word : split(words, ' ')) {
        TRY(Origin const origin, known(origin_named(word), "origin"));
        origins.push_back(origin);
    }
    return origins;
}

Result<StoredMention> read_mention(Query const& row, std::vector<std::string> source_keys)
{
    TRY(MentionType const type, known(mention_type_named(row.text(3)), "mention type"));
    TRY(Url url, Url::parse(row.text(5)));
    Listing listing;
    listing.title = row.string(10);
    listing.excerpt = row.string(11);
    listing.site_name = row.string(12);
    listing.author_name = row.string(13);
    listing.author_url = row.string(14);
    listing.language = row.string(15);
    if (!row.is_null(16))
        listing.published = instant(row.integer(16));
    listing.published_offset = std::chrono::minutes(row.integer(17));
    TRY_DONE(read_details(row.text(18), listing));
    StoredMention stored(MentionId(row.integer(0)), EntryId(row.integer(1)),
        Mention::stored(std::move(url), std::move(source_keys), type, std::move(listing)));
    TRY(stored.state, known(mention_state_named(row.text(2)), "mention state"));
    TRY(stored.origins, read_origins(row.text(4)));
    stored.source = row.string(6);
    stored.received = instant(row.integer(7));
    if (!row.is_null(8))
        stored.verified = instant(row.integer(8));
    if (row.integer(19) != 0)
        stored.listed = instant(row.integer(19));
    stored.note = row.string(9);
    return stored;
}

Result<std::optional<StoredMention>> SqliteStore::mention(MentionId id)
{
    return database_->read([&](Connection& db) -> Result<std::optional<StoredMention>> {
        Query query = db.query("SELECT " BACKTALK_MENTION_COLUMNS " FROM mention m WHERE m.id = ?");
        query.bind(id.value);
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(StoredMention mention, read_mention(db, query));
        return mention;
    });
}

Result<std::optional<StoredMention>> SqliteStore::mention_by_source(EntryId entry, std::string_view source_key)
{
    return database_->read([&](Connection& db) -> Result<std::optional<StoredMention>> {
        Query query = db.query("SELECT " BACKTALK_MENTION_COLUMNS " FROM mention m WHERE m.id = "
                               "(SELECT mention_id FROM mention_source WHERE entry_id = ? AND source_key = ?)");
        query.bind(entry.value).bind(source_key);
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(StoredMention mention, read_mention(db, query));
        return mention;
    });
}

Result<std::vector<StoredMention>> SqliteStore::mentions(MentionQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::vector<StoredMention>> {
        std::string sql = "SELECT " BACKTALK_MENTION_COLUMNS " FROM mention m";
        if (query.site)
            sql += " JOIN entry e ON e.id = m.entry_id AND e.site_id = ?";
        sql += " WHERE 1";
        if (query.entry)
            sql += " AND m.entry_id = ?";
        if (!query.states.empty())
            sql += " AND m.state IN " + places(query.states.size());
        if (!query.types.empty())
            sql += " AND m.type IN " + places(query.types.size());
        sql += query.oldest_first ? " ORDER BY m.received, m.id LIMIT ? OFFSET ?" : " ORDER BY m.received DESC, m.id DESC LIMIT ? OFFSET ?";
        Query statement = db.query_text(sql);
        if (query.site)
            statement.bind(query.site->value);
        if (query.entry)
            statement.bind(query.entry->value);
        for (MentionState const state : query.states)
            statement.bind(to_word(state));
        for (MentionType const type : query.types)
            statement.bind(to_word(type));
        statement.bind(static_cast<std::int64_t>(std::min<std::size_t>(query.limit, INT64_MAX)))
            .bind(static_cast<std::int64_t>(query.offset));
        std::vector<StoredMention> mentions;
        while (statement.next()) {
            TRY(StoredMention mention, read_mention(db, statement));
            mentions.push_back(std::move(mention));
        }
        TRY_DONE(statement.finished());
        return mentions;
    });
}

Result<std::int64_t> SqliteStore::count_mentions(EntryId entry, MentionState state)
{
    return database_->read([&](Connection& db) -> Result<std::int64_t> {
        Query query = db.query("SELECT count(*) FROM mention WHERE entry_id = ? AND state = ?");
        query.bind(entry.value).bind(to_word(state));
        std::int64_t const count = query.next() ? query.integer(0) : 0;
        TRY_DONE(query.finished());
        return count;
    });
}

Result<bool> SqliteStore::approved_before(EntryId entry, std::string_view host)
{
    return database_->read([&](Connection& db) -> Result<bool> {
        Query query = db.query(
            "SELECT 1 FROM mention m JOIN entry e ON e.id = m.entry_id WHERE m.host = ? AND m.approved = 1 AND m.state = 'published' "
            "AND e.site_id = (SELECT site_id FROM entry WHERE id = ?) LIMIT 1");
        query.bind(host).bind(entry.value);
        bool const found = query.next();
        TRY_DONE(query.finished());
        return found;
    });
}

}  // namespace backtalk::store
