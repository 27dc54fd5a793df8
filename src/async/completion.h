#pragma once

#include <atomic>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "async/executor.h"

namespace backtalk {

/// A coroutine that has what it waited for, and where it goes on.
struct Resumption {
    Executor* executor;
    std::move_only_function<void()> job;
};

/// Posts each on its executor, those of one executor at once.
void post_all(std::vector<Resumption> resumptions);

/// A value that another thread will deliver once: the bridge from callbacks (a commit, a finished transfer) to
/// coroutines. The waiting coroutine resumes on the executor that it waited on, else on `executor`; never inside deliver().
///
///     Completion<int> done(executor);
///     start(done.receiver());
///     int value = co_await done;
template <class T> class Completion {
    struct State {
        explicit State(Executor& the_executor) : executor(&the_executor) { }

        Executor* executor;
        std::optional<T> value;
        std::atomic<void*> waiting = nullptr;  // null, the coroutine's address, or this State once delivered
    };

public:
    explicit Completion(Executor& executor) : state_(std::make_shared<State>(executor)) { }

    class Receiver {
    public:
        explicit Receiver(std::shared_ptr<State> state) : state_(std::move(state)) { }
        /// Call exactly once, from any thread; this or the next.
        void deliver(T value)
        {
            if (auto resumption = take(std::move(value)))
                resumption->executor->post(std::move(resumption->job));
        }
        /// For who delivers many at once, and then calls post_all().
        void deliver(T value, std::vector<Resumption>& resumptions)
        {
            if (auto resumption = take(std::move(value)))
                resumptions.push_back(*std::move(resumption));
        }

    private:
        std::optional<Resumption> take(T value)
        {
            State* const state = state_.get();
            state->value.emplace(std::move(value));
            void* const waiting = state->waiting.exchange(state);
            if (!waiting)
                return std::nullopt;
            Executor* const executor = state->executor;
            return Resumption{
                executor, [handle = std::coroutine_handle<>::from_address(waiting), keep = std::move(state_)] { handle.resume(); }};
        }

        std::shared_ptr<State> state_;
    };

    Receiver receiver() const { return Receiver(state_); }

    bool await_ready() const noexcept { return state_->waiting.load() == state_.get(); }
    bool await_suspend(std::coroutine_handle<> handle) noexcept
    {
        if (Executor* const here = current_executor())
            state_->executor = here;
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
