#include "async/executor.h"

#include <sys/resource.h>

namespace backtalk {

namespace {

thread_local Executor* current = nullptr;

}  // namespace

Executor* current_executor() { return current; }

RunsJobsOf::RunsJobsOf(Executor& executor) { current = &executor; }
RunsJobsOf::~RunsJobsOf() { current = nullptr; }

void step_behind()
{
    constexpr int nice_value = 15;
    (void)::setpriority(PRIO_PROCESS, 0, nice_value);  // best effort: without it all threads are equals
}

ThreadPool::ThreadPool(unsigned threads, Rank rank)
{
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this, rank] {
            if (rank == Rank::Background)
                step_behind();
            run();
        });
}

ThreadPool::~ThreadPool()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    ready_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void ThreadPool::post(std::move_only_function<void()> job)
{
    {
        std::scoped_lock const lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    ready_.notify_one();
}

void ThreadPool::post_all(std::vector<std::move_only_function<void()>> jobs)
{
    if (jobs.empty())
        return;
    {
        std::scoped_lock const lock(mutex_);
        for (auto& job : jobs)
            jobs_.push_back(std::move(job));
    }
    if (jobs.size() == 1)
        ready_.notify_one();
    else
        ready_.notify_all();
}

std::size_t ThreadPool::backlog() const
{
    std::scoped_lock const lock(mutex_);
    return jobs_.size();
}

void ThreadPool::run()
{
    RunsJobsOf const here(*this);
    for (;;) {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (jobs_.empty())
            return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
    }
}

}  // namespace backtalk
