#include <fmt/format.h>

#include "store/rows.h"
#include "store/sqlite_store.h"

// What the read API asks for: many entries at once, a page of mentions, no row more than is shown.
namespace backtalk::store {

namespace {

/// For "IN (SELECT value FROM json_each(?))": any number of ids in one parameter, and one statement for all numbers.
template <class Tag> std::string id_list(std::vector<Id<Tag>> const& ids)
{
    std::string list = "[";
    for (Id<Tag> const id : ids)
        list += fmt::format("{}{}", list.size() > 1 ? "," : "", id.value);
    return list + "]";
}

std::string word_list(std::vector<MentionType> const& types)
{
    std::string list = "[";
    for (MentionType const type : types)
        list += fmt::format("{}\"{}\"", list.size() > 1 ? "," : "", to_word(type));
    return list + "]";
}

/// The second from which on mentions may be news to someone who knows this one. Of one that is not shown at present that is not known
/// any more, but not before it was received; of an unknown one nothing is, and everything may be news.
Result<std::int64_t> known_until(Connection& db, MentionId id)
{
    Query query = db.query("SELECT CASE listed WHEN 0 THEN received ELSE listed END FROM mention WHERE id = ?");
    query.bind(id.value);
    std::int64_t const second = query.next() ? query.integer(0) : INT64_MIN;
    TRY_DONE(query.finished());
    return second;
}

std::string_view order_of(MentionFeedQuery::Sort sort)
{
    switch (sort) {
    case MentionFeedQuery::Sort::Listed: break;
    case MentionFeedQuery::Sort::Updated: return "coalesce(m.verified, m.listed)";
    case MentionFeedQuery::Sort::Published: return "coalesce(m.published, m.listed)";
    // Only some have details at all; empty ones are no JSON.
    case MentionFeedQuery::Sort::Rsvp: return "iif(m.type = 'rsvp', json_extract(m.details, '$.rsvp'), '')";
    }
    return "m.listed";
}

std::string order_sql(MentionFeedQuery const& query)
{
    std::string_view const direction = query.ascending ? "" : " DESC";
    if (query.sort == MentionFeedQuery::Sort::Listed)
        return fmt::format(" ORDER BY m.listed{0}, m.id{0}", direction);
    return fmt::format(" ORDER BY {0}{1}, m.listed{1}, m.id{1}", order_of(query.sort), direction);
}

/// The ids of the page that is asked for, by the indexes alone where these have the order.
std::string ids_sql(MentionFeedQuery const& query)
{
    bool const whole_sites = query.entries.empty();
    std::string sql = fmt::format("SELECT m.id FROM mention m {} CROSS JOIN entry e ON e.id = m.entry_id WHERE m.state = 'published' AND "
                                  "e.status IN ('published', 'unlisted')",
        // A home holds few sites: going along the order beats sorting all there is.
        whole_sites && query.sort == MentionFeedQuery::Sort::Listed ? "INDEXED BY mention_listed" : "INDEXED BY mention_feed");
    if (whole_sites)
        sql += " AND e.site_id IN (SELECT value FROM json_each(?1))";
    else if (query.entries.size() == 1)
        sql += " AND m.entry_id = json_extract(?1, '$[0]')";
    else
        sql += " AND m.entry_id IN (SELECT value FROM json_each(?1))";
    if (query.since || query.since_id)
        sql += " AND m.listed >= ?2";
    if (query.since_id)
        sql += " AND m.id <> ?3";
    if (query.types)
        sql += " AND m.type IN (SELECT value FROM json_each(?4))";
    return sql + order_sql(query) + " LIMIT ?5 OFFSET ?6";
}

}  // namespace

Result<std::vector<FeedMention>> SqliteStore::mention_feed(MentionFeedQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::vector<FeedMention>> {
        std::int64_t since = query.since ? seconds(*query.since) : INT64_MIN;
        if (query.since_id) {
            TRY(std::int64_t const known, known_until(db, *query.since_id));
            since = std::max(since, known);
        }
        Query rows = db.query_text(fmt::format("WITH page AS MATERIALIZED ({}) SELECT " BACKTALK_MENTION_COLUMNS
                                               ", e.site_id, e.path FROM page CROSS JOIN mention m ON m.id = page.id "
                                               "CROSS JOIN entry e ON e.id = m.entry_id{}",
            ids_sql(query), order_sql(query)));
        rows.bind(query.entries.empty() ? id_list(query.sites) : id_list(query.entries)).bind(since);
        rows.bind(query.since_id ? query.since_id->value : 0).bind(query.types ? word_list(*query.types) : std::string("[]"));
        rows.bind(static_cast<std::int64_t>(std::min<std::size_t>(query.limit, INT64_MAX)))
            .bind(static_cast<std::int64_t>(std::min<std::size_t>(query.offset, INT64_MAX)));
        std::vector<FeedMention> mentions;
        while (rows.next()) {
            TRY(StoredMention mention, read_mention(rows, {}));
            mentions.emplace_back(std::move(mention), SiteId(rows.integer(20)), rows.string(21));
        }
        TRY_DONE(rows.finished());
        return mentions;
    });
}

Result<std::vector<MentionCount>> SqliteStore::mention_counts(std::vector<EntryId> const& entries)
{
    return database_->read([&](Connection& db) -> Result<std::vector<MentionCount>> {
    // Only answers to invitations are looked into; all others are counted by the index.
#define BACKTALK_COUNTED                                                                                                                   \
    "FROM mention m INDEXED BY mention_feed CROSS JOIN entry e ON e.id = m.entry_id WHERE m.state = 'published' "                          \
    "AND e.status IN ('published', 'unlisted') AND m.entry_id IN (SELECT value FROM json_each(?1)) "
        Query query = db.query("SELECT m.type, '' AS rsvp, count(*) " BACKTALK_COUNTED "AND m.type <> 'rsvp' GROUP BY 1 UNION ALL "
                               "SELECT m.type, coalesce(json_extract(m.details, '$.rsvp'), '') AS rsvp, count(*) " BACKTALK_COUNTED
                               "AND m.type = 'rsvp' GROUP BY 1, 2 ORDER BY 1, 2");
#undef BACKTALK_COUNTED
        query.bind(id_list(entries));
        std::vector<MentionCount> counts;
        while (query.next()) {
            TRY(MentionType const type, known(mention_type_named(query.text(0)), "mention type"));
            counts.push_back(MentionCount{type, query.string(1), query.integer(2)});
        }
        TRY_DONE(query.finished());
        return counts;
    });
}

}  // namespace backtalk::store
