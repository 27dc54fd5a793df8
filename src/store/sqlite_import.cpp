#include <fmt/format.h>

#include "app/change_keys.h"
#include "base/text.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

namespace backtalk::store {

namespace {

/// Puts one record of an archive into the store; what is there already stays as it is.
class RecordImport {
public:
    RecordImport(Transaction& transaction, Site const& site, ImportCounts& counts) : transaction_(transaction), site_(site), counts_(counts)
    {
    }

    Result<void> run(ImportedEntry& record)
    {
        TRY(std::optional<EntryId> entry, known_entry(record.key));
        if (entry) {
            ++counts_.entries_known;
        } else if (record.attach_only) {
            TRY(entry, entry_of_day_time(record));
            if (!entry) {
                counts_.remarks.emplace_back(
                    record.line, true, "NO ENTRY: no entry of that date is here: its comments and pings are left out");
                return {};
            }
        } else {
            TRY(entry, add_entry(record));
        }
        for (std::string const& path : record.old_paths)
            if (Result<void> const claimed = claim_address(transaction_, site_.id, *entry, path); !claimed)
                counts_.remarks.emplace_back(record.line, true, fmt::format("old address /{}: {}", path, claimed.error().text));
        for (Comment const& comment : record.comments)
            TRY_DONE(add_comment(*entry, comment));
        for (ImportedPing& ping : record.pings)
            TRY_DONE(add_ping(*entry, ping));
        return {};
    }

private:
    Result<std::optional<EntryId>> known_entry(std::string_view key)
    {
        Query query = transaction_.db.query("SELECT id FROM entry WHERE site_id = ? AND import_key = ?");
        query.bind(site_.id.value).bind(key);
        std::optional<EntryId> id;
        if (query.next())
            id = EntryId(query.integer(0));
        TRY_DONE(query.finished());
        return id;
    }

    Result<std::optional<EntryId>> entry_of_day_time(ImportedEntry const& record)
    {
        Query query = transaction_.db.query("SELECT id FROM entry WHERE site_id = ? AND published = ? ORDER BY id LIMIT 1");
        query.bind(site_.id.value).bind(seconds(record.draft.published));
        std::optional<EntryId> id;
        if (query.next())
            id = EntryId(query.integer(0));
        TRY_DONE(query.finished());
        return id;
    }

    Result<EntryId> add_entry(ImportedEntry const& record)
    {
        WantedIds asked;
        if (record.id)
            asked.id = EntryId(*record.id);
        asked.trackback_id = record.trackback_id;
        asked.above = record.ids_above;
        // As much of what it asks for as others leave free.
        WantedIds own_id = asked;
        own_id.trackback_id.reset();
        WantedIds own_trackback_id = asked;
        own_trackback_id.id.reset();
        WantedIds neither = own_id;
        neither.id.reset();
        Result<Entry> added = insert_entry(transaction_, site_, record.draft, asked, record.key);
        if (!added && added.error().code == ErrorCode::Conflict) {
            std::string const taken = added.error().text;
            for (WantedIds const* const wanted : {&own_id, &own_trackback_id, &neither}) {
                added = insert_entry(transaction_, site_, record.draft, *wanted, record.key);
                if (added || added.error().code != ErrorCode::Conflict)
                    break;
            }
            if (added)
                counts_.remarks.emplace_back(record.line, false,
                    fmt::format("{}; it came in as entry {} with TrackBack id {}", taken, added->id.value, added->trackback_id));
        }
        if (!added)
            return std::unexpected(added.error());
        ++counts_.entries_added;
        return added->id;
    }

    Result<void> add_comment(EntryId entry, Comment const& comment)
    {
        std::string const key = fmt::format("{}:{:016x}", seconds(comment.written), stable_hash(comment.text, stable_hash(comment.author)));
        Query insert = transaction_.db.query("INSERT OR IGNORE INTO comment (entry_id, import_key, author, email, url, address, written, "
                                             "text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        insert.bind(entry.value)
            .bind(key)
            .bind(comment.author)
            .bind(comment.email)
            .bind(comment.url)
            .bind(comment.address)
            .bind(seconds(comment.written))
            .bind(comment.text);
        TRY_DONE(insert.run());
        if (transaction_.db.changes() == 0)
            ++counts_.comments_known;
        else
            ++counts_.comments_added;
        return {};
    }

    Result<void> add_ping(EntryId entry, ImportedPing& ping)
    {
        ping.claim.entry = entry;
        PingClaim const& claim = ping.claim;
        // Equal records that stand in the archive twice are two pings: their place among their equals tells them apart.
        std::string const content = fmt::format("{}:{:016x}", seconds(claim.received),
            stable_hash(claim.excerpt, stable_hash(claim.title, stable_hash(claim.source_as_received))));
        std::string const key = fmt::format("{}:{}", content, equals_before_[fmt::format("{}:{}", entry.value, content)]++);
        {
            Query query = transaction_.db.query("SELECT 1 FROM ping WHERE entry_id = ? AND import_key = ?");
            query.bind(entry.value).bind(key);
            if (query.next()) {
                ++counts_.pings_known;
                return {};
            }
            TRY_DONE(query.finished());
        }
        TRY(StoredListing const listing, upsert_mention(transaction_, claim, ping.mention, MentionState::Published, false, "imported"));
        if (listing.added)
            ++counts_.mentions_added;
        else
            ++counts_.pings_folded;
        Query insert = transaction_.db.query("INSERT INTO ping (entry_id, import_key, origin, source, source_received, target_received, "
                                             "title, excerpt, blog_name, sender, received, state, reason, attempts, "
                                             "next_try, mention_id) VALUES (?, ?, 'imported', ?, ?, ?, ?, ?, ?, ?, ?, 'verified', "
                                             "'imported: taken over from the archive, not fetched', 0, ?, ?)");
        insert.bind(entry.value)
            .bind(key)
            .bind(claim.source.str())
            .bind(claim.source_as_received)
            .bind(claim.target_as_received)
            .bind(claim.title)
            .bind(claim.excerpt);
        insert.bind(claim.blog_name).bind(claim.sender).bind(seconds(claim.received)).bind(seconds(claim.received)).bind(listing.id.value);
        TRY_DONE(insert.run());
        ++counts_.pings_added;
        return {};
    }

    Transaction& transaction_;
    Site const& site_;
    ImportCounts& counts_;
    std::unordered_map<std::string, int> equals_before_;
};

}  // namespace

Task<Result<ImportCounts>> SqliteStore::import_batch(SiteId site_id, std::vector<ImportedEntry> batch)
{
    return database_->write<ImportCounts>([site_id, batch = std::move(batch)](Transaction& transaction) mutable -> Result<ImportCounts> {
        TRY(std::optional<Site> const site, find_site(transaction.db, site_id));
        if (!site)
            return failure(ErrorCode::NotFound, "the site was removed: see backtalk site list");
        ImportCounts counts;
        for (ImportedEntry& record : batch) {
            // One record that the store cannot take is left out alone.
            TRY_DONE(transaction.db.query("SAVEPOINT record").run());
            ImportCounts const before = counts;
            if (Result<void> const done = RecordImport(transaction, *site, counts).run(record); !done) {
                if (done.error().code != ErrorCode::Conflict)
                    return std::unexpected(done.error());
                TRY_DONE(transaction.db.execute("ROLLBACK TO record"));
                counts = before;
                counts.remarks.emplace_back(record.line, true, done.error().text);
            }
            TRY_DONE(transaction.db.query("RELEASE record").run());
        }
        return counts;
    });
}

}  // namespace backtalk::store
