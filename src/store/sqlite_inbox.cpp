#include <unordered_set>

#include <fmt/format.h>

#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

/// The WHERE of a filter, for `table` m (mentions) or p (pings); and its values in the same order. Every column that it asks for is in the
/// indexes of the inbox, which the queries name: left to itself, SQLite would read the rows of a whole site by its entries.
std::string condition(InboxFilter const& filter, std::string_view table, std::string_view origin, std::string_view host)
{
    std::string sql;
    if (filter.entry)
        sql += fmt::format(" AND {}.entry_id = ?", table);
    if (filter.origin)
        sql += fmt::format(" AND {}", origin);
    // The first part is not needed, but quick; and what costs most is asked last.
    if (!filter.host.empty())
        sql += fmt::format(" AND instr({0}, ?) > 0 AND ('.' || {0}) LIKE ? ESCAPE '\\'", host);
    if (filter.site)
        sql += fmt::format(" AND {}.entry_id IN (SELECT id FROM entry WHERE site_id = ?)", table);
    return sql;
}

/// NB: none of the words for origins is a part of another.
std::string mention_condition(InboxFilter const& filter) { return condition(filter, "m", "instr(m.origins, ?) > 0", "m.host"); }

bool is_any(InboxFilter const& filter) { return !filter.site && !filter.entry && !filter.origin && filter.host.empty(); }

/// NB: the state is written out, since an index of some states only is not used for a state that comes later.
std::string mentions_in(MentionState state, InboxFilter const& filter)
{
    return fmt::format("m.state = '{}'{}", to_word(state), mention_condition(filter));
}

std::string ping_condition(InboxFilter const& filter)
{
    // Of a URL, what is between "//" and the next "/".
    return condition(filter, "p", "p.origin = ?",
        "substr(p.source, instr(p.source, '//') + 2, instr(substr(p.source, instr(p.source, '//') + 2), '/') - 1)");
}

void bind_filter(Query& query, InboxFilter const& filter)
{
    if (filter.entry)
        query.bind(filter.entry->value);
    if (filter.origin)
        query.bind(to_word(*filter.origin));
    if (!filter.host.empty())
        query.bind(filter.host).bind("%." + like_text(filter.host));
    if (filter.site)
        query.bind(filter.site->value);
}

void bind_part(Query& query, InboxPart part)
{
    query.bind(static_cast<std::int64_t>(part.limit)).bind(static_cast<std::int64_t>(part.offset));
}

/// What is shown is read one by one; what is to be decided, a campaign at a time.
bool folds_campaigns(MentionState state) { return state == MentionState::Held || state == MentionState::Spam; }

/// Holds all that is asked of the mentions in a state, in the order of their list.
std::string_view index_of(MentionState state) { return state == MentionState::Published ? "mention_listed" : "mention_inbox"; }

Result<std::int64_t> count_of(Connection& db, MentionState state, InboxFilter const& filter)
{
    std::string const where = mentions_in(state, filter);
    // Each by an index of its own: the one has the campaigns in their order, so that none need be kept to know it again.
    Query query = db.query_text(folds_campaigns(state)
            ? fmt::format("SELECT (SELECT count(*) FROM mention m INDEXED BY mention_inbox WHERE {0} AND m.campaign = 0) + "
                          "(SELECT count(DISTINCT m.campaign) FROM mention m INDEXED BY mention_campaign WHERE {0} AND m.campaign <> 0)",
                  where)
            : fmt::format("SELECT count(*) FROM mention m INDEXED BY {} WHERE {}", index_of(state), where));
    bind_filter(query, filter);
    if (folds_campaigns(state))
        bind_filter(query, filter);
    std::int64_t const count = query.next() ? query.integer(0) : 0;
    TRY_DONE(query.finished());
    return count;
}

/// A mention that stands for itself, or for its campaign.
struct Place {
    MentionId mention;
    std::int64_t campaign;
};

/// A part of the list. What is before it is read too, but from the index alone.
Result<std::vector<Place>> places_of(Connection& db, MentionState state, InboxFilter const& filter, InboxPart part)
{
    std::string_view const order = state == MentionState::Published ? "m.listed" : "m.received";
    Query query = db.query_text(fmt::format("SELECT m.id, m.campaign FROM mention m INDEXED BY {} WHERE {} ORDER BY {} DESC, m.id DESC",
        index_of(state), mentions_in(state, filter), order));
    bind_filter(query, filter);
    std::vector<Place> places;
    std::unordered_set<std::int64_t> campaigns;
    bool const folds = folds_campaigns(state);
    std::size_t before = part.offset;
    while (places.size() < part.limit) {
        if (!query.next()) {
            TRY_DONE(query.finished());
            break;
        }
        std::int64_t const campaign = folds ? query.integer(1) : 0;
        if (campaign != 0 && !campaigns.insert(campaign).second)
            continue;
        if (before > 0)
            --before;
        else
            places.push_back({MentionId(query.integer(0)), campaign});
    }
    return places;
}

Result<InboxItem> item_at(Connection& db, Place place, MentionState state, InboxFilter const& filter)
{
    Query row = db.query("SELECT " BACKTALK_MENTION_COLUMNS " FROM mention m WHERE m.id = ?");
    row.bind(place.mention.value);
    if (!row.next()) {
        TRY_DONE(row.finished());
        return failure(ErrorCode::Internal, "an index of the inbox has a mention that is not there: run backtalk doctor");
    }
    TRY(StoredMention mention, read_mention(row, {}));
    InboxItem item(std::move(mention));
    item.campaign = place.campaign;
    item.newest = place.mention;
    if (place.campaign == 0)
        return item;
    Query alike = db.query_text(
        fmt::format("SELECT count(*), max(m.id) FROM mention m INDEXED BY mention_campaign WHERE {} AND m.campaign = ? AND m.campaign <> 0",
            mentions_in(state, filter)));
    bind_filter(alike, filter);
    alike.bind(place.campaign);
    if (alike.next()) {
        item.mentions = alike.integer(0);
        item.newest = MentionId(alike.integer(1));
    }
    TRY_DONE(alike.finished());
    return item;
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
        TRY(std::vector<Place> const places, places_of(db, state, filter, part));
        std::vector<InboxItem> items;
        for (Place const& place : places) {
            TRY(InboxItem item, item_at(db, place, state, filter));
            items.push_back(std::move(item));
        }
        return items;
    });
}

Result<std::vector<Ping>> SqliteStore::refused_pings(InboxFilter const& filter, InboxPart part)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Ping>> {
        Query query =
            db.query_text(fmt::format("SELECT " BACKTALK_PING_COLUMNS " FROM ping p WHERE p.id IN (SELECT p.id FROM ping p INDEXED "
                                      "BY ping_refused WHERE p.state = 'refused'{} ORDER BY p.id DESC LIMIT ? OFFSET ?) ORDER BY p.id DESC",
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
        TRY(counts.held, is_any(filter) ? count_held() : count_of(db, MentionState::Held, filter));
        TRY(counts.published, count_of(db, MentionState::Published, filter));
        TRY(counts.spam, count_of(db, MentionState::Spam, filter));
        TRY(counts.gone, count_of(db, MentionState::Gone, filter));
        TRY(counts.deleted, count_of(db, MentionState::Deleted, filter));
        Query query = db.query_text(
            fmt::format("SELECT count(*) FROM ping p INDEXED BY ping_refused WHERE p.state = 'refused'{}", ping_condition(filter)));
        bind_filter(query, filter);
        counts.refused = query.next() ? query.integer(0) : 0;
        TRY_DONE(query.finished());
        return counts;
    });
}

Result<std::int64_t> SqliteStore::count_held()
{
    std::uint64_t const before = commits();  // what is committed while we count is counted again
    {
        std::scoped_lock const lock(held_mutex_);
        if (held_ && held_->commits == before)
            return held_->count;
    }
    TRY(std::int64_t const count,
        database_->read([&](Connection& db) -> Result<std::int64_t> { return count_of(db, MentionState::Held, {}); }));
    std::scoped_lock const lock(held_mutex_);
    held_ = HeldCount{before, count};
    return count;
}

Result<std::vector<MentionId>> SqliteStore::campaign_mentions(
    std::int64_t campaign, MentionState state, InboxFilter const& filter, MentionId up_to)
{
    return database_->read([&](Connection& db) -> Result<std::vector<MentionId>> {
        Query query = db.query_text(fmt::format("SELECT m.id FROM mention m INDEXED BY mention_campaign WHERE {} AND m.campaign = ? AND "
                                                "m.campaign <> 0 AND m.id <= ? ORDER BY m.id",
            mentions_in(state, filter)));
        bind_filter(query, filter);
        query.bind(campaign).bind(up_to.value);
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
