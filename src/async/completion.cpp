#include "async/completion.h"

#include <map>

namespace backtalk {

void post_all(std::vector<Resumption> resumptions)
{
    std::map<Executor*, std::vector<std::move_only_function<void()>>> by_executor;
    for (Resumption& each : resumptions)
        by_executor[each.executor].push_back(std::move(each.job));
    for (auto& [executor, jobs] : by_executor)
        executor->post_all(std::move(jobs));
}

}  // namespace backtalk
