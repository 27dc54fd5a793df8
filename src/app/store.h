#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/import_batch.h"
#include "async/task.h"
#include "base/result.h"
#include "weblog/entry.h"
#include "weblog/mention.h"
#include "weblog/ping.h"
#include "weblog/sent.h"
#include "weblog/site.h"

namespace backtalk {

/// Told after each commit what has changed, in the keys of change_keys.h, before the writers hear of their success.
class ChangeListener {
public:
    virtual ~ChangeListener() = default;
    virtual void changed(std::span<std::string const> keys) = 0;
};

struct EntryQuery {
    explicit EntryQuery(SiteId the_site) : site(the_site) { }

    SiteId site;
    std::vector<EntryStatus> statuses = {EntryStatus::Published};
    std::string category;     ///< Slug; empty: all.
    std::string tag;          ///< Slug; empty: all.
    int day_first = 0;        ///< Local date as yyyymmdd, inclusive; 0: no bound.
    int day_last = 99999999;  ///< Inclusive.
    std::size_t limit = 10;
    std::size_t offset = 0;  ///< Newest first.
};

struct MentionQuery {
    std::optional<SiteId> site;
    std::optional<EntryId> entry;
    std::vector<MentionState> states;  ///< Empty: all.
    std::vector<MentionType> types;    ///< Empty: all.
    std::size_t limit = SIZE_MAX;
    std::size_t offset = 0;
    bool oldest_first = false;  ///< Listings are read like a conversation; inboxes from the newest.
};

struct PingQuery {
    std::optional<EntryId> entry;
    std::optional<MentionId> mention;
    std::optional<PingState> state;
    std::size_t limit = SIZE_MAX;
};

/// Which listed mentions a program asks for.
struct MentionFeedQuery {
    enum class Sort {
        Listed,     ///< By when they came to be shown.
        Updated,    ///< By when they were last verified.
        Published,  ///< By what their sources say of it; those without, by when they came to be shown.
        Rsvp,
    };
    std::vector<EntryId> entries;  ///< Of these; of `sites` if there are none.
    std::vector<SiteId> sites;
    std::optional<std::vector<MentionType>> types;  ///< All, if not given.
    std::optional<Instant> since;                   ///< Listed in that second or later.
    /// Not the mention of that id, nor any listed in a second before it. NB: not by comparing ids: what was approved late has a small one.
    std::optional<MentionId> since_id;
    Sort sort = Sort::Listed;
    bool ascending = false;
    std::size_t limit = 20;
    std::size_t offset = 0;
};

/// A mention, without its source keys, and where its entry is.
struct FeedMention {
    FeedMention(StoredMention the_mention, SiteId the_site, std::string the_path)
        : mention(std::move(the_mention)), site(the_site), path(std::move(the_path))
    {
    }
    StoredMention mention;
    SiteId site;
    std::string path;  ///< Of the entry's permalink.
};

struct MentionCount {
    MentionType type;
    std::string rsvp;  ///< Of type Rsvp: "yes" …
    std::int64_t mentions;
};

struct LabelCount {
    LabelCount(Label the_label, std::int64_t the_entries) : label(std::move(the_label)), entries(the_entries) { }
    Label label;
    std::int64_t entries;
};

struct MonthCount {
    int year;
    int month;
    std::int64_t entries;
};

/// Whose address a path is.
struct AddressOwner {
    EntryId entry;
    std::string path;  ///< The entry's permalink path as it is now.
    EntryStatus status;
};

/// What a link to an entry needs.
struct EntryLink {
    std::string title;
    std::string path;  ///< Below the site's base.
    Instant updated;
};

/// The published entries beside one, by date.
struct Neighbours {
    std::optional<EntryLink> older;
    std::optional<EntryLink> newer;
};

/// Ids and addresses that an archive or front matter asks for; what is empty is given by the store.
struct WantedIds {
    std::optional<EntryId> id;
    std::optional<std::int64_t> trackback_id;
    std::int64_t above = 0;              ///< A new id lies above it as well.
    std::string path;                    ///< Of the permalink; empty: by the site's pattern.
    std::vector<std::string> old_paths;  ///< Addresses that shall lead to it for ever.
};

/// What a source page was served with, for asking "only if it changed" (RFC 9110, 13.1).
struct Validators {
    std::string etag;
    std::string last_modified;
};

/// What a mention is now that more like it came.
struct Reassessed {
    MentionState state;
    std::string note;
    std::string verdict;  ///< JSON
};

/// What became of a ping when it was checked.
struct PingVerified {
    Mention mention;
    MentionState state;  ///< Of a new mention; a known one keeps what its owner decided.
    std::string note;
    Validators validators;
    std::int64_t fetched = 0;   ///< Grows with the time at which the source was asked for: an older answer never outranks a newer one.
    std::string verdict = {};   ///< Of the judge, as JSON: see verdict_json.h.
    std::int64_t campaign = 0;  ///< 0: of none.
    /// Pings judged before, of the same campaign as it turns out.
    std::vector<PingId> earlier = {};
    /// What their mentions are now, by the verdict on each so far; what the owner decided stays. In the store's transaction: quick and
    /// pure.
    std::function<std::optional<Reassessed>(PingId, std::string const& verdict)> reassess = {};
};
/// The source is as it was when its mention was verified.
struct PingUnchanged {
    std::string note;
};
struct PingRefused {
    std::string reason;
    bool source_withdrawn;     ///< The page is gone (410) or was read and does not link: a mention that stood by it is gone too.
    std::int64_t fetched = 0;  ///< As above.
};
struct PingLater {
    std::string reason;
    Instant next_try;
    bool counts;  ///< As an attempt: false where a limit of ours was the reason.
};
using PingOutcome = std::variant<PingVerified, PingUnchanged, PingRefused, PingLater>;

/// A page of an external site, as its feed or sitemap names it.
struct FeedPage {
    std::string path;  ///< With query, below the site's base; see page_path().
    std::string title;
    std::optional<ZonedTime> published;
    std::string version;  ///< Another one: the page was edited.
};

/// How far the feed of an external site was read.
struct FeedState {
    FeedState(SiteId the_site, std::string the_url) : site(the_site), url(std::move(the_url)) { }

    SiteId site;
    std::string url;            ///< What was read; another one is a feed that nobody knows yet.
    std::int64_t readings = 0;  ///< Successful ones.
    Validators validators;
    Instant last_try{};
    int failures = 0;  ///< Since the last successful reading.
    std::string note;  ///< What went wrong the last time; else how it went.
};

/// What a reading of a feed is to do with pages that are new or changed.
enum class FeedNews { Tell, KeepQuiet };

/// At most so many pages of an external site are waiting to be looked for: a stranger who names pages at random fills no more.
inline constexpr std::size_t unseen_pages_max = 1000;

/// What is kept on stable storage. Reads block on the disk for a moment and belong on work threads; they never wait for
/// writers. Writes end when they are on stable storage; many share one commit.
///
/// Errors: NotFound, Conflict (an id or address is taken), Unavailable (too much waits, disk full), Internal (broken file).
class Store {
public:
    virtual ~Store() = default;

    // Sites
    virtual Result<std::vector<Site>> sites() = 0;
    virtual Task<Result<Site>> add_site(Site site) = 0;  ///< The id is given here.
    virtual Task<Result<void>> change_site(Site site) = 0;
    virtual Task<Result<void>> remove_site(SiteId site) = 0;

    // Entries
    virtual Result<std::optional<Entry>> entry(EntryId id) = 0;
    virtual Result<std::vector<Entry>> entries(EntryQuery const& query) = 0;
    virtual Result<Neighbours> neighbours(Entry const& entry) = 0;
    /// The addresses of all published entries, without their texts; oldest first.
    virtual Result<std::vector<EntryLink>> entry_links(SiteId site, std::size_t limit, std::size_t offset) = 0;
    virtual Result<std::int64_t> count_entries(EntryQuery const& query) = 0;
    virtual Result<std::optional<AddressOwner>> address_owner(SiteId site, std::string_view path_key) = 0;
    virtual Result<std::optional<EntryId>> trackback_owner(SiteId site, std::int64_t trackback_id) = 0;
    virtual Result<std::vector<LabelCount>> categories(SiteId site) = 0;
    virtual Result<std::vector<LabelCount>> tags(SiteId site) = 0;
    virtual Result<std::vector<MonthCount>> months(SiteId site) = 0;
    virtual Result<std::vector<Comment>> comments(EntryId entry) = 0;
    virtual Result<std::vector<EntryId>> due_entries(Instant now) = 0;  ///< Scheduled for a time that has come.
    virtual Task<Result<Entry>> add_entry(SiteId site, EntryDraft draft, WantedIds wanted) = 0;
    /// `path`: empty for the present one, or what another slug makes of it. `seen`: only if version_of() the entry is still that; empty: in
    /// any case.
    virtual Task<Result<Entry>> change_entry(EntryId id, EntryDraft draft, std::string path, std::string seen = "") = 0;
    virtual Task<Result<Entry>> set_entry_status(EntryId id, EntryStatus status) = 0;

    // Pages of external sites: entries without a text
    /// The entry of the page. If there is none, it is made, as a draft: nobody has seen yet that it exists. Beyond unseen_pages_max of
    /// these the oldest give way; their pings stay, with a deleted entry that collects them. Errors: Busy (all of them wait to be looked
    /// for).
    virtual Task<Result<EntryId>> add_page(SiteId site, std::string path, Instant published) = 0;
    /// The page was fetched: it is `found`, at `path`. If another entry has that address, both are one: that one, which also gets the
    /// addresses and pings of a draft. The id is that of the entry that it is from now on. Errors: NotFound (the site was removed).
    virtual Task<Result<EntryId>> settle_page(EntryId id, EntryDraft found, std::string path) = 0;
    /// Makes known what a feed lists; all pages of one reading bear its number. Pages that are new or changed become news, if wanted.
    virtual Task<Result<void>> note_feed_pages(SiteId site, std::vector<FeedPage> pages, std::int64_t reading, FeedNews news) = 0;
    /// After the last page of a reading: pages that an earlier one had and this one has not are news as well.
    virtual Task<Result<void>> finish_feed_reading(FeedState state, FeedNews news) = 0;
    /// A reading that failed, or found nothing changed.
    virtual Task<Result<void>> keep_feed_state(FeedState state) = 0;
    virtual Result<std::vector<FeedState>> feed_states() = 0;
    virtual Result<std::vector<EntryId>> feed_news(SiteId site, std::size_t limit) = 0;  ///< The oldest first.
    enum class NewsOutcome { Told, TryAgain };                                           ///< Tried five times at most.
    virtual Task<Result<void>> finish_feed_news(EntryId entry, NewsOutcome outcome) = 0;

    // Pings and mentions
    virtual Task<Result<PingId>> add_ping(PingClaim claim) = 0;
    virtual Result<std::optional<Ping>> ping(PingId id) = 0;
    virtual Result<std::optional<Ping>> ping_by_status_key(std::string_view key) = 0;
    virtual Result<std::vector<Ping>> pings(PingQuery const& query) = 0;
    virtual Result<std::vector<Ping>> due_pings(Instant now, std::size_t limit) = 0;  ///< The earliest first.
    virtual Result<std::optional<Instant>> next_ping_due() = 0;
    virtual Task<Result<void>> put_off_pings(std::vector<std::int64_t> ids, Instant until) = 0;
    /// Of the mention that stands by this source, if it was verified and the page came with some.
    virtual Result<std::optional<Validators>> validators(EntryId entry, std::string_view source_key) = 0;
    virtual Task<Result<std::optional<MentionId>>> finish_ping(PingId id, PingOutcome outcome) = 0;
    virtual Result<std::optional<StoredMention>> mention(MentionId id) = 0;
    virtual Result<std::vector<StoredMention>> mentions(MentionQuery const& query) = 0;
    /// Listed ones, of entries that have a page.
    virtual Result<std::vector<FeedMention>> mention_feed(MentionFeedQuery const& query) = 0;
    virtual Result<std::vector<MentionCount>> mention_counts(std::vector<EntryId> const& entries) = 0;
    /// The mention of the entry that is known by this source, whatever its state.
    virtual Result<std::optional<StoredMention>> mention_by_source(EntryId entry, std::string_view source_key) = 0;
    virtual Result<std::int64_t> count_mentions(EntryId entry, MentionState state) = 0;
    /// The owner's decision. Errors: NotFound (names the id; then nothing is changed).
    virtual Task<Result<void>> set_mention_state(std::vector<MentionId> ids, MentionState state) = 0;
    /// Its source shall be fetched again: the newest ping of each is queued once more.
    virtual Task<Result<void>> recheck_mentions(std::vector<MentionId> ids) = 0;
    /// Whether a mention from this host was approved by the owner of the entry's site before (moderation "known").
    virtual Result<bool> approved_before(EntryId entry, std::string_view host) = 0;
    /// Whether an entry of the site links, or ever linked, to this host, and it was told.
    virtual Result<bool> has_told(SiteId site, std::string_view host) = 0;

    // What we sent
    /// Queues what is to be told: each target that was not told of this version; again those told by Webmention if only the responses
    /// changed, or if they are no target any more. What waits and is no target any more is given up.
    /// `wait`: how long the senders leave it alone, because somebody sends it at once.
    virtual Task<Result<void>> queue_sent(
        EntryId entry, std::vector<Url> targets, SentVersion version, std::chrono::seconds wait = std::chrono::seconds(0)) = 0;
    virtual Result<std::optional<Sent>> sent(SentId id) = 0;
    virtual Result<std::vector<Sent>> sent_of(std::optional<EntryId> entry) = 0;
    virtual Result<std::vector<Sent>> due_sent(Instant now, std::size_t limit) = 0;
    virtual Result<std::optional<Instant>> next_sent_due() = 0;
    virtual Task<Result<void>> put_off_sent(std::vector<std::int64_t> ids, Instant until) = 0;
    virtual Task<Result<void>> finish_sent(SentId id, SentOutcome outcome) = 0;
    virtual Task<Result<void>> retry_sent(std::vector<SentId> ids) = 0;

    // Moving in
    virtual Task<Result<ImportCounts>> import_batch(SiteId site, std::vector<ImportedEntry> batch) = 0;
    /// A copy to try things on, which nobody else sees and which goes with the object.
    virtual Result<std::unique_ptr<Store>> scratch_copy() = 0;

    /// Comparison paths (below the site's base) of an entry: its permalink and all it ever had.
    virtual Result<std::vector<std::string>> addresses(EntryId entry) = 0;
};

}  // namespace backtalk
