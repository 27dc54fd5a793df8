#include "async/executor.h"

namespace backtalk {

ThreadPool::ThreadPool(unsigned threads)
{
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
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
