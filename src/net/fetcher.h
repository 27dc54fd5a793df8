#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "app/fetcher.h"
#include "async/executor.h"
#include "net/fetcher_options.h"
#include "net/resolver.h"

namespace backtalk {

class FetchLoop;

/// What the fetcher has done since it started.
struct FetchCounters {
    std::uint64_t fetches = 0;  ///< Requests that went out, each hop counted.
    std::uint64_t shared = 0;   ///< Calls of fetch() that were served by another's transfer.
    std::uint64_t bytes = 0;    ///< Of bodies, as they came over the wire.
    std::uint64_t refused = 0;  ///< Calls of fetch() that ended with that error.
    std::uint64_t timeouts = 0;
    std::uint64_t unavailable = 0;
    std::uint64_t sockets_opened = 0;
    std::uint64_t waiting = 0;    ///< Now: not started yet.
    std::uint64_t in_flight = 0;  ///< Now.
};

/// The polite fetcher, one for the whole program: one thread that runs libcurl.
///
/// - Each hop of a fetch is judged by FetchRules, and each address again when its socket is opened.
/// - Requests wait their turn (Politeness) outside all limits; one whose deadline passes meanwhile ends with Busy, since
///   nothing is known against the page. A host that answers 429 or 503 with Retry-After is left alone for so long, an hour at
///   most; requests that cannot wait for that end with Busy too.
/// - Identical GETs without conditions share one transfer while it is waiting or under way.
/// - Names and passwords in URLs are never sent; there are no cookies, no proxies, no Referer. Fetched::url has no fragment.
/// - A Location of a GET's 301, 302, 303, 307 or 308 is followed, from https to http too. An answer without one, and every answer
///   to a POST, is handed over as it is.
class CurlFetcher final : public Fetcher {
public:
    /// Whoever waits is resumed on `executor`. Both outlive the fetcher.
    CurlFetcher(FetchOptions options, Executor& executor, Resolver& resolver);
    ~CurlFetcher() override;
    CurlFetcher(CurlFetcher const&) = delete;
    CurlFetcher& operator=(CurlFetcher const&) = delete;

    Task<Result<Fetched>> fetch(FetchRequest request, Deadline deadline) override;
    /// Ends all that is under way, and whatever comes later, with Unavailable. Blocks until the thread has ended.
    void stop();
    /// From any thread.
    FetchCounters counters() const;

private:
    std::unique_ptr<FetchLoop> loop_;
    Executor& executor_;
};

}  // namespace backtalk
