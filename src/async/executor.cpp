#include "async/executor.h"

#include <sys/resource.h>

namespace backtalk {

void step_behind()
{
    constexpr int nice_value = 10;
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

std::size_t ThreadPool::backlog() const
{
    std::scoped_lock const lock(mutex_);
    return jobs_.size();
}

void ThreadPool::run()
{
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
