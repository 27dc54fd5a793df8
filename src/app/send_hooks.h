#pragma once

#include <atomic>

#include "app/due_queue.h"
#include "app/fetcher.h"
#include "app/hook_store.h"
#include "app/store.h"

namespace backtalk {

/// The signature of a body, as X-Backtalk-Signature has it: "sha256=" and the HMAC-SHA256 in hexadecimal digits.
std::string hook_signature(std::string_view secret, std::string_view body);

/// What an answer makes of a delivery: 2xx is a yes; 400, 410, 413, 415 and 422 are a no for good; all else is tried again.
HookOutcome outcome_of_hook_answer(Fetched const& answer, Instant now);

/// Tells the receivers of web hooks what became of mentions: each site's one after the other, in the order of the changes, whatever the
/// others do. What fails waits, and all behind it, for a minute, then longer, up to two hours; a day after it was queued it is given up.
///
/// The body tells what is true when it is sent: of several changes of one mention the receiver gets the newest.
class HookSender final : public ChangeListener {
public:
    HookSender(Store& store, HookStore& hooks, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log);

    void start() { queue_.start(); }
    void wake() { queue_.wake(); }
    void close() { queue_.close(); }
    std::size_t under_way() const { return queue_.under_way(); }
    void stop() { queue_.stop(); }
    bool idle() const { return queue_.idle(); }

    /// Wakes where there is something to tell.
    void changed(std::span<std::string const> keys) override;

    /// Sends a made-up mention of the site's home page now, as event "test". Nothing is kept.
    /// Errors: NotFound (the site has no hook), and as Fetcher.
    Task<Result<Fetched>> test(Site site, Deadline deadline);

    std::uint64_t delivered() const { return delivered_.load(std::memory_order_relaxed); }  ///< Since the start.
    std::uint64_t failed() const { return failed_.load(std::memory_order_relaxed); }        ///< Given up since the start.

private:
    DueQueue::Source source();
    Task<void> put_off(std::vector<std::int64_t> ids);
    Task<void> deliver(Hook hook);
    Task<HookOutcome> tell(Hook hook);
    Result<std::optional<Site>> site_of(Hook const& hook);
    Result<FetchRequest> request_of(Site const& site, Hook const& hook);

    Store& store_;
    HookStore& hooks_;
    Fetcher& fetcher_;
    Clock const& clock_;
    Log& log_;
    std::atomic<std::uint64_t> delivered_ = 0;
    std::atomic<std::uint64_t> failed_ = 0;
    std::atomic<Instant> rests_until_ =
        Instant();  ///< Where even the outcome could not be kept: the receiver must not be told it again and again.
    DueQueue queue_;
};

}  // namespace backtalk
