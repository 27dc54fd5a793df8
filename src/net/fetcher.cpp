#include "net/fetcher.h"

#include "net/fetcher_loop.h"

namespace backtalk {

CurlFetcher::CurlFetcher(FetchOptions options, Executor& executor, Resolver& resolver)
    : loop_(std::make_unique<FetchLoop>(std::move(options), resolver)), executor_(executor)
{
}

CurlFetcher::~CurlFetcher() { stop(); }

Task<Result<Fetched>> CurlFetcher::fetch(FetchRequest request, Deadline deadline)
{
    Completion<FetchOutcome> done(executor_);
    loop_->submit(std::move(request), deadline, done.receiver());
    FetchOutcome outcome = co_await done;
    // A copy for each who waited is made here, on the executor, where only as many exist at once as it has threads.
    if (outcome.is_shared)
        co_return *outcome.result;
    co_return std::move(*outcome.result);
}

void CurlFetcher::stop() { loop_->stop(); }

FetchCounters CurlFetcher::counters() const { return loop_->counters(); }

}  // namespace backtalk
