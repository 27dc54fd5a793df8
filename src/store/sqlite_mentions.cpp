#include <set>

#include <fmt/format.h>

#include "app/change_keys.h"
#include "store/listing_details.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

std::string origin_words(std::vector<Origin> const& origins)
{
    std::string words;
    for (Origin const origin : origins)
        words += fmt::format("{}{}", words.empty() ? "" : " ", to_word(origin));
    return words;
}

void bind_listing(Query& query, Mention const& mention)
{
    Listing const& listing = mention.listing();
    query.bind(to_word(mention.type())).bind(mention.url().host()).bind(mention.url().str());
    query.bind(listing.title)
        .bind(listing.excerpt)
        .bind(listing.site_name)
        .bind(listing.author_name)
        .bind(listing.author_url)
        .bind(listing.language);
    if (listing.published)
        query.bind(seconds(*listing.published));
    else
        query.bind_null();
    query.bind(listing.published_offset.count()).bind(details_of(listing));
}

/// The mentions of the entry that are known by one of these keys, the oldest first.
Result<std::vector<std::int64_t>> known_by(Connection& db, EntryId entry, std::vector<std::string> const& keys)
{
    std::set<std::int64_t> ids;
    for (std::string const& key : keys) {
        Query query = db.query("SELECT mention_id FROM mention_source WHERE entry_id = ? AND source_key = ?");
        query.bind(entry.value).bind(key);
        if (query.next())
            ids.insert(query.integer(0));
        TRY_DONE(query.finished());
    }
    return std::vector<std::int64_t>(ids.begin(), ids.end());
}

Result<std::int64_t> insert_mention(
    Transaction& transaction, PingClaim const& claim, Mention const& mention, MentionState state, bool verified, std::string_view note)
{
    Query insert =
        transaction.db.query("INSERT INTO mention (entry_id, state, origins, source, received, verified, note, type, host, url, "
                             "title, excerpt, site_name, author_name, author_url, language, "
                             "published, published_offset, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(claim.entry.value)
        .bind(to_word(state))
        .bind(to_word(claim.origin))
        .bind(claim.source_as_received)
        .bind(seconds(claim.received));
    if (verified)
        insert.bind(seconds(transaction.now));
    else
        insert.bind_null();
    insert.bind(note);
    bind_listing(insert, mention);
    TRY_DONE(insert.run());
    return transaction.db.last_insert_id();
}

/// What is known of a mention beside what its page says.
struct History {
    MentionState state;
    std::vector<Origin> origins;
    std::string source;
    std::int64_t received;
    bool approved;
    bool withdrawn;

    void add(Origin origin)
    {
        if (std::find(origins.begin(), origins.end(), origin) == origins.end())
            origins.push_back(origin);
    }
    /// The first announcement counts, in whichever order they were read.
    void add(std::int64_t when, std::string const& announced_source)
    {
        if (when < received) {
            received = when;
            source = announced_source;
        }
    }
};

Result<History> history_of(Connection& db, std::int64_t mention)
{
    Query query = db.query("SELECT state, origins, source, received, approved, withdrawn FROM mention WHERE id = ?");
    query.bind(mention);
    if (!query.next()) {
        TRY_DONE(query.finished());
        return failure(ErrorCode::Internal, fmt::format("mention {} has addresses but no row: run backtalk doctor", mention));
    }
    TRY(MentionState const state, known(mention_state_named(query.text(0)), "mention state"));
    TRY(std::vector<Origin> origins, read_origins(query.text(1)));
    return History{state, std::move(origins), query.string(2), query.integer(3), query.integer(4) != 0, query.integer(5) != 0};
}

Result<void> write_history(Connection& db, std::int64_t mention, History const& history)
{
    Query update =
        db.query("UPDATE mention SET state = ?, origins = ?, source = ?, received = ?, approved = ?, withdrawn = ? WHERE id = ?");
    update.bind(to_word(history.state))
        .bind(origin_words(history.origins))
        .bind(history.source)
        .bind(history.received)
        .bind(std::int64_t(history.approved))
        .bind(std::int64_t(history.withdrawn));
    return update.bind(mention).run();
}

/// One more ping announced a known mention.
Result<void> note_announcement(Connection& db, std::int64_t mention, PingClaim const& claim)
{
    TRY(History history, history_of(db, mention));
    history.add(claim.origin);
    history.add(seconds(claim.received), claim.source_as_received);
    return write_history(db, mention, history);
}

/// A known mention takes what the page says now. What its owner decided stays; what had gone comes back, as the owner or else the judge
/// wants it.
Result<void> renew_mention(Transaction& transaction, std::int64_t id, Mention const& mention, MentionState state, std::string_view note)
{
    Query update = transaction.db.query(
        "UPDATE mention SET state = CASE WHEN state <> 'gone' THEN state WHEN approved = 1 THEN 'published' "
        "ELSE ? END, withdrawn = 0, verified = ?, note = ?, type = ?, host = ?, url = ?, title = ?, excerpt = ?, site_name = ?, "
        "author_name = ?, author_url = ?, language = ?, published = ?, published_offset = ?, details = ? "
        "WHERE id = ?");
    update.bind(to_word(state)).bind(seconds(transaction.now)).bind(note);
    bind_listing(update, mention);
    return update.bind(id).run();
}

/// The state of two mentions that are one: what the owner decided on either of them outranks what checks said.
MentionState merged(MentionState one, MentionState other)
{
    using enum MentionState;
    for (MentionState const state : {Deleted, Spam, Published, Held})
        if (one == state || other == state)
            return state;
    return Gone;
}

Result<bool> is_listed(Connection& db, std::int64_t mention)
{
    Query query = db.query("SELECT listed FROM mention WHERE id = ?");
    query.bind(mention);
    bool const listed = query.next() && query.integer(0) != 0;
    TRY_DONE(query.finished());
    return listed;
}

/// Two mentions turned out to be one page: the younger one's pings, addresses and history go to the older.
Result<void> merge_mention(Transaction& transaction, std::int64_t younger, std::int64_t older)
{
    Connection& db = transaction.db;
    TRY_DONE(queue_hooks_of_removal(transaction, younger));
    TRY(History history, history_of(db, older));
    TRY(History const other, history_of(db, younger));
    history.state = merged(history.state, other.state);
    history.approved = history.approved || other.approved;
    history.withdrawn = history.withdrawn && other.withdrawn;
    for (Origin const origin : other.origins)
        history.add(origin);
    history.add(other.received, other.source);
    TRY_DONE(write_history(db, older, history));
    TRY_DONE(db.query("UPDATE ping SET mention_id = ? WHERE mention_id = ?").bind(older).bind(younger).run());
    TRY_DONE(db.query("UPDATE mention_source SET mention_id = ? WHERE mention_id = ?").bind(older).bind(younger).run());
    return db.query("DELETE FROM mention WHERE id = ?").bind(younger).run();
}

}  // namespace

Result<void> note_mention_change(Transaction& transaction, EntryId entry, std::int64_t mention, HookNews news)
{
    TRY(bool const was_shown, is_listed(transaction.db, mention));
    // Never before one that is listed already, whatever the clock does: who asked for all since then would miss it.
    Query update =
        transaction.db.query("UPDATE mention SET listed = CASE WHEN state <> 'published' THEN 0 WHEN listed = 0 THEN "
                             "max(?1, coalesce((SELECT max(listed) FROM mention WHERE state = 'published'), 0)) ELSE listed END, "
                             "spam_since = CASE WHEN state <> 'spam' THEN 0 WHEN spam_since = 0 THEN ?1 ELSE spam_since END WHERE id = ?2");
    TRY_DONE(update.bind(seconds(transaction.now)).bind(mention).run());
    transaction.changed.push_back(key_of_mentions(entry));
    if (news == HookNews::KeepQuiet)
        return {};
    return queue_hooks_of_change(transaction, entry, mention, was_shown);
}

Result<StoredListing> upsert_mention(
    Transaction& transaction, PingClaim const& claim, Mention const& mention, MentionState state, bool verified, std::string_view note)
{
    Connection& db = transaction.db;
    TRY(std::vector<std::int64_t> const ids, known_by(db, claim.entry, mention.source_keys()));
    std::int64_t id = 0;
    if (ids.empty()) {
        TRY(id, insert_mention(transaction, claim, mention, state, verified, note));
    } else {
        id = ids.front();
        for (std::size_t i = 1; i < ids.size(); ++i)
            TRY_DONE(merge_mention(transaction, ids[i], id));
        TRY_DONE(note_announcement(db, id, claim));
        if (verified)
            TRY_DONE(renew_mention(transaction, id, mention, state, note));
    }
    std::int64_t position = 0;
    for (std::string const& key : mention.source_keys())
        TRY_DONE(db.query("INSERT OR IGNORE INTO mention_source (entry_id, source_key, mention_id, position) VALUES (?, ?, ?, ?)")
                .bind(claim.entry.value)
                .bind(key)
                .bind(id)
                .bind(position++)
                .run());
    // An archive moves in at once: its owner knows, and asks the API for all of it.
    HookNews const news = claim.origin == Origin::Imported ? HookNews::KeepQuiet : HookNews::Tell;
    TRY_DONE(note_mention_change(transaction, claim.entry, id, news));
    return StoredListing{MentionId(id), ids.empty()};
}

Result<bool> queue_recheck(Transaction& transaction, MentionId mention)
{
    Query update = transaction.db.query("UPDATE ping SET state = 'queued', attempts = 0, next_try = ?, reason = 'to be checked again' "
                                        "WHERE id = (SELECT max(id) FROM ping WHERE mention_id = ?)");
    TRY_DONE(update.bind(seconds(transaction.now)).bind(mention.value).run());
    return transaction.db.changes() > 0;
}

Task<Result<void>> SqliteStore::set_mention_state(std::vector<MentionId> ids, MentionState state)
{
    return database_->write<void>([ids = std::move(ids), state](Transaction& transaction) -> Result<void> {
        for (MentionId const id : ids) {
            Query find = transaction.db.query("SELECT entry_id FROM mention WHERE id = ?");
            find.bind(id.value);
            if (!find.next()) {
                TRY_DONE(find.finished());
                return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", id.value));
            }
            TRY_DONE(transaction.db.query("UPDATE mention SET state = ?, approved = ? WHERE id = ?")
                    .bind(to_word(state))
                    .bind(std::int64_t(state == MentionState::Published))
                    .bind(id.value)
                    .run());
            TRY_DONE(note_mention_change(transaction, EntryId(find.integer(0)), id.value));
        }
        return {};
    });
}

Task<Result<void>> SqliteStore::recheck_mentions(std::vector<MentionId> ids)
{
    return database_->write<void>([ids = std::move(ids)](Transaction& transaction) -> Result<void> {
        for (MentionId const id : ids) {
            TRY(bool const queued, queue_recheck(transaction, id));
            if (!queued)
                return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", id.value));
        }
        return {};
    });
}

}  // namespace backtalk::store
