#include "net/fetcher_inbox.h"

#include <utility>

namespace backtalk {

bool FetchInbox::post(Job& job)
{
    std::scoped_lock const lock(mutex_);
    if (multi_ == nullptr)
        return false;
    jobs_.push_back(std::move(job));
    if (jobs_.size() == 1)
        curl_multi_wakeup(multi_);
    return true;
}

std::vector<FetchInbox::Job> FetchInbox::take()
{
    std::scoped_lock const lock(mutex_);
    return std::exchange(jobs_, {});
}

std::vector<FetchInbox::Job> FetchInbox::close()
{
    std::scoped_lock const lock(mutex_);
    multi_ = nullptr;
    return std::exchange(jobs_, {});
}

}  // namespace backtalk
