#pragma once

#include <atomic>

#include "app/dns_lists.h"
#include "app/due_queue.h"
#include "app/fetcher.h"
#include "app/judge_ping.h"
#include "app/reflection_cap.h"
#include "app/settings.h"
#include "app/site_directory.h"
#include "app/store.h"

namespace backtalk {

/// Checks queued pings: from the claim on disk to the listing under the entry. Receiving one ended when it was on disk.
class PingChecker {
public:
    PingChecker(Store& store, SiteDirectory const& sites, Fetcher& fetcher, PingJudge& judge, ReflectionCap& cap, Executor& executor,
        Clock const& clock, Log& log, Moderation moderation);

    /// Asked after a mention of an entry came to be shown, or changed what it shows, or went. Set before start().
    void when_listing_changes(std::function<Task<Result<void>>(EntryId)> tell) { tell_ = std::move(tell); }
    /// Asked before each judgement. Set before start(); else no lists are asked.
    void ask_lists(DnsLists& lists) { lists_ = &lists; }
    void start() { queue_.start(); }
    void wake() { queue_.wake(); }
    void close() { queue_.close(); }
    std::size_t under_way() const { return queue_.under_way(); }
    void stop() { queue_.stop(); }
    bool idle() const { return queue_.idle(); }
    void set_moderation(Moderation moderation) { moderation_ = moderation; }

private:
    DueQueue::Source source();
    /// Pings of one source for one entry: the source is fetched once for all of them.
    Task<void> check(std::vector<Ping> pings);
    Task<void> put_off(std::vector<std::int64_t> ids);
    Task<PingOutcome> outcome_of(Ping ping, Deadline deadline);
    PingOutcome failed(Ping const& ping, Error const& error, bool is_known, std::int64_t fetched) const;
    /// What a source that was read says; nothing of moderation yet.
    /// Errors: Malformed (it cannot be read), Refused (it does not link), Gone (it says so), those of the store.
    struct Found {
        Mention mention;
        std::optional<Url> author_page;
        judge::TargetEvidence target;
        judge::PageEvidence page;
    };
    Result<Found> found_in(Fetched const& fetched, Ping const& ping, Entry const& entry, Site const& site);
    Task<Mention> with_author(Mention mention, Url author_page, Deadline deadline);
    /// No answer. A limit of ours, or of others, says nothing of the page.
    PingOutcome not_fetched(Ping const& ping, Error const& error, std::optional<Instant> free_at);
    /// A request that counts for what is not found true yet.
    FetchRequest unverified(Url url, std::shared_ptr<ReflectionCap::Charges> charges);
    /// Fetches the page of an external site that nobody has looked for yet. It is known from then on: as the entry given here, or as
    /// another one that is the same page. Errors: NotFound (there is no such page), and those that may pass.
    Task<Result<EntryId>> look_for_entry(Entry entry, std::shared_ptr<Site const> site, Deadline deadline);
    Task<Result<bool>> is_vouched(Ping ping, std::shared_ptr<Site const> site, Deadline deadline);
    Task<Result<PingVerified>> judged(CaseToJudge the_case, std::shared_ptr<Site const> site, Deadline deadline);
    PingOutcome later(Ping const& ping, Error const& error) const;

    Store& store_;
    SiteDirectory const& sites_;
    Fetcher& fetcher_;
    PingJudge& judge_;
    ReflectionCap& cap_;
    DnsLists* lists_ = nullptr;
    Clock const& clock_;
    Log& log_;
    std::atomic<Moderation> moderation_;
    std::function<Task<Result<void>>(EntryId)> tell_;
    DueQueue queue_;
};

}  // namespace backtalk
