#pragma once

#include <functional>
#include <string>

#include "app/ping_targets.h"
#include "app/rate_limiter.h"
#include "app/settings.h"
#include "app/site_directory.h"
#include "async/executor.h"
#include "base/clock.h"
#include "base/log.h"
#include "pingback/message.h"
#include "trackback/message.h"
#include "url/form.h"
#include "webmention/message.h"

namespace backtalk {

/// A TrackBack request, taken apart by `web`.
struct TrackbackRequest {
    TrackbackRequest(std::shared_ptr<Site const> the_site, PingDoor the_door) : site(std::move(the_site)), door(std::move(the_door)) { }

    std::shared_ptr<Site const> site;
    PingDoor door;
    std::string target;        ///< The ping URL, as the request had it.
    FormFields form;           ///< Values as bytes.
    std::string content_type;  ///< May name their charset.
    std::string sender;        ///< Network address.
    std::string sender_key;    ///< What the limit per sender counts by.
};

/// What a ping's sender hears, and for which entry.
struct TrackbackReceipt {
    trackback::Answer answer;
    bool accepted;
    std::string message;           ///< A sentence for the person at a form; empty if accepted.
    std::optional<EntryId> entry;  ///< Nothing if the ping URL leads nowhere.
    std::string source;            ///< As a URL, if it is one.
};

/// Who sends a ping, for the limits and the log.
struct PingSenderAddress {
    std::string address;  ///< Of the network.
    std::string key;      ///< What the limit per sender counts by.
};

/// What became of a Webmention. Its own checks go in the order of the Recommendation: source and target, then whether the target takes
/// mentions; then the limits.
struct WebmentionReceipt {
    enum class Outcome { Accepted, UnknownTarget, TakesNone, OwnPage, Throttled, Unavailable, Internal };
    Outcome outcome;
    std::string message;     ///< A sentence where it was not accepted.
    std::string status_key;  ///< Of the status URL where it was.
};

/// What became of a Pingback: the string for the caller, or a fault.
using PingbackReceipt = std::expected<std::string, xmlrpc::Fault>;

/// Takes pings: the cheap checks, then onto the disk. Fetching the source is PingChecker's. Every member ends when the ping is on
/// stable storage, or refused, and never blocks the thread it is started on.
class PingReceiver {
public:
    /// `work`: where the store is read, if memory does not hold what a ping needs.
    PingReceiver(Store& store, SiteDirectory const& sites, PingTargets& targets, Executor& work, Clock const& clock, Log& log,
        Settings::Limits const& limits, std::function<void()> wake_checker);

    /// In Movable Type's order of checks.
    Task<TrackbackReceipt> trackback(TrackbackRequest request);
    Task<WebmentionReceipt> webmention(webmention::Notification notification, PingSenderAddress sender);
    Task<PingbackReceipt> pingback(pingback::Claim claim, PingSenderAddress sender);
    void set_limits(Settings::Limits const& limits);

private:
    /// Where a target leads; nothing: to no entry of ours.
    Task<Result<std::optional<PingTarget>>> target_at(std::shared_ptr<Site const> site, PingDoor door, std::string sender_key);
    /// The same for a page of an external site that is mentioned for the first time. Errors: also Busy (too many pages are).
    Task<Result<std::optional<PingTarget>>> external_target(std::shared_ptr<Site const> site, PingDoor door, std::string sender_key);
    /// Whether the source is an address of the entry itself.
    Task<Result<bool>> is_entry_itself(std::shared_ptr<Site const> site, Url source, EntryId entry);
    Task<Result<std::optional<MentionId>>> registered(EntryId entry, Url source);
    enum class Limit { None, OfSender, OfEntry, OfSource };
    Limit take_from_limits(PingSenderAddress const& sender, EntryId entry);
    /// Once the source is known. One sender who names another's site does not shut out that site's own pings.
    Limit take_from_source(PingSenderAddress const& sender, Url const& source);
    /// Onto the disk; a ping that could not be stored does not count for the limits.
    Task<Result<PingId>> store(PingClaim claim, PingSenderAddress sender);

    Store& store_;
    SiteDirectory const& sites_;
    PingTargets& targets_;
    Executor& work_;
    Clock const& clock_;
    Log& log_;
    RateLimiter per_sender_;
    RateLimiter new_pages_per_sender_;  ///< Of external sites.
    RateLimiter per_network_;
    RateLimiter per_entry_;
    RateLimiter per_source_;
    RateLimiter per_source_and_network_;
    std::function<void()> wake_checker_;
};

}  // namespace backtalk
