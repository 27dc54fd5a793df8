#pragma once

#include <atomic>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include "async/executor.h"

namespace backtalk {

/// A value that another thread will deliver once: the bridge from callbacks (a commit, a finished transfer) to
/// coroutines. The waiting coroutine resumes on `executor`, never inside deliver().
///
///     Completion<int> done(executor);
///     start(done.receiver());
///     int value = co_await done;
template <class T> class Completion {
    struct State {
        explicit State(Executor& the_executor) : executor(the_executor) { }

        Executor& executor;
        std::optional<T> value;
        std::atomic<void*> waiting = nullptr;  // null, the coroutine's address, or this State once delivered
    };

public:
    explicit Completion(Executor& executor) : state_(std::make_shared<State>(executor)) { }

    class Receiver {
    public:
        explicit Receiver(std::shared_ptr<State> state) : state_(std::move(state)) { }
        /// Call exactly once, from any thread.
        void deliver(T value)
        {
            State* const state = state_.get();
            state->value.emplace(std::move(value));
            if (void* const waiting = state->waiting.exchange(state))
                state->executor.post(
                    [handle = std::coroutine_handle<>::from_address(waiting), keep = std::move(state_)] { handle.resume(); });
        }

    private:
        std::shared_ptr<State> state_;
    };

    Receiver receiver() const { return Receiver(state_); }

    bool await_ready() const noexcept { return state_->waiting.load() == state_.get(); }
    bool await_suspend(std::coroutine_handle<> handle) noexcept
    {
        void* expected = nullptr;
        return state_->waiting.compare_exchange_strong(expected, handle.address());  // false: delivered meanwhile, go on
    }
    T await_resume() { return std::move(*state_->value); }

private:
    std::shared_ptr<State> state_;
};

/// `co_await resume_on(pool)`: what follows runs on a thread of that executor.
class resume_on {
public:
    explicit resume_on(Executor& executor) : executor_(executor) { }
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        executor_.post([handle] { handle.resume(); });
    }
    void await_resume() const noexcept { }

private:
    Executor& executor_;
};

}  // namespace backtalk
