#include <fmt/format.h>

#include "app/change_keys.h"
#include "base/text.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

Result<std::optional<Ping>> find_ping(Connection& db, PingId id)
{
    Query query = db.query("SELECT " BACKTALK_PING_COLUMNS " FROM ping p WHERE p.id = ?");
    query.bind(id.value);
    if (!query.next()) {
        TRY_DONE(query.finished());
        return std::nullopt;
    }
    TRY(Ping ping, read_ping(query));
    return ping;
}

Result<void> set_ping_state(Connection& db, PingId id, PingState state, std::string_view reason, Instant next_try,
    std::optional<MentionId> mention, int attempts_more = 1)
{
    Query update = db.query(
        "UPDATE ping SET state = ?, reason = ?, attempts = attempts + ?, next_try = ?, mention_id = coalesce(?, mention_id) WHERE id = ?");
    update.bind(to_word(state)).bind(reason).bind(std::int64_t(attempts_more)).bind(seconds(next_try));
    if (mention)
        update.bind(mention->value);
    else
        update.bind_null();
    return update.bind(id.value).run();
}

Result<std::optional<MentionId>> mention_by_source(Connection& db, EntryId entry, std::string_view source_key)
{
    Query query = db.query("SELECT mention_id FROM mention_source WHERE entry_id = ? AND source_key = ?");
    query.bind(entry.value).bind(source_key);
    std::optional<MentionId> found;
    if (query.next())
        found = MentionId(query.integer(0));
    TRY_DONE(query.finished());
    return found;
}

/// Whether a mention known by one of these addresses stands by an answer that was asked for later than this one.
Result<bool> stands_by_newer(Connection& db, EntryId entry, Mention const& mention, std::int64_t fetched)
{
    for (std::string const& key : mention.source_keys()) {
        Query query = db.query("SELECT 1 FROM mention_source s JOIN mention m ON m.id = s.mention_id "
                               "WHERE s.entry_id = ? AND s.source_key = ? AND m.fetched > ?");
        query.bind(entry.value).bind(key).bind(fetched);
        bool const newer = query.next();
        TRY_DONE(query.finished());
        if (newer)
            return true;
    }
    return false;
}

/// A page that withdrew its link takes its mention along, unless an archive vouched for it. Of what is not shown anyway it is noted, so
/// that nobody brings it back unread.
Result<void> withdraw_mention(Transaction& transaction, Ping const& ping, std::string_view reason, std::int64_t fetched)
{
    Query find = transaction.db.query("SELECT m.id FROM mention_source s JOIN mention m ON m.id = s.mention_id "
                                      "WHERE s.entry_id = ? AND s.source_key = ? AND m.origins NOT LIKE '%imported%'");
    find.bind(ping.entry.value).bind(comparison_key(ping.source));
    if (!find.next())
        return find.finished();
    // An answer that is older than the one the mention stands by proves nothing any more.
    std::int64_t const mention = find.integer(0);
    TRY_DONE(transaction.db
            .query("UPDATE mention SET state = CASE WHEN state IN ('published', 'held') THEN 'gone' ELSE state END, "
                   "withdrawn = 1, note = ?, fetched = ? WHERE id = ? AND fetched <= ?")
            .bind(reason)
            .bind(fetched)
            .bind(mention)
            .bind(fetched)
            .run());
    return note_mention_change(transaction, ping.entry, mention);
}

/// A mention that was judged before is of the campaign as well. It is shown less than before, never more, and stays what its owner made
/// of it.
Result<void> reassess_earlier(Transaction& transaction, PingVerified const& outcome, PingId ping)
{
    Query find = transaction.db.query("SELECT m.id, m.entry_id, m.state, m.verdict FROM ping p JOIN mention m ON m.id = p.mention_id "
                                      "WHERE p.id = ? AND m.approved = 0 AND m.state IN ('published', 'held', 'spam')");
    find.bind(ping.value);
    if (!find.next())
        return find.finished();
    std::int64_t const mention = find.integer(0);
    EntryId const entry(find.integer(1));
    TRY(MentionState const before, known(mention_state_named(find.text(2)), "mention state"));
    std::optional<Reassessed> const now = outcome.reassess(ping, find.string(3));
    if (!now)
        return {};
    bool const is_worse = before == MentionState::Published || now->state == MentionState::Spam;
    TRY_DONE(transaction.db.query("UPDATE mention SET campaign = ?, state = ?, note = ?, verdict = ? WHERE id = ?")
            .bind(outcome.campaign)
            .bind(to_word(is_worse ? now->state : before))
            .bind(now->note)
            .bind(now->verdict)
            .bind(mention)
            .run());
    return note_mention_change(transaction, entry, mention);
}

/// The mention is of the campaign, and so are those that came before it was known for one.
Result<void> join_campaign(Transaction& transaction, PingVerified const& outcome, MentionId mention)
{
    if (outcome.campaign == 0)
        return {};
    Query join = transaction.db.query("UPDATE mention SET campaign = ? WHERE id = ?");
    TRY_DONE(join.bind(outcome.campaign).bind(mention.value).run());
    for (PingId const ping : outcome.earlier)
        TRY_DONE(reassess_earlier(transaction, outcome, ping));
    return {};
}

struct FinishPing {
    Transaction& transaction;
    Ping const& ping;

    Result<std::optional<MentionId>> operator()(PingVerified const& outcome) const
    {
        TRY(bool const outdated, stands_by_newer(transaction.db, ping.entry, outcome.mention, outcome.fetched));
        TRY(StoredListing const listing, upsert_mention(transaction, ping, outcome.mention, outcome.state, !outdated, outcome.note));
        if (!outdated)
            TRY_DONE(transaction.db.query("UPDATE mention SET etag = ?, last_modified = ?, fetched = ?, verdict = ? WHERE id = ?")
                    .bind(outcome.validators.etag)
                    .bind(outcome.validators.last_modified)
                    .bind(outcome.fetched)
                    .bind(outcome.verdict)
                    .bind(listing.id.value)
                    .run());
        TRY_DONE(join_campaign(transaction, outcome, listing.id));
        TRY_DONE(set_ping_state(transaction.db, ping.id, PingState::Verified, outcome.note, transaction.now, listing.id));
        return listing.id;
    }
    Result<std::optional<MentionId>> operator()(PingUnchanged const& outcome) const
    {
        TRY(std::optional<MentionId> const mention, mention_by_source(transaction.db, ping.entry, comparison_key(ping.source)));
        if (mention) {
            TRY_DONE(transaction.db
                    .query(
                        "UPDATE mention SET verified = ?, origins = CASE WHEN ' ' || origins || ' ' LIKE '% ' || ?2 || ' %' THEN origins "
                        "ELSE origins || ' ' || ?2 END WHERE id = ?3")
                    .bind(seconds(transaction.now))
                    .bind(to_word(ping.origin))
                    .bind(mention->value)
                    .run());
            TRY_DONE(note_mention_change(transaction, ping.entry, mention->value));
        }
        TRY_DONE(set_ping_state(transaction.db, ping.id, PingState::Verified, outcome.note, transaction.now, mention));
        return mention;
    }
    Result<std::optional<MentionId>> operator()(PingRefused const& outcome) const
    {
        std::optional<MentionId> mention;
        if (outcome.source_withdrawn) {
            TRY_DONE(withdraw_mention(transaction, ping, outcome.reason, outcome.fetched));
            // Who announced the deletion asks about his own ping, and is to see that the mention went.
            TRY(mention, mention_by_source(transaction.db, ping.entry, comparison_key(ping.source)));
        }
        // A second look at what an archive brought, or at what was once verified, does not unmake the claim's history.
        TRY_DONE(set_ping_state(transaction.db, ping.id, ping.origin == Origin::Imported ? PingState::Verified : PingState::Refused,
            outcome.reason, transaction.now, mention));
        return mention ? mention : ping.mention;
    }
    Result<std::optional<MentionId>> operator()(PingLater const& outcome) const
    {
        TRY_DONE(set_ping_state(
            transaction.db, ping.id, PingState::Queued, outcome.reason, outcome.next_try, std::nullopt, outcome.counts ? 1 : 0));
        return ping.mention;
    }
};

}  // namespace

Result<Ping> read_ping(Query const& row)
{
    TRY(Origin const origin, known(origin_named(row.text(2)), "origin"));
    TRY(Url source, Url::parse(row.text(3)));
    PingClaim claim(EntryId(row.integer(1)), origin, std::move(source));
    claim.source_as_received = row.string(4);
    claim.target_as_received = row.string(5);
    claim.title = row.string(6);
    claim.excerpt = row.string(7);
    claim.blog_name = row.string(8);
    claim.sender = row.string(9);
    claim.received = instant(row.integer(10));
    claim.vouch = row.string(16);
    claim.status_key = row.string(17);
    Ping ping(PingId(row.integer(0)), std::move(claim));
    TRY(ping.state, known(ping_state_named(row.text(11)), "ping state"));
    ping.reason = row.string(12);
    ping.attempts = static_cast<int>(row.integer(13));
    ping.next_try = instant(row.integer(14));
    if (!row.is_null(15))
        ping.mention = MentionId(row.integer(15));
    return ping;
}

Result<std::vector<Ping>> read_pings(Query& rows)
{
    std::vector<Ping> pings;
    while (rows.next()) {
        TRY(Ping ping, read_ping(rows));
        pings.push_back(std::move(ping));
    }
    TRY_DONE(rows.finished());
    return pings;
}

Task<Result<PingId>> SqliteStore::add_ping(PingClaim claim)
{
    auto work = [claim = std::move(claim)](Transaction& transaction) -> Result<PingId> {
        Query insert = transaction.db.query("INSERT INTO ping (entry_id, origin, source, source_received, target_received, title, excerpt, "
                                            "blog_name, sender, received, state, reason, attempts, next_try, vouch, status_key) "
                                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', '', 0, ?, ?, ?)");
        insert.bind(claim.entry.value)
            .bind(to_word(claim.origin))
            .bind(claim.source.str())
            .bind(claim.source_as_received)
            .bind(claim.target_as_received);
        insert.bind(claim.title)
            .bind(claim.excerpt)
            .bind(claim.blog_name)
            .bind(claim.sender)
            .bind(seconds(claim.received))
            .bind(seconds(claim.received))
            .bind(claim.vouch)
            .bind(claim.status_key);
        TRY_DONE(insert.run());
        return PingId(transaction.db.last_insert_id());
    };
    return database_->write<PingId>(std::move(work), Writer::Statements::One);
}

Result<std::optional<Ping>> SqliteStore::ping_by_status_key(std::string_view key)
{
    return database_->read([&](Connection& db) -> Result<std::optional<Ping>> {
        Query query = db.query("SELECT " BACKTALK_PING_COLUMNS " FROM ping p WHERE p.status_key = ? AND p.status_key <> ''");
        query.bind(key);
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(Ping ping, read_ping(query));
        return ping;
    });
}

Result<std::optional<Ping>> SqliteStore::ping(PingId id)
{
    return database_->read([&](Connection& db) { return find_ping(db, id); });
}

Result<std::vector<Ping>> SqliteStore::pings(PingQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Ping>> {
        std::string sql = "SELECT " BACKTALK_PING_COLUMNS " FROM ping p WHERE 1";
        if (query.entry)
            sql += " AND p.entry_id = ?";
        if (query.mention)
            sql += " AND p.mention_id = ?";
        if (query.state)
            sql += " AND p.state = ?";
        sql += " ORDER BY p.id DESC LIMIT ?";
        Query statement = db.query_text(sql);
        if (query.entry)
            statement.bind(query.entry->value);
        if (query.mention)
            statement.bind(query.mention->value);
        if (query.state)
            statement.bind(to_word(*query.state));
        statement.bind(static_cast<std::int64_t>(std::min<std::size_t>(query.limit, INT64_MAX)));
        return read_pings(statement);
    });
}

Result<std::vector<Ping>> SqliteStore::due_pings(Instant now, std::size_t limit)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Ping>> {
        Query query = db.query(
            "SELECT " BACKTALK_PING_COLUMNS " FROM ping p WHERE p.state = 'queued' AND p.next_try <= ? ORDER BY p.next_try, p.id LIMIT ?");
        query.bind(seconds(now)).bind(static_cast<std::int64_t>(limit));
        return read_pings(query);
    });
}

Result<std::optional<Instant>> SqliteStore::next_ping_due()
{
    return database_->read([](Connection& db) -> Result<std::optional<Instant>> {
        Query query = db.query("SELECT min(next_try) FROM ping WHERE state = 'queued'");
        std::optional<Instant> due;
        if (query.next() && !query.is_null(0))
            due = instant(query.integer(0));
        TRY_DONE(query.finished());
        return due;
    });
}

Task<Result<void>> SqliteStore::put_off_pings(std::vector<std::int64_t> ids, Instant until)
{
    return database_->write<void>([ids = std::move(ids), until](Transaction& transaction) -> Result<void> {
        for (std::int64_t const id : ids)
            TRY_DONE(
                transaction.db.query("UPDATE ping SET next_try = ? WHERE id = ? AND state = 'queued'").bind(seconds(until)).bind(id).run());
        return {};
    });
}

Result<std::optional<Validators>> SqliteStore::validators(EntryId entry, std::string_view source_key)
{
    return database_->read([&](Connection& db) -> Result<std::optional<Validators>> {
        Query query = db.query("SELECT m.etag, m.last_modified FROM mention_source s JOIN mention m ON m.id = s.mention_id "
                               "WHERE s.entry_id = ? AND s.source_key = ? AND m.verified IS NOT NULL AND m.withdrawn = 0 AND (m.etag <> "
                               "'' OR m.last_modified <> '')");
        query.bind(entry.value).bind(source_key);
        std::optional<Validators> found;
        if (query.next())
            found = Validators{query.string(0), query.string(1)};
        TRY_DONE(query.finished());
        return found;
    });
}

Task<Result<std::optional<MentionId>>> SqliteStore::finish_ping(PingId id, PingOutcome outcome)
{
    return database_->write<std::optional<MentionId>>(
        [id, outcome = std::move(outcome)](Transaction& transaction) -> Result<std::optional<MentionId>> {
            TRY(std::optional<Ping> const ping, find_ping(transaction.db, id));
            if (!ping)
                return failure(ErrorCode::NotFound, fmt::format("ping {} is gone", id.value));
            return std::visit(FinishPing{transaction, *ping}, outcome);
        });
}

}  // namespace backtalk::store
