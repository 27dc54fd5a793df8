#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/desk.h"
#include "app/hook_store.h"
#include "app/inbox.h"
#include "app/moderation_store.h"
#include "app/store.h"
#include "store/database.h"

namespace backtalk::store {

/// The store in one SQLite file.
class SqliteStore final : public Store, public HookStore, public ModerationStore, public InboxStore, public DeskStore {
public:
    /// As Database::open().
    static Result<std::unique_ptr<SqliteStore>> open(std::string const& path, Executor& executor, Clock const& clock);

    /// What other stores may stand on as well, as long as this one lives.
    Database& database() { return *database_; }
    std::uint64_t commits() const { return database_->writer().commits(); }
    void add_listener(ChangeListener& listener) { database_->writer().add_listener(listener); }
    void remove_listener(ChangeListener& listener) { database_->writer().remove_listener(listener); }

    Result<std::vector<Site>> sites() override;
    Task<Result<Site>> add_site(Site site) override;
    Task<Result<void>> change_site(Site site) override;
    Task<Result<void>> remove_site(SiteId site) override;

    Result<std::optional<Entry>> entry(EntryId id) override;
    Result<std::vector<Entry>> entries(EntryQuery const& query) override;
    Result<Neighbours> neighbours(Entry const& entry) override;
    Result<std::vector<EntryLink>> entry_links(SiteId site, std::size_t limit, std::size_t offset) override;
    Result<std::int64_t> count_entries(EntryQuery const& query) override;
    Result<std::optional<AddressOwner>> address_owner(SiteId site, std::string_view path_key) override;
    Result<std::optional<EntryId>> trackback_owner(SiteId site, std::int64_t trackback_id) override;
    Result<std::vector<LabelCount>> categories(SiteId site) override;
    Result<std::vector<LabelCount>> tags(SiteId site) override;
    Result<std::vector<MonthCount>> months(SiteId site) override;
    Result<std::vector<Comment>> comments(EntryId entry) override;
    Result<std::vector<EntryId>> due_entries(Instant now) override;
    Task<Result<Entry>> add_entry(SiteId site, EntryDraft draft, WantedIds wanted) override;
    Task<Result<Entry>> change_entry(EntryId id, EntryDraft draft, std::string path, std::string seen = "") override;
    Task<Result<Entry>> set_entry_status(EntryId id, EntryStatus status) override;

    Task<Result<EntryId>> add_page(SiteId site, std::string path, Instant published) override;
    Task<Result<EntryId>> settle_page(EntryId id, EntryDraft found, std::string path) override;
    Task<Result<void>> note_feed_pages(SiteId site, std::vector<FeedPage> pages, std::int64_t reading, FeedNews news) override;
    Task<Result<void>> finish_feed_reading(FeedState state, FeedNews news) override;
    Task<Result<void>> keep_feed_state(FeedState state) override;
    Result<std::vector<FeedState>> feed_states() override;
    Result<std::vector<EntryId>> feed_news(SiteId site, std::size_t limit) override;
    Task<Result<void>> finish_feed_news(EntryId entry, NewsOutcome outcome) override;

    Task<Result<PingId>> add_ping(PingClaim claim) override;
    Result<std::optional<Ping>> ping(PingId id) override;
    Result<std::optional<Ping>> ping_by_status_key(std::string_view key) override;
    Result<std::vector<Ping>> pings(PingQuery const& query) override;
    Result<std::vector<Ping>> due_pings(Instant now, std::size_t limit) override;
    Result<std::optional<Instant>> next_ping_due() override;
    Task<Result<void>> put_off_pings(std::vector<std::int64_t> ids, Instant until) override;
    Result<std::optional<Validators>> validators(EntryId entry, std::string_view source_key) override;
    Task<Result<std::optional<MentionId>>> finish_ping(PingId id, PingOutcome outcome) override;
    Result<std::optional<StoredMention>> mention(MentionId id) override;
    Result<std::vector<StoredMention>> mentions(MentionQuery const& query) override;
    Result<std::vector<FeedMention>> mention_feed(MentionFeedQuery const& query) override;
    Result<std::vector<MentionCount>> mention_counts(std::vector<EntryId> const& entries) override;
    Result<std::optional<StoredMention>> mention_by_source(EntryId entry, std::string_view source_key) override;
    Result<std::int64_t> count_mentions(EntryId entry, MentionState state) override;
    Task<Result<void>> set_mention_state(std::vector<MentionId> ids, MentionState state) override;
    Task<Result<void>> recheck_mentions(std::vector<MentionId> ids) override;
    Result<bool> approved_before(EntryId entry, std::string_view host) override;
    Result<bool> has_told(SiteId site, std::string_view host) override;

    Task<Result<Decided>> add_decision(DecisionMade made) override;
    Task<Result<TakenBack>> undo_decision(DecisionId id, std::string actor) override;
    Result<std::vector<PastDecision>> decisions(std::size_t limit) override;
    Result<std::optional<Lesson>> lesson_in_force(MentionId mention) override;
    Task<Result<BlockId>> add_block(Block block) override;
    Task<Result<Block>> remove_block(BlockId id) override;
    Result<std::vector<Block>> blocks(SiteId site) override;
    Result<std::vector<std::pair<std::uint32_t, std::int32_t>>> learnt(SiteId site) override;
    Result<Memory> remembered(SiteId site, std::string_view kind, std::string_view subject) override;
    Result<std::optional<Instant>> listed_since(std::string_view host) override;
    Result<std::vector<PastArrival>> arrivals_since(Instant since, std::size_t pings_max) override;
    Result<std::string> verdict(MentionId mention) override;
    Task<Result<std::int64_t>> purge_spam(Instant before) override;

    Result<std::vector<InboxItem>> inbox(MentionState state, InboxFilter const& filter, InboxPart part) override;
    Result<std::vector<Ping>> refused_pings(InboxFilter const& filter, InboxPart part) override;
    Result<InboxCounts> inbox_counts(InboxFilter const& filter) override;
    Result<std::int64_t> count_held() override;
    Result<std::vector<MentionId>> campaign_mentions(
        std::int64_t campaign, MentionState state, InboxFilter const& filter, MentionId up_to) override;
    Result<std::vector<MentionId>> held_alike(MentionId mention) override;

    Task<Result<void>> queue_sent(
        EntryId entry, std::vector<Url> targets, SentVersion version, std::chrono::seconds wait = std::chrono::seconds(0)) override;
    Result<std::optional<Sent>> sent(SentId id) override;
    Result<std::vector<Sent>> sent_of(std::optional<EntryId> entry) override;
    Result<std::vector<Sent>> due_sent(Instant now, std::size_t limit) override;
    Result<std::optional<Instant>> next_sent_due() override;
    Task<Result<void>> put_off_sent(std::vector<std::int64_t> ids, Instant until) override;
    Task<Result<void>> finish_sent(SentId id, SentOutcome outcome) override;
    Task<Result<void>> retry_sent(std::vector<SentId> ids) override;

    Result<std::optional<Hook>> hook(HookId id) override;
    Result<std::vector<Hook>> hooks(HookQuery const& query) override;
    Result<std::int64_t> count_waiting_hooks() override;
    Result<std::vector<Hook>> due_hooks(Instant now, std::size_t limit) override;
    Result<std::optional<Instant>> next_hook_due() override;
    Task<Result<void>> put_off_hooks(std::vector<std::int64_t> ids, Instant until) override;
    Task<Result<void>> finish_hook(HookId id, HookOutcome outcome) override;
    Task<Result<void>> retry_hooks(std::vector<HookId> ids) override;

    Result<std::vector<DeskEntry>> desk_entries(DeskEntryQuery const& query) override;
    Result<std::vector<DeskSent>> desk_sent(DeskSentQuery const& query) override;

    Task<Result<ImportCounts>> import_batch(SiteId site, std::vector<ImportedEntry> batch) override;
    Result<std::unique_ptr<Store>> scratch_copy() override;
    Result<std::vector<std::string>> addresses(EntryId entry) override;

private:
    explicit SqliteStore(std::unique_ptr<Database> database) : database_(std::move(database)) { }

    /// As of so many commits: pages ask for it far more often than it changes.
    struct HeldCount {
        std::uint64_t commits;
        std::int64_t count;
    };
    std::mutex held_mutex_;
    std::optional<HeldCount> held_;

    std::shared_ptr<void> scratch_;  ///< Removes the file of a scratch copy, last of all.
    std::unique_ptr<Database> database_;
};

}  // namespace backtalk::store
