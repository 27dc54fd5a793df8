#pragma once

#include <functional>
#include <string>

#include "app/ping_targets.h"
#include "app/rate_limiter.h"
#include "app/settings.h"
#include "async/executor.h"
#include "base/clock.h"
#include "base/log.h"
#include "trackback/message.h"
#include "url/form.h"

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

/// Takes pings: the cheap checks in Movable Type's order, then onto the disk. Fetching the source is PingChecker's.
class PingReceiver {
public:
    /// `work`: where the store is read, if memory does not hold what a ping needs.
    PingReceiver(Store& store, PingTargets& targets, Executor& work, Clock const& clock, Log& log, Settings::Limits const& limits,
        std::function<void()> wake_checker);

    /// Ends when the ping is on stable storage, or refused. Never blocks the thread it is started on.
    Task<TrackbackReceipt> trackback(TrackbackRequest request);
    void set_limits(Settings::Limits const& limits);

private:
    Store& store_;
    PingTargets& targets_;
    Executor& work_;
    Clock const& clock_;
    Log& log_;
    RateLimiter per_sender_;
    RateLimiter per_entry_;
    std::function<void()> wake_checker_;
};

}  // namespace backtalk
