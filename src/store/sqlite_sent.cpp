#include <fmt/format.h>

#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

Result<std::vector<Sent>> read_all(Query& query)
{
    std::vector<Sent> all;
    while (query.next()) {
        TRY(Sent sent, read_sent(query));
        all.push_back(std::move(sent));
    }
    TRY_DONE(query.finished());
    return all;
}

}  // namespace

Result<Sent> read_sent(Query const& row)
{
    TRY(Url target, Url::parse(row.text(2)));
    Sent sent(SentId(row.integer(0)), EntryId(row.integer(1)), std::move(target));
    TRY(sent.last.state, known(sent_state_named(row.text(3)), "state of what was sent"));
    sent.last.endpoint = row.string(4);
    sent.last.protocol = row.string(5);
    sent.last.message = row.string(6);
    sent.last.next_try = instant(row.integer(7));
    sent.attempts = static_cast<int>(row.integer(8));
    sent.updated = instant(row.integer(9));
    sent.version = SentVersion(row.string(10), row.string(11));
    sent.linked = row.integer(12) != 0;
    sent.last.status_url = row.string(13);
    return sent;
}

Task<Result<void>> SqliteStore::queue_sent(EntryId entry, std::vector<Url> targets, SentVersion version, std::chrono::seconds wait)
{
    return database_->write<void>([entry, targets = std::move(targets), version = std::move(version), wait](
                                      Transaction& transaction) -> Result<void> {
        Instant const first_try = transaction.now + wait;
        // What is not among the targets keeps the mark of this statement.
        TRY_DONE(transaction.db.query("UPDATE sent SET linked = -1 WHERE entry_id = ? AND linked = 1").bind(entry.value).run());
        for (Url const& target : targets) {
            // Never twice, unless the entry changed since. Only a Webmention can tell again that nothing but a response is new.
            Query upsert = transaction.db.query(
                "INSERT INTO sent (entry_id, target, version, responses, state, endpoint, protocol, message, attempts, next_try, updated) "
                "VALUES (?1, ?2, ?3, ?4, 'queued', '', '', '', 0, ?5, ?6) ON CONFLICT (entry_id, target) DO UPDATE SET "
                "version = ?3, responses = ?4, linked = 1, state = 'queued', attempts = 0, next_try = ?5, updated = ?6 "
                "WHERE version <> ?3 OR linked = 0 OR (responses <> ?4 AND protocol = 'webmention')");
            upsert.bind(entry.value).bind(target.str()).bind(version.text).bind(version.responses);
            upsert.bind(seconds(first_try)).bind(seconds(transaction.now));
            TRY_DONE(upsert.run());
            Query keep = transaction.db.query("UPDATE sent SET linked = 1 WHERE entry_id = ? AND target = ?");
            TRY_DONE(keep.bind(entry.value).bind(target.str()).run());
        }
        Query take_back = transaction.db.query(
            "UPDATE sent SET linked = 0, version = ?1, responses = ?2, state = 'queued', attempts = 0, next_try = ?3, updated = ?5 "
            "WHERE entry_id = ?4 AND linked = -1 AND protocol = 'webmention' AND endpoint <> ''");
        TRY_DONE(take_back.bind(version.text)
                .bind(version.responses)
                .bind(seconds(first_try))
                .bind(entry.value)
                .bind(seconds(transaction.now))
                .run());
        Query give_up = transaction.db.query(
            "UPDATE sent SET linked = 0, state = CASE state WHEN 'queued' THEN 'failed' ELSE state END, message = CASE state WHEN "
            "'queued' THEN 'the link was removed before it was told' ELSE message END WHERE entry_id = ? AND linked = -1");
        return give_up.bind(entry.value).run();
    });
}

Result<bool> SqliteStore::has_told(SiteId site, std::string_view host)
{
    return database_->read([&](Connection& db) -> Result<bool> {
        Query query =
            db.query("SELECT s.target FROM sent s JOIN entry e ON e.id = s.entry_id WHERE e.site_id = ? AND instr(s.target, ?) > 0");
        query.bind(site.value).bind(host);
        bool found = false;
        while (!found && query.next())
            if (auto const target = Url::parse(query.text(0)))
                found = target->host() == host;
        TRY_DONE(query.finished());
        return found;
    });
}

Result<std::optional<Sent>> SqliteStore::sent(SentId id)
{
    return database_->read([&](Connection& db) -> Result<std::optional<Sent>> {
        Query query = db.query("SELECT " BACKTALK_SENT_COLUMNS " FROM sent s WHERE s.id = ?");
        query.bind(id.value);
        TRY(std::vector<Sent> found, read_all(query));
        if (found.empty())
            return std::nullopt;
        return std::move(found.front());
    });
}

Result<std::vector<Sent>> SqliteStore::sent_of(std::optional<EntryId> entry)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Sent>> {
        Query query = db.query("SELECT " BACKTALK_SENT_COLUMNS " FROM sent s WHERE ?1 IS NULL OR entry_id = ?1 ORDER BY id DESC");
        if (entry)
            query.bind(entry->value);
        else
            query.bind_null();
        return read_all(query);
    });
}

Result<std::vector<Sent>> SqliteStore::due_sent(Instant now, std::size_t limit)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Sent>> {
        Query query =
            db.query("SELECT " BACKTALK_SENT_COLUMNS " FROM sent s WHERE state = 'queued' AND next_try <= ? ORDER BY next_try, id LIMIT ?");
        query.bind(seconds(now)).bind(static_cast<std::int64_t>(limit));
        return read_all(query);
    });
}

Result<std::optional<Instant>> SqliteStore::next_sent_due()
{
    return database_->read([](Connection& db) -> Result<std::optional<Instant>> {
        Query query = db.query("SELECT min(next_try) FROM sent WHERE state = 'queued'");
        std::optional<Instant> due;
        if (query.next() && !query.is_null(0))
            due = instant(query.integer(0));
        TRY_DONE(query.finished());
        return due;
    });
}

Task<Result<void>> SqliteStore::put_off_sent(std::vector<std::int64_t> ids, Instant until)
{
    return database_->write<void>([ids = std::move(ids), until](Transaction& transaction) -> Result<void> {
        for (std::int64_t const id : ids)
            TRY_DONE(
                transaction.db.query("UPDATE sent SET next_try = ? WHERE id = ? AND state = 'queued'").bind(seconds(until)).bind(id).run());
        return {};
    });
}

Task<Result<void>> SqliteStore::finish_sent(SentId id, SentOutcome outcome)
{
    return database_->write<void>([id, outcome = std::move(outcome)](Transaction& transaction) -> Result<void> {
        // An entry that was edited while its ping was under way is to be told again. A target that could not be asked keeps the
        // endpoint by which it was told before: it is to hear of a deletion too.
        Query update = transaction.db.query(
            "UPDATE sent SET state = ?1, endpoint = CASE WHEN ?2 = '' AND ?1 <> 'no endpoint' THEN endpoint ELSE ?2 END, "
            "protocol = CASE WHEN ?3 = '' AND ?1 <> 'no endpoint' THEN protocol ELSE ?3 END, message = ?4, next_try = ?5, "
            "attempts = attempts + ?6, updated = ?7, status_url = ?8 WHERE id = ?9 AND ?10 IN ('', version || ' ' || responses)");
        update.bind(to_word(outcome.state))
            .bind(outcome.endpoint)
            .bind(outcome.protocol)
            .bind(outcome.message)
            .bind(seconds(outcome.next_try));
        std::string const told = outcome.version == SentVersion() ? "" : outcome.version.text + " " + outcome.version.responses;
        return update.bind(std::int64_t(outcome.counts))
            .bind(seconds(transaction.now))
            .bind(outcome.status_url)
            .bind(id.value)
            .bind(told)
            .run();
    });
}

Task<Result<void>> SqliteStore::retry_sent(std::vector<SentId> ids)
{
    return database_->write<void>([ids = std::move(ids)](Transaction& transaction) -> Result<void> {
        for (SentId const id : ids) {
            TRY_DONE(transaction.db.query("UPDATE sent SET state = 'queued', attempts = 0, next_try = ? WHERE id = ?")
                    .bind(seconds(transaction.now))
                    .bind(id.value)
                    .run());
            if (transaction.db.changes() == 0)
                return failure(ErrorCode::NotFound, fmt::format("nothing was sent under the number {}: see backtalk sent list", id.value));
        }
        return {};
    });
}

}  // namespace backtalk::store
