#pragma once

#include <condition_variable>
#include <mutex>

#include "async/completion.h"
#include "async/task.h"

namespace backtalk {

/// Owns the tasks that nobody awaits: each started task belongs to a group, and the group is awaited at shutdown.
class TaskGroup {
public:
    explicit TaskGroup(Executor& executor) : executor_(executor) { }
    ~TaskGroup() { join(); }
    TaskGroup(TaskGroup const&) = delete;
    TaskGroup& operator=(TaskGroup const&) = delete;

    /// Starts the task on the executor.
    void start(Task<void> task);
    /// Runs it inside the call as far as it goes without waiting.
    void start_here(Task<void> task);
    /// Blocks until no task is left. Not from a thread of the executor.
    void join();
    std::size_t running() const;

private:
    void begin();
    void ended();

    Executor& executor_;
    mutable std::mutex mutex_;
    std::condition_variable empty_;
    std::size_t running_ = 0;
};

/// Runs the task on the executor and blocks this thread until it is done. For command lines and tests.
template <class T> T run_blocking(Executor& executor, Task<T> task);

// ---- implementation

namespace async_detail {

/// A coroutine that destroys itself at its end.
struct Detached {
    struct promise_type {
        Detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept { }
        void unhandled_exception() const noexcept { std::terminate(); }
    };
};

template <class T> struct Outcome {
    std::mutex mutex;
    std::condition_variable ready;
    std::optional<T> value;
};

template <class T> Detached run_into(Executor* executor, Task<T> task, std::shared_ptr<Outcome<T>> outcome)
{
    co_await resume_on(*executor);
    T value = co_await std::move(task);
    std::scoped_lock const lock(outcome->mutex);
    outcome->value.emplace(std::move(value));
    outcome->ready.notify_all();
}

}  // namespace async_detail

template <class T> T run_blocking(Executor& executor, Task<T> task)
{
    auto const outcome = std::make_shared<async_detail::Outcome<T>>();
    async_detail::run_into<T>(&executor, std::move(task), outcome);
    std::unique_lock lock(outcome->mutex);
    outcome->ready.wait(lock, [&] { return outcome->value.has_value(); });
    return std::move(*outcome->value);
}

}  // namespace backtalk
