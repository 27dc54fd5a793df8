#pragma once

#include <atomic>

#include "async/task_group.h"
#include "net/server.h"

namespace backtalk {

/// What the front threads of one server have in common.
struct ServerShared {
    ServerShared(ServerOptions the_options, Door& the_door, Executor& the_work, AccessLog& the_log)
        : options(std::move(the_options)), door(the_door), log(the_log), logging(the_log.wanted()), work(the_work), answers(the_work)
    {
    }

    ServerOptions const options;
    Door& door;
    AccessLog& log;
    bool const logging;
    Executor& work;
    TaskGroup answers;
    std::atomic<std::size_t> answering = 0;
    std::atomic<std::size_t> connections = 0;
    std::atomic<bool> stopping = false;  ///< Each loop hears it a little later; answers say it at once.
};

}  // namespace backtalk
