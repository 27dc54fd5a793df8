#include <fmt/format.h>

#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

#define BACKTALK_BLOCK_COLUMNS "id, site_id, kind, subject, actor, made"

Result<Block> read_block(Query const& row)
{
    TRY(BlockKind const kind, known(block_kind_named(row.text(2)), "kind of block"));
    Block block(BlockId(row.integer(0)), SiteId(row.integer(1)), kind, row.string(3));
    block.actor = row.string(4);
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
                .bind(seconds(transaction.now))
                .run());
        Query find = transaction.db.query("SELECT id FROM block WHERE site_id = ? AND kind = ? AND subject = ?");
        find.bind(block.site.value).bind(to_word(block.kind)).bind(block.subject);
        BlockId const id(find.next() ? find.integer(0) : 0);
        TRY_DONE(find.finished());
        return id;
    });
}

Task<Result<Block>> SqliteStore::remove_block(BlockId id)
{
    return database_->write<Block>([id](Transaction& transaction) -> Result<Block> {
        Query remove = transaction.db.query("DELETE FROM block WHERE id = ? RETURNING " BACKTALK_BLOCK_COLUMNS);
        remove.bind(id.value);
        if (!remove.next()) {
            TRY_DONE(remove.finished());
            return failure(ErrorCode::NotFound, fmt::format("there is no block {}", id.value));
        }
        return read_block(remove);
    });
}

Result<std::vector<Block>> SqliteStore::blocks(SiteId site)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Block>> {
        Query query = db.query("SELECT " BACKTALK_BLOCK_COLUMNS " FROM block WHERE site_id = ? ORDER BY kind, subject");
        query.bind(site.value);
        std::vector<Block> blocks;
        while (query.next()) {
            TRY(Block block, read_block(query));
            blocks.push_back(std::move(block));
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
        // An older lesson is still needed where a younger decision, taken back, would make it hold again.
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
