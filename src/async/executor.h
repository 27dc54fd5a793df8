#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace backtalk {

/// Something that runs jobs later, on a thread of its own.
class Executor {
public:
    virtual ~Executor() = default;
    /// From any thread; never blocks, never runs the job inside the call.
    virtual void post(std::move_only_function<void()> job) = 0;
    /// The same for many at once, in their order.
    virtual void post_all(std::vector<std::move_only_function<void()>> jobs)
    {
        for (auto& job : jobs)
            post(std::move(job));
    }
};

/// The executor whose job runs on this thread; null on other threads.
Executor* current_executor();

/// For loops that are executors: the calling thread runs the jobs of `executor` while this lives.
class RunsJobsOf {
public:
    explicit RunsJobsOf(Executor& executor);
    ~RunsJobsOf();
    RunsJobsOf(RunsJobsOf const&) = delete;
    RunsJobsOf& operator=(RunsJobsOf const&) = delete;
};

/// Lets the calling thread run only where threads that somebody waits for leave room (Linux: a nice value per thread).
void step_behind();

/// Work threads. Jobs run in the order they came.
class ThreadPool final : public Executor {
public:
    enum class Rank {
        Foreground,  ///< Somebody waits: answering requests.
        Background,  ///< Nobody does: checking and sending pings.
    };
    explicit ThreadPool(unsigned threads, Rank rank = Rank::Foreground);
    ~ThreadPool() override;  ///< Runs what was posted, then ends.
    ThreadPool(ThreadPool const&) = delete;
    ThreadPool& operator=(ThreadPool const&) = delete;

    void post(std::move_only_function<void()> job) override;
    void post_all(std::vector<std::move_only_function<void()>> jobs) override;
    /// Jobs that wait. For refusing new work before it piles up.
    std::size_t backlog() const;

private:
    void run();

    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::move_only_function<void()>> jobs_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace backtalk
