#pragma once

#include <string>

#include "base/result.h"
#include "store/writer.h"
#include "weblog/entry.h"
#include "weblog/mention.h"
#include "weblog/ping.h"
#include "weblog/sent.h"
#include "weblog/site.h"

namespace backtalk::store {

// How rows become values and values rows; what several of the store's files need.

inline std::int64_t seconds(Instant instant) { return instant.time_since_epoch().count(); }
inline Instant instant(std::int64_t seconds_since_1970) { return Instant(std::chrono::seconds(seconds_since_1970)); }

/// A word of an enumeration, or Internal: someone else has written into our file.
template <class T> Result<T> known(std::optional<T> value, std::string_view what)
{
    if (!value)
        return failure(ErrorCode::Internal, "the store holds an unknown " + std::string(what) + ": run backtalk doctor");
    return *std::move(value);
}

#define BACKTALK_ENTRY_COLUMNS                                                                                                             \
    "e.id, e.site_id, e.trackback_id, e.status, e.published, e.utc_offset, e.updated, e.takes_pings, e.takes_comments, "                   \
    "e.path, e.slug, e.title, e.author, e.format, e.text_filter, e.keywords, e.trackbacks, e.in_reply_to, e.excerpt, "                     \
    "e.body, e.extended_body"
/// A row of BACKTALK_ENTRY_COLUMNS, without its labels.
Result<Entry> read_entry(Query const& row);
Result<void> read_labels(Connection& db, Entry& entry);
Result<std::optional<Entry>> find_entry(Connection& db, EntryId id);

struct Neighbour {
    EntryId id;
    EntryLink link;
};
/// The published entries before and after one, by date.
struct BesideEntry {
    std::optional<Neighbour> older;
    std::optional<Neighbour> newer;
};
Result<BesideEntry> entries_beside(Connection& db, Entry const& entry);

Result<std::optional<Site>> find_site(Connection& db, SiteId id);

#define BACKTALK_SENT_COLUMNS                                                                                                              \
    "s.id, s.entry_id, s.target, s.state, s.endpoint, s.protocol, s.message, s.next_try, s.attempts, s.updated, s.version, s.responses, "  \
    "s.linked, s.status_url"
/// How many these are, for those who ask for more behind them.
inline constexpr int sent_columns = 14;
Result<Sent> read_sent(Query const& row);

/// "(?, ?, ?)" for a list of values, at least one.
std::string places(std::size_t count);

/// A text as a part of a pattern of LIKE … ESCAPE '\': its own % and _ stand for themselves.
std::string like_text(std::string_view text);

/// Lines of text in one column.
std::string joined_lines(std::vector<std::string> const& lines);
std::vector<std::string> split_lines(std::string_view text);

/// Stores a new entry, gives it its ids and addresses. Errors: Conflict (a wanted id or path is another entry's).
Result<Entry> insert_entry(
    Transaction& transaction, Site const& site, EntryDraft draft, WantedIds const& wanted, std::string_view import_key);
/// Makes a path lead to an entry, unless it leads to another. Errors: Conflict.
Result<void> claim_address(Transaction& transaction, SiteId site, EntryId entry, std::string_view path_key);
/// Publishes the keys of every page that lists the entry.
Result<void> note_list_change(Transaction& transaction, Entry const& entry);

#define BACKTALK_MENTION_COLUMNS                                                                                                           \
    "m.id, m.entry_id, m.state, m.type, m.origins, m.url, m.source, m.received, m.verified, m.note, m.title, m.excerpt, "                  \
    "m.site_name, m.author_name, m.author_url, m.language, m.published, m.published_offset, m.details, m.listed"
/// How many these are, for those who ask for more behind them.
inline constexpr int mention_columns = 20;
/// The origins in one column, as words.
Result<std::vector<Origin>> read_origins(std::string_view words);
/// A row of BACKTALK_MENTION_COLUMNS. `source_keys`: of mention_source, where they are wanted.
Result<StoredMention> read_mention(Query const& row, std::vector<std::string> source_keys);

#define BACKTALK_PING_COLUMNS                                                                                                              \
    "p.id, p.entry_id, p.origin, p.source, p.source_received, p.target_received, p.title, p.excerpt, p.blog_name, p.sender, "              \
    "p.received, p.state, p.reason, p.attempts, p.next_try, p.mention_id, p.vouch, p.status_key"
/// A row of BACKTALK_PING_COLUMNS.
Result<Ping> read_ping(Query const& row);
/// All that are left.
Result<std::vector<Ping>> read_pings(Query& rows);

/// Whether web hooks tell of a change.
enum class HookNews { Tell, KeepQuiet };
/// To be called after every change of a mention: of its state, its content, its origins. Notes since when it is listed, or spam.
Result<void> note_mention_change(Transaction& transaction, EntryId entry, std::int64_t mention, HookNews news = HookNews::Tell);

/// Its newest ping is checked again, now. False: it has none.
Result<bool> queue_recheck(Transaction& transaction, MentionId mention);

// What the receivers of web hooks are to be told, if the site has one.

/// After a change, if the mention is shown or was. Of what looks as it did when it was last queued nothing is told.
Result<void> queue_hooks_of_change(Transaction& transaction, EntryId entry, std::int64_t mention, bool was_shown);
/// Before the row of a mention goes.
Result<void> queue_hooks_of_removal(Transaction& transaction, std::int64_t mention);
/// What waits for the site's receiver is tried now.
Result<void> hurry_hooks(Transaction& transaction, SiteId site);

/// Stores what a ping turned out to be, folding it into the mention that is already known by one of its addresses.
struct StoredListing {
    MentionId id;
    bool added;
};
Result<StoredListing> upsert_mention(
    Transaction& transaction, PingClaim const& claim, Mention const& mention, MentionState state, bool verified, std::string_view note);

}  // namespace backtalk::store
