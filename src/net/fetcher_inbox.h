#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "net/curl_handle.h"

namespace backtalk {

/// Jobs from other threads for the fetch thread. Outlives it, so that a late answer of the resolver finds a closed door.
class FetchInbox {
public:
    using Job = std::move_only_function<void()>;

    /// Whoever polls `multi` is woken when there is something to take.
    explicit FetchInbox(CURLM* multi) : multi_(multi) { }
    /// False when closed; then the job was not taken.
    bool post(Job& job);
    std::vector<Job> take();
    /// Returns what was left.
    std::vector<Job> close();

private:
    std::mutex mutex_;
    std::vector<Job> jobs_;
    CURLM* multi_;  ///< Null when closed.
};

}  // namespace backtalk
