#include <fmt/format.h>

#include "app/change_keys.h"
#include "app/random_key.h"
#include "base/text.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

// What the receivers of web hooks are told: written beside each change of a mention, worked off by app/send_hooks.h.
namespace backtalk::store {

namespace {

constexpr std::chrono::days kept_after_the_end{30};

#define BACKTALK_HOOK_COLUMNS                                                                                                              \
    "h.id, h.site_id, h.mention_id, h.source, h.path, h.event, h.delivery, h.state, h.queued, h.next_try, h.attempts, h.updated, h.note"

Result<Hook> read_hook(Query const& row)
{
    Hook hook(HookId(row.integer(0)), SiteId(row.integer(1)), MentionId(row.integer(2)));
    hook.source = row.string(3);
    hook.path = row.string(4);
    TRY(hook.event, known(hook_event_named(row.text(5)), "event of a web hook"));
    hook.delivery = row.string(6);
    TRY(hook.state, known(hook_state_named(row.text(7)), "state of a web hook"));
    hook.queued = instant(row.integer(8));
    hook.next_try = instant(row.integer(9));
    hook.attempts = static_cast<int>(row.integer(10));
    hook.updated = instant(row.integer(11));
    hook.note = row.string(12);
    return hook;
}

Result<std::vector<Hook>> read_all(Query& query)
{
    std::vector<Hook> all;
    while (query.next()) {
        TRY(Hook hook, read_hook(query));
        all.push_back(std::move(hook));
    }
    TRY_DONE(query.finished());
    return all;
}

/// As whose mention a receiver knows what it was told.
struct Subject {
    std::string source;
    std::string path;
    bool operator==(Subject const&) const = default;
};

/// Where an entry is, if its site has a hook.
struct HookedEntry {
    SiteId site;
    std::string path;
};

Result<std::optional<HookedEntry>> hooked_entry(Connection& db, std::int64_t entry)
{
    Query query = db.query("SELECT e.site_id, e.path FROM entry e JOIN site s ON s.id = e.site_id WHERE e.id = ? AND s.hook_url <> ''");
    query.bind(entry);
    std::optional<HookedEntry> found;
    if (query.next())
        found = HookedEntry{SiteId(query.integer(0)), query.string(1)};
    TRY_DONE(query.finished());
    return found;
}

/// What was last queued of a mention.
struct Told {
    Subject subject;
    std::string version;
};

Result<std::optional<Told>> told_of(Connection& db, std::int64_t mention)
{
    Query query = db.query("SELECT source, path, version FROM hook_told WHERE mention_id = ?");
    query.bind(mention);
    std::optional<Told> told;
    if (query.next())
        told = Told{Subject{query.string(0), query.string(1)}, query.string(2)};
    TRY_DONE(query.finished());
    return told;
}

/// Whether a mention is shown, under which source, and a hash of all that is shown of it.
struct Shown {
    bool is_shown = false;
    std::string source;
    std::string version;
};

Result<Shown> shown_of(Connection& db, std::int64_t mention)
{
    Query query = db.query("SELECT state = 'published', coalesce(nullif(source, ''), url), type, origins, url, title, excerpt, site_name, "
                           "author_name, author_url, "
                           "language, published, published_offset, details FROM mention WHERE id = ?");
    query.bind(mention);
    Shown shown;
    if (query.next()) {
        shown.is_shown = query.integer(0) != 0;
        shown.source = query.string(1);
        std::uint64_t hash = stable_hash("mention");
        for (int column = 1; column < 14; ++column)
            hash = stable_hash(query.text(column), stable_hash("|", hash));
        shown.version = fmt::format("{:016x}", hash);
    }
    TRY_DONE(query.finished());
    return shown;
}

/// When the site's receiver may be asked again; the oldest that waits says so for all.
Result<Instant> end_of_pause(Transaction& transaction, SiteId site)
{
    Query query = transaction.db.query("SELECT next_try FROM hook WHERE site_id = ? AND state = 'waiting' ORDER BY id LIMIT 1");
    query.bind(site.value);
    Instant const pause = query.next() ? instant(query.integer(0)) : transaction.now;
    TRY_DONE(query.finished());
    return std::max(pause, transaction.now);
}

/// One row for each change; what waits for the same subject is told no more, its place is given up.
Result<void> queue_hook(Transaction& transaction, SiteId site, std::int64_t mention, Subject const& subject, HookEvent event)
{
    Connection& db = transaction.db;
    TRY(Instant const first_try, end_of_pause(transaction, site));
    {
        Query waiting =
            db.query("SELECT event FROM hook WHERE site_id = ? AND source = ? AND path = ? AND state = 'waiting' ORDER BY id DESC LIMIT 1");
        waiting.bind(site.value).bind(subject.source).bind(subject.path);
        // Who has not yet heard of it hears first that it is there.
        if (waiting.next() && waiting.text(0) == to_word(HookEvent::Published) && event == HookEvent::Updated)
            event = HookEvent::Published;
        TRY_DONE(waiting.finished());
    }
    Query replace = db.query("UPDATE hook SET state = 'replaced', updated = ?, note = 'a newer change is told instead' "
                             "WHERE site_id = ? AND source = ? AND path = ? AND state = 'waiting'");
    TRY_DONE(replace.bind(seconds(transaction.now)).bind(site.value).bind(subject.source).bind(subject.path).run());
    Query insert =
        db.query("INSERT INTO hook (site_id, mention_id, source, path, event, delivery, state, queued, next_try, attempts, updated, "
                 "note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?8, 0, ?7, '')");
    insert.bind(site.value).bind(mention).bind(subject.source).bind(subject.path).bind(to_word(event)).bind(random_hex_key());
    TRY_DONE(insert.bind(seconds(transaction.now)).bind(seconds(first_try)).run());
    transaction.changed.push_back(key_of_hooks());
    return {};
}

Result<void> queue_deletion(Transaction& transaction, SiteId site, std::int64_t mention, Subject const& subject)
{
    TRY_DONE(transaction.db.query("DELETE FROM hook_told WHERE mention_id = ?").bind(mention).run());
    return queue_hook(transaction, site, mention, subject, HookEvent::Deleted);
}

}  // namespace

Result<void> queue_hooks_of_change(Transaction& transaction, EntryId entry_id, std::int64_t mention, bool was_shown)
{
    Connection& db = transaction.db;
    TRY(std::optional<HookedEntry> const entry, hooked_entry(db, entry_id.value));
    if (!entry)
        return {};
    TRY(Shown const shown, shown_of(db, mention));
    if (!shown.is_shown && !was_shown)
        return {};
    TRY(std::optional<Told> const told, told_of(db, mention));
    Subject const now{shown.source, entry->path};
    if (!shown.is_shown)
        return queue_deletion(transaction, entry->site, mention, told ? told->subject : now);
    bool const has_moved = told && told->subject != now;
    if (told && was_shown && !has_moved && told->version == shown.version)
        return {};
    if (has_moved)
        TRY_DONE(queue_deletion(transaction, entry->site, mention, told->subject));
    Query keep = db.query("INSERT OR REPLACE INTO hook_told (mention_id, source, path, version) VALUES (?, ?, ?, ?)");
    TRY_DONE(keep.bind(mention).bind(now.source).bind(now.path).bind(shown.version).run());
    return queue_hook(transaction, entry->site, mention, now, was_shown && !has_moved ? HookEvent::Updated : HookEvent::Published);
}

Result<void> queue_hooks_of_removal(Transaction& transaction, std::int64_t mention)
{
    Query query = transaction.db.query("SELECT entry_id, coalesce(nullif(source, ''), url) FROM mention WHERE id = ? AND listed <> 0");
    query.bind(mention);
    if (!query.next())
        return query.finished();
    TRY(std::optional<HookedEntry> const entry, hooked_entry(transaction.db, query.integer(0)));
    if (!entry)
        return {};
    TRY(std::optional<Told> const told, told_of(transaction.db, mention));
    return queue_deletion(transaction, entry->site, mention, told ? told->subject : Subject{query.string(1), entry->path});
}

Result<void> hurry_hooks(Transaction& transaction, SiteId site)
{
    transaction.changed.push_back(key_of_hooks());
    Query update = transaction.db.query("UPDATE hook SET next_try = min(next_try, ?) WHERE site_id = ? AND state = 'waiting'");
    return update.bind(seconds(transaction.now)).bind(site.value).run();
}

Result<std::optional<Hook>> SqliteStore::hook(HookId id)
{
    return database_->read([&](Connection& db) -> Result<std::optional<Hook>> {
        Query query = db.query("SELECT " BACKTALK_HOOK_COLUMNS " FROM hook h WHERE h.id = ?");
        query.bind(id.value);
        TRY(std::vector<Hook> found, read_all(query));
        if (found.empty())
            return std::nullopt;
        return std::move(found.front());
    });
}

Result<std::vector<Hook>> SqliteStore::hooks(HookQuery const& query)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Hook>> {
        Query rows = db.query("SELECT " BACKTALK_HOOK_COLUMNS
                              " FROM hook h WHERE (?1 = 0 OR h.site_id = ?1) AND (?2 = '' OR h.state = ?2) ORDER BY h.id DESC LIMIT ?3");
        rows.bind(query.site ? query.site->value : 0).bind(query.state ? to_word(*query.state) : std::string_view());
        rows.bind(static_cast<std::int64_t>(std::min<std::size_t>(query.limit, INT64_MAX)));
        return read_all(rows);
    });
}

Result<std::int64_t> SqliteStore::count_waiting_hooks()
{
    return database_->read([](Connection& db) -> Result<std::int64_t> {
        Query query = db.query("SELECT count(*) FROM hook WHERE state = 'waiting'");
        std::int64_t const count = query.next() ? query.integer(0) : 0;
        TRY_DONE(query.finished());
        return count;
    });
}

Result<std::vector<Hook>> SqliteStore::due_hooks(Instant now, std::size_t limit)
{
    return database_->read([&](Connection& db) -> Result<std::vector<Hook>> {
        Query query = db.query("SELECT " BACKTALK_HOOK_COLUMNS " FROM site s CROSS JOIN hook h ON h.id = (SELECT min(id) FROM hook "
                               "WHERE site_id = s.id AND state = 'waiting') WHERE h.next_try <= ? ORDER BY h.next_try, h.id LIMIT ?");
        query.bind(seconds(now)).bind(static_cast<std::int64_t>(limit));
        return read_all(query);
    });
}

Result<std::optional<Instant>> SqliteStore::next_hook_due()
{
    return database_->read([](Connection& db) -> Result<std::optional<Instant>> {
        Query query = db.query("SELECT min(h.next_try) FROM site s CROSS JOIN hook h ON h.id = (SELECT min(id) FROM hook "
                               "WHERE site_id = s.id AND state = 'waiting')");
        std::optional<Instant> due;
        if (query.next() && !query.is_null(0))
            due = instant(query.integer(0));
        TRY_DONE(query.finished());
        return due;
    });
}

Task<Result<void>> SqliteStore::put_off_hooks(std::vector<std::int64_t> ids, Instant until)
{
    return database_->write<void>([ids = std::move(ids), until](Transaction& transaction) -> Result<void> {
        for (std::int64_t const id : ids)
            TRY_DONE(transaction.db.query("UPDATE hook SET next_try = ? WHERE id = ? AND state = 'waiting'")
                    .bind(seconds(until))
                    .bind(id)
                    .run());
        return {};
    });
}

Task<Result<void>> SqliteStore::finish_hook(HookId id, HookOutcome outcome)
{
    return database_->write<void>([id, outcome = std::move(outcome)](Transaction& transaction) -> Result<void> {
        Connection& db = transaction.db;
        Query update = db.query("UPDATE hook SET state = ?1, note = ?2, attempts = attempts + ?3, updated = ?4 "
                                "WHERE id = ?5 AND (state = 'waiting' OR (state = 'replaced' AND ?1 = 'delivered'))");
        update.bind(to_word(outcome.state)).bind(outcome.note).bind(std::int64_t(outcome.counts)).bind(seconds(transaction.now));
        TRY_DONE(update.bind(id.value).run());
        if (outcome.pause) {
            Query pause = db.query("UPDATE hook SET next_try = max(next_try, ?1) WHERE state = 'waiting' AND "
                                   "site_id = (SELECT site_id FROM hook WHERE id = ?2)");
            TRY_DONE(pause.bind(seconds(*outcome.pause)).bind(id.value).run());
        }
        Query forget = db.query("DELETE FROM hook WHERE state <> 'waiting' AND updated < ?");
        return forget.bind(seconds(transaction.now - kept_after_the_end)).run();
    });
}

Task<Result<void>> SqliteStore::retry_hooks(std::vector<HookId> ids)
{
    return database_->write<void>([ids = std::move(ids)](Transaction& transaction) -> Result<void> {
        for (HookId const id : ids) {
            Query find = transaction.db.query("SELECT site_id FROM hook WHERE id = ?");
            find.bind(id.value);
            if (!find.next()) {
                TRY_DONE(find.finished());
                return failure(ErrorCode::NotFound, fmt::format("there is no hook {}: see backtalk hooks list", id.value));
            }
            // Under a new name, or a receiver that folds what it has had already would never look at it.
            Query update = transaction.db.query(
                "UPDATE hook SET state = 'waiting', attempts = 0, queued = ?1, next_try = ?1, delivery = ?2 WHERE id = ?3");
            TRY_DONE(update.bind(seconds(transaction.now)).bind(random_hex_key()).bind(id.value).run());
            TRY_DONE(hurry_hooks(transaction, SiteId(find.integer(0))));
        }
        return {};
    });
}

}  // namespace backtalk::store
