#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace backtalk {

template <class T> class Task;

namespace async_detail {

/// Resumes whoever awaited the task, without growing the stack (symmetric transfer).
struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise> std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept
    {
        return finished.promise().continuation ? finished.promise().continuation : std::noop_coroutine();
    }
    void await_resume() const noexcept { }
};

struct PromiseBase {
    std::coroutine_handle<> continuation;

    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalAwaiter final_suspend() const noexcept { return {}; }
    // The world's failures travel as Result; an exception here is a mistake of ours or exhausted memory.
    void unhandled_exception() const noexcept { std::terminate(); }
};

template <class T> struct Promise : PromiseBase {
    std::optional<T> value;

    Task<T> get_return_object();
    template <class U> void return_value(U&& result) { value.emplace(std::forward<U>(result)); }
    T take() { return std::move(*value); }
};

template <> struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    void return_void() const noexcept { }
    void take() const noexcept { }
};

}  // namespace async_detail

/// A lazy coroutine: it runs when it is awaited, and is awaited exactly once. `co_await std::move(task)` or directly
/// on the call. Where it resumes is decided by what it waits for (see Completion).
template <class T> class [[nodiscard]] Task {
public:
    using promise_type = async_detail::Promise<T>;

    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) { }
    Task& operator=(Task&& other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Task()
    {
        if (handle_)
            handle_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept
    {
        handle_.promise().continuation = awaiting;
        return handle_;
    }
    T await_resume() { return handle_.promise().take(); }

private:
    friend promise_type;
    explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) { }

    std::coroutine_handle<promise_type> handle_;
};

template <class T> Task<T> async_detail::Promise<T>::get_return_object()
{
    return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}

inline Task<void> async_detail::Promise<void>::get_return_object()
{
    return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

}  // namespace backtalk
