#include <fmt/format.h>

#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

/// Adds what the lesson taught, or with `sign` -1 takes it away.
Result<void> apply_lesson(Connection& db, Lesson const& lesson, int sign)
{
    for (std::uint32_t const bucket : lesson.buckets)
        TRY_DONE(
            db.query("INSERT INTO learnt (site_id, bucket, weight) VALUES (?, ?, ?) "
                     "ON CONFLICT (site_id, bucket) DO UPDATE SET weight = weight + excluded.weight")
                .bind(lesson.site.value)
                .bind(std::int64_t(bucket))
                .bind(std::int64_t(lesson.step) * sign)
                .run());
    for (Lesson::Remembered const& each : lesson.remembered)
        TRY_DONE(
            db.query("INSERT INTO remembered (site_id, kind, subject, good, bad) VALUES (?, ?, ?, ?, ?) "
                     "ON CONFLICT (site_id, kind, subject) DO UPDATE SET good = max(0, good + excluded.good), bad = max(0, bad + "
                     "excluded.bad)")
                .bind(lesson.site.value)
                .bind(each.kind)
                .bind(each.subject)
                .bind_real(each.good * sign)
                .bind_real(each.bad * sign)
                .run());
    return {};
}

struct DecidedBefore {
    EntryId entry;
    std::string state;
    bool approved;
};

Result<std::optional<DecidedBefore>> state_of(Connection& db, MentionId mention)
{
    Query find = db.query("SELECT entry_id, state, approved FROM mention WHERE id = ?");
    find.bind(mention.value);
    std::optional<DecidedBefore> found;
    if (find.next())
        found = DecidedBefore{EntryId(find.integer(0)), find.string(1), find.integer(2) != 0};
    TRY_DONE(find.finished());
    return found;
}

Result<void> set_state(Transaction& transaction, MentionId mention, EntryId entry, std::string_view state, bool approved)
{
    // NB: what was spam already is kept for as long again: who decided may want it back.
    TRY_DONE(transaction.db.query("UPDATE mention SET state = ?, approved = ?, spam_since = 0 WHERE id = ?")
            .bind(state)
            .bind(std::int64_t(approved))
            .bind(state == to_word(MentionState::Spam) ? seconds(transaction.now) : std::int64_t(0))
            .bind(mention.value)
            .run());
    return note_mention_change(transaction, entry, mention.value);
}

Result<void> write_decided(Transaction& transaction, DecisionId decision, Decision what, Lesson const& lesson)
{
    TRY(std::optional<DecidedBefore> const before, state_of(transaction.db, lesson.mention));
    if (!before)
        return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", lesson.mention.value));
    TRY_DONE(transaction.db
            .query("INSERT OR IGNORE INTO decided (mention_id, decision_id, state_before, approved_before, lesson) VALUES (?, ?, ?, ?, ?)")
            .bind(lesson.mention.value)
            .bind(decision.value)
            .bind(before->state)
            .bind(std::int64_t(before->approved))
            .bind(text_of(lesson))
            .run());
Result<std::optional<Instant>> SqliteStore::listed_since(std::string_view host)
{
    return database_->read([&](Connection& db) -> Result<std::optional<Instant>> {
        Query query = db.query("SELECT min(listed) FROM mention WHERE host = ? AND state = 'published' AND verified IS NOT NULL");
        query.bind(host);
        std::optional<Instant> since;
        if (query.next() && !query.is_null(0))
            since = instant(query.integer(0));
        TRY_DONE(query.finished());
        return since;
    });
}

Result<std::vector<ModerationStore::PastArrival>> SqliteStore::arrivals_since(Instant since, std::size_t pings_max)
{
    TRY(BlockKind const kind, known(block_kind_named(row.text(2)), "kind of block"));
    Block block(BlockId(row.integer(0)), SiteId(row.integer(1)), kind, row.string(3));
    block.actor = row.string(4);
Result<std::optional<Instant>> SqliteStore::listed_since(std::string_view host)
{
    return database_->read([&](Connection& db) -> Result<std::optional<Instant>> {
        Query query = db.query("SELECT min(listed) FROM mention WHERE host = ? AND state = 'published' AND verified IS NOT NULL");
        query.bind(host);
        std::optional<Instant> since;
        if (query.next() && !query.is_null(0))
            since = instant(query.integer(0));
        TRY_DONE(query.finished());
        return since;
    });
}

Result<std::vector<ModerationStore::PastArrival>> SqliteStore::arrivals_since(Instant since, std::size_t pings_max)
{
    return database_->read([&](Connection& db) -> Result<std::vector<PastArrival>> {
        Query query = db.query("SELECT " BACKTALK_MENTION_COLUMNS ", p.id, p.received FROM ping p JOIN mention m ON m.id = p.mention_id "
                               "WHERE p.id > (SELECT max(id) FROM ping) - ? AND p.received >= ? AND p.state = 'verified' ORDER BY p.id");
        query.bind(static_cast<std::int64_t>(std::min<std::size_t>(pings_max, INT64_MAX))).bind(seconds(since));
        std::vector<PastArrival> arrivals;
        while (query.next()) {
            TRY(StoredMention stored, read_mention(query, {}));
            arrivals.push_back({PingId(query.integer(mention_columns)), stored.entry, std::move(stored.mention),
                instant(query.integer(mention_columns + 1))});
        }
        TRY_DONE(query.finished());
        return arrivals;
    });
}

    block.made = instant(row.integer(5));
    return block;
}

}  // namespace

Task<Result<BlockId>> SqliteStore::add_block(Block block)
{
    return database_->write<BlockId>([block = std::move(block)](Transaction& transaction) -> Result<BlockId> {
        TRY_DONE(transaction.db.query("INSERT OR IGNORE INTO block (site_id, kind, subject, actor, made) VALUES (?, ?, ?, ?, ?)")
                .bind(block.site.value)
                .bind(to_word(block.kind))
                .bind(block.subject)
                .bind(block.actor)
        // An older lesson is still needed where a younger decision, taken back, would make it hold again.
                .bind(seconds(transaction.now))
                .run());
        Query find = transaction.db.query("SELECT id FROM block WHERE site_id = ? AND kind = ? AND subject = ?");
        find.bind(block.site.value).bind(to_word(block.kind)).bind(block.subject);
        BlockId const id(find.next() ? find.integer(0) : 0);
        TRY_DONE(find.finished());
        return id;
    });
}

Task<Result<void>> SqliteStore::remove_block(BlockId id)
{
    return database_->write<void>([id](Transaction& transaction) -> Result<void> {
        TRY_DONE(transaction.db.query("DELETE FROM block WHERE id = ?").bind(id.value).run());
        if (transaction.db.changes() == 0)
            return failure(ErrorCode::NotFound, fmt::format("there is no block {}", id.value));
        return {};
    });
}

Result<std::vector<Block>> SqliteStore::blocks(SiteId site)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Block>> {
        Query query = db.query("SELECT id, kind, subject, actor, made FROM block WHERE site_id = ? ORDER BY kind, subject");
        query.bind(site.value);
        std::vector<Block> blocks;
        while (query.next()) {
            TRY(BlockKind const kind, known(block_kind_named(query.text(1)), "kind of block"));
            Block& block = blocks.emplace_back(BlockId(query.integer(0)), site, kind, query.string(2));
            block.actor = query.string(3);
            block.made = instant(query.integer(4));
        }
        TRY_DONE(query.finished());
        return blocks;
    });
}

Result<std::vector<std::pair<std::uint32_t, std::int32_t>>> SqliteStore::learnt(SiteId site)
{
    return database_->read([&](Connection& db) -> Result<std::vector<std::pair<std::uint32_t, std::int32_t>>> {
        Query query = db.query("SELECT bucket, weight FROM learnt WHERE site_id = ? AND weight <> 0");
        query.bind(site.value);
        std::vector<std::pair<std::uint32_t, std::int32_t>> weights;
        while (query.next())
            weights.emplace_back(static_cast<std::uint32_t>(query.integer(0)), static_cast<std::int32_t>(query.integer(1)));
        TRY_DONE(query.finished());
        return weights;
    });
}

Result<ModerationStore::Memory> SqliteStore::remembered(SiteId site, std::string_view kind, std::string_view subject)
{
    return database_->read([&](Connection& db) -> Result<Memory> {
        Query query = db.query("SELECT good, bad FROM remembered WHERE site_id = ? AND kind = ? AND subject = ?");
        query.bind(site.value).bind(kind).bind(subject);
        Memory memory;
        if (query.next())
            memory = Memory{query.real(0), query.real(1)};
        TRY_DONE(query.finished());
        return memory;
    });
}

Result<std::string> SqliteStore::verdict(MentionId mention)
{
    return database_->read([&](Connection& db) -> Result<std::string> {
        Query query = db.query("SELECT verdict FROM mention WHERE id = ?");
        query.bind(mention.value);
        std::string verdict = query.next() ? query.string(0) : std::string();
        TRY_DONE(query.finished());
        return verdict;
    });
}

Task<Result<std::int64_t>> SqliteStore::purge_spam(Instant before)
{
    return database_->write<std::int64_t>([before](Transaction& transaction) -> Result<std::int64_t> {
        TRY_DONE(transaction.db
                .query("UPDATE decided SET lesson = '' WHERE lesson <> '' AND decision_id IN (SELECT id FROM decision WHERE made < ?1) "
                       "AND NOT EXISTS (SELECT 1 FROM decided later JOIN decision d ON d.id = later.decision_id WHERE later.mention_id = "
                       "decided.mention_id AND later.decision_id > decided.decision_id AND later.undone = 0 AND d.made >= ?1)")
                .bind(seconds(before))
                .run());
        TRY_DONE(transaction.db.query("DELETE FROM learnt WHERE weight = 0").run());
        TRY_DONE(transaction.db.query("DELETE FROM mention WHERE state = 'spam' AND spam_since > 0 AND spam_since < ?")
                .bind(seconds(before))
                .run());
        return transaction.db.changes();
    });
}

}  // namespace backtalk::store
