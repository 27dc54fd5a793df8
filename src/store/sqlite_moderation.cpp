#include <fmt/format.h>

#include "base/text.h"
#include "store/lesson_text.h"
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
    return database_->read([&](Connection& db) -> Result<std::vector<PastArrival>> {
        Query query = db.query("SELECT " BACKTALK_MENTION_COLUMNS ", p.id, p.received FROM ping p JOIN mention m ON m.id = p.mention_id "
                               "WHERE p.id > (SELECT max(id) FROM ping) - ? AND p.received >= ? AND p.state = 'verified' ORDER BY p.id");
        query.bind(static_cast<std::int64_t>(std::min<std::size_t>(pings_max, INT64_MAX))).bind(seconds(since));
        std::vector<PastArrival> arrivals;
        while (query.next()) {
            TRY(StoredMention stored, read_mention(query, {}));
            arrivals.push_back(
                {PingId(query.integer(mention_columns)), stored.entry, std::move(stored.mention), instant(query.integer(mention_columns + 1))});
        }
        TRY_DONE(query.finished());
        return arrivals;
    });
}

    if (transaction.db.changes() == 0)
        return {};  // named twice
    TRY_DONE(apply_lesson(transaction.db, lesson, 1));
    return set_state(transaction, lesson.mention, before->entry, to_word(state_after(what)), what == Decision::Approve);
}

/// What one decision did to one mention.
struct Decided {
    Lesson lesson;
    std::string state_before;
    bool approved_before;
    bool is_latest;  ///< Nobody decided on the mention since.
};

Result<std::vector<Decided>> decided_by(Connection& db, DecisionId decision)
{
    // A mention that an owner removed with its site or entry has no row left, and no site to learn for.
    Query query = db.query(
        "SELECT d.mention_id, e.site_id, d.state_before, d.approved_before, d.lesson, NOT EXISTS (SELECT 1 FROM decided later JOIN "
        "decision l "
        "ON l.id = later.decision_id WHERE later.mention_id = d.mention_id AND later.decision_id > d.decision_id AND l.undone_by = '') "
        "FROM decided d JOIN mention m ON m.id = d.mention_id JOIN entry e ON e.id = m.entry_id WHERE d.decision_id = ?");
    query.bind(decision.value);
    std::vector<Decided> all;
    while (query.next()) {
        Decided decided{Lesson(MentionId(query.integer(0))), query.string(2), query.integer(3) != 0, query.integer(5) != 0};
        decided.lesson.site = SiteId(query.integer(1));
        TRY_DONE(read_lesson(query.text(4), decided.lesson));
        all.push_back(std::move(decided));
    }
    TRY_DONE(query.finished());
    return all;
}

}  // namespace

Task<Result<DecisionId>> SqliteStore::add_decision(DecisionMade made)
{
    return database_->write<DecisionId>([made = std::move(made)](Transaction& transaction) -> Result<DecisionId> {
        TRY_DONE(transaction.db.query("INSERT INTO decision (decision, actor, made) VALUES (?, ?, ?)")
                .bind(to_word(made.decision))
                .bind(made.actor)
                .bind(seconds(transaction.now))
                .run());
        DecisionId const id(transaction.db.last_insert_id());
        for (Lesson const& lesson : made.lessons)
            TRY_DONE(write_decided(transaction, id, made.decision, lesson));
        return id;
    });
}

Task<Result<void>> SqliteStore::undo_decision(DecisionId id, std::string actor)
{
    return database_->write<void>([id, actor = std::move(actor)](Transaction& transaction) -> Result<void> {
        Query find = transaction.db.query("SELECT undone_by <> '', EXISTS (SELECT 1 FROM decided WHERE decision_id = decision.id AND "
                                          "lesson = '') FROM decision WHERE id = ?");
        find.bind(id.value);
        if (!find.next()) {
            TRY_DONE(find.finished());
            return failure(ErrorCode::NotFound, fmt::format("there is no decision {}", id.value));
        }
        if (find.integer(0) != 0)
            return failure(ErrorCode::Conflict, fmt::format("decision {} was taken back already", id.value));
        if (find.integer(1) != 0)
            return failure(ErrorCode::Conflict, fmt::format("decision {} is too old to be taken back: decide anew", id.value));
        TRY_DONE(
            transaction.db.query("UPDATE decision SET undone_by = ? WHERE id = ?").bind(actor.empty() ? "?" : actor).bind(id.value).run());
        TRY(std::vector<Decided> const all, decided_by(transaction.db, id));
        for (Decided const& each : all) {
            TRY_DONE(apply_lesson(transaction.db, each.lesson, -1));
            TRY(std::optional<DecidedBefore> const now, state_of(transaction.db, each.lesson.mention));
            if (now && each.is_latest)
                TRY_DONE(set_state(transaction, each.lesson.mention, now->entry, each.state_before, each.approved_before));
        }
        return {};
    });
}

Result<std::vector<PastDecision>> SqliteStore::decisions(std::size_t limit)
{
    return database_->read([&](Connection& db) -> Result<std::vector<PastDecision>> {
        Query query = db.query("SELECT d.id, d.decision, d.actor, d.made, d.undone_by, (SELECT group_concat(mention_id, ' ') FROM decided "
                               "WHERE decision_id = d.id) FROM decision d ORDER BY d.id DESC LIMIT ?");
        query.bind(static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
        std::vector<PastDecision> past;
        while (query.next()) {
            PastDecision& one = past.emplace_back();
            one.id = DecisionId(query.integer(0));
            TRY(one.decision, known(decision_named(query.text(1)), "decision"));
            one.actor = query.string(2);
            one.made = instant(query.integer(3));
            one.undone = !query.text(4).empty();
            for (std::string_view const word : split(query.text(5), ' '))
                if (auto const mention = parse_integer<std::int64_t>(word))
                    one.mentions.emplace_back(*mention);
        }
        TRY_DONE(query.finished());
        return past;
    });
}

Task<Result<BlockId>> SqliteStore::add_block(Block block)
{
    return database_->write<BlockId>([block = std::move(block)](Transaction& transaction) -> Result<BlockId> {
        TRY_DONE(transaction.db.query("INSERT OR IGNORE INTO block (site_id, kind, subject, actor, made) VALUES (?, ?, ?, ?, ?)")
                .bind(block.site.value)
                .bind(to_word(block.kind))
                .bind(block.subject)
                .bind(block.actor)
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
                .query("UPDATE decided SET lesson = '' WHERE lesson <> '' AND decision_id IN (SELECT id FROM decision WHERE made < ?)")
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
