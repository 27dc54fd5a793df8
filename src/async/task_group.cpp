#include "async/task_group.h"

namespace backtalk {

namespace {

async_detail::Detached run_in_group(Executor* executor, Task<void> task, std::move_only_function<void()> ended)
{
    if (executor)
        co_await resume_on(*executor);
    {
        Task<void> running = std::move(task);
        co_await running;
    }
    ended();
}

}  // namespace

void TaskGroup::start(Task<void> task)
{
    begin();
    run_in_group(&executor_, std::move(task), [this] { ended(); });
}

void TaskGroup::start_here(Task<void> task)
{
    begin();
    run_in_group(nullptr, std::move(task), [this] { ended(); });
}

void TaskGroup::begin()
{
    std::scoped_lock const lock(mutex_);
    ++running_;
}

void TaskGroup::ended()
{
    std::scoped_lock const lock(mutex_);
    if (--running_ == 0)
        empty_.notify_all();
}

void TaskGroup::join()
{
    std::unique_lock lock(mutex_);
    empty_.wait(lock, [this] { return running_ == 0; });
}

std::size_t TaskGroup::running() const
{
    std::scoped_lock const lock(mutex_);
    return running_;
}

}  // namespace backtalk
