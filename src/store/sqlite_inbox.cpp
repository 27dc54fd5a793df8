#include <fmt/format.h>

#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

/// The WHERE of a filter, for `table` m (mentions) or p (pings); and its values in the same order.
std::string condition(InboxFilter const& filter, std::string_view table, std::string_view origin, std::string_view host)
{
    std::string sql;
    if (filter.site)
        sql += fmt::format(" AND {}.entry_id IN (SELECT id FROM entry WHERE site_id = ?)", table);
    if (filter.entry)
        sql += fmt::format(" AND {}.entry_id = ?", table);
    if (filter.origin)
        sql += fmt::format(" AND {}", origin);
    if (!filter.host.empty())
        sql += fmt::format(" AND {}", host);
    return sql;
}

std::string mention_condition(InboxFilter const& filter)
{
    return condition(filter, "m", "instr(' ' || m.origins || ' ', ' ' || ? || ' ') > 0", "('.' || m.host) LIKE '%.' || ? ESCAPE '\\'");
}

/// NB: the state is written out, since an index of some states only is not used for a state that comes later.
std::string mentions_in(MentionState state, InboxFilter const& filter)
{
    return fmt::format("m.state = '{}'{}", to_word(state), mention_condition(filter));
}

std::string ping_condition(InboxFilter const& filter)
{
    // Of a URL, what is between "//" and the next "/".
    return condition(filter, "p", "p.origin = ?",
        "('.' || substr(p.source, instr(p.source, '//') + 2, instr(substr(p.source, instr(p.source, '//') + 2), '/') - 1)) LIKE '%.' || ? "
        "ESCAPE '\\'");
}

/// A host may have a "_", which LIKE takes for any character.
std::string like_text(std::string_view text)
{
    std::string pattern;
    for (char const c : text) {
        if (c == '_' || c == '%' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

void bind_filter(Query& query, InboxFilter const& filter)
{
    if (filter.site)
        query.bind(filter.site->value);
    if (filter.entry)
        query.bind(filter.entry->value);
    if (filter.origin)
        query.bind(to_word(*filter.origin));
    if (!filter.host.empty())
        query.bind(like_text(filter.host));
}

void bind_part(Query& query, InboxPart part)
{
    query.bind(static_cast<std::int64_t>(part.limit)).bind(static_cast<std::int64_t>(part.offset));
}

/// What is shown is read one by one; what is to be decided, a campaign at a time.
bool folds_campaigns(MentionState state) { return state == MentionState::Held || state == MentionState::Spam; }

#define BACKTALK_CAMPAIGN "CASE m.campaign WHEN 0 THEN -m.id ELSE m.campaign END"

Result<std::int64_t> count_of(Connection& db, MentionState state, InboxFilter const& filter)
{
    std::string_view const counted = folds_campaigns(state) ? "count(DISTINCT " BACKTALK_CAMPAIGN ")" : "count(*)";
    Query query = db.query_text(fmt::format("SELECT {} FROM mention m WHERE {}", counted, mentions_in(state, filter)));
    bind_filter(query, filter);
    std::int64_t const count = query.next() ? query.integer(0) : 0;
    TRY_DONE(query.finished());
    return count;
}

Result<std::vector<MentionId>> read_ids(Query& query)
{
    std::vector<MentionId> ids;
    while (query.next())
        ids.emplace_back(query.integer(0));
    TRY_DONE(query.finished());
    return ids;
}

}  // namespace

Result<std::vector<InboxItem>> SqliteStore::inbox(MentionState state, InboxFilter const& filter, InboxPart part)
{
    return database_->read([&](Connection& db) -> Result<std::vector<InboxItem>> {
        std::string const where = mentions_in(state, filter);
        // Ids first, from the index alone where there is no filter; rows only for the page.
        std::string const page = folds_campaigns(state)
            ? fmt::format("SELECT id, campaign, many, received FROM (SELECT m.id, m.campaign, m.received, "
                          "row_number() OVER same AS place, count(*) OVER (PARTITION BY " BACKTALK_CAMPAIGN ") AS many "
                          "FROM mention m WHERE {} "
                          "WINDOW same AS (PARTITION BY " BACKTALK_CAMPAIGN " ORDER BY m.received DESC, m.id DESC)) "
                          "WHERE place = 1 ORDER BY received DESC, id DESC LIMIT ? OFFSET ?",
                  where)
            : fmt::format("SELECT m.id, m.campaign, 1 AS many, {0} AS received FROM mention m WHERE {1} ORDER BY {0} DESC, m.id DESC LIMIT "
                          "? OFFSET ?",
                  state == MentionState::Published ? "m.listed" : "m.received", where);
        Query query =
            db.query_text(fmt::format("WITH page AS MATERIALIZED ({}) SELECT " BACKTALK_MENTION_COLUMNS ", page.campaign, page.many "
                                      "FROM page JOIN mention m ON m.id = page.id ORDER BY page.received DESC, page.id DESC",
                page));
        bind_filter(query, filter);
        bind_part(query, part);
        std::vector<InboxItem> items;
        while (query.next()) {
            TRY(StoredMention mention, read_mention(query, {}));
            InboxItem item(std::move(mention));
            item.campaign = query.integer(mention_columns);
            item.mentions = query.integer(mention_columns + 1);
            items.push_back(std::move(item));
        }
        TRY_DONE(query.finished());
        return items;
    });
}

Result<std::vector<Ping>> SqliteStore::refused_pings(InboxFilter const& filter, InboxPart part)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Ping>> {
        Query query = db.query_text(fmt::format("SELECT " BACKTALK_PING_COLUMNS " FROM ping p WHERE p.state = 'refused'{} "
                                                "ORDER BY p.id DESC LIMIT ? OFFSET ?",
            ping_condition(filter)));
        bind_filter(query, filter);
        bind_part(query, part);
        return read_pings(query);
    });
}

Result<InboxCounts> SqliteStore::inbox_counts(InboxFilter const& filter)
{
    return database_->read([&](Connection& db) -> Result<InboxCounts> {
        InboxCounts counts;
        TRY(counts.held, count_of(db, MentionState::Held, filter));
        TRY(counts.published, count_of(db, MentionState::Published, filter));
        TRY(counts.spam, count_of(db, MentionState::Spam, filter));
        TRY(counts.gone, count_of(db, MentionState::Gone, filter));
        TRY(counts.deleted, count_of(db, MentionState::Deleted, filter));
        Query query = db.query_text(fmt::format("SELECT count(*) FROM ping p WHERE p.state = 'refused'{}", ping_condition(filter)));
        bind_filter(query, filter);
        counts.refused = query.next() ? query.integer(0) : 0;
        TRY_DONE(query.finished());
        return counts;
    });
}

Result<std::int64_t> SqliteStore::count_held()
{
    return database_->read([&](Connection& db) -> Result<std::int64_t> { return count_of(db, MentionState::Held, {}); });
}

Result<std::vector<MentionId>> SqliteStore::campaign_mentions(std::int64_t campaign, MentionState state)
{
    return database_->read([&](Connection& db) -> Result<std::vector<MentionId>> {
        Query query = db.query("SELECT id FROM mention WHERE campaign = ? AND state = ? ORDER BY id");
        query.bind(campaign).bind(to_word(state));
        return read_ids(query);
    });
}

Result<std::vector<MentionId>> SqliteStore::held_alike(MentionId mention)
{
    return database_->read([&](Connection& db) -> Result<std::vector<MentionId>> {
        Query query = db.query("SELECT o.id FROM mention o WHERE (o.id = ? OR (o.campaign <> 0 AND o.campaign = (SELECT campaign FROM "
                               "mention WHERE id = ?))) AND +o.state = 'held' ORDER BY o.received DESC, o.id DESC");
        query.bind(mention.value).bind(mention.value);
        return read_ids(query);
    });
}

}  // namespace backtalk::store
