#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "async/task_group.h"
#include "net/fetcher.h"
#include "net/fetcher_test_server.h"

namespace backtalk {

/// Answers names as told, the last answer for ever. An unknown name does not exist.
class FakeResolver final : public Resolver {
public:
    void answer(std::string const& name, std::vector<std::string> const& addresses)
    {
        std::vector<Address> found;
        for (std::string const& each : addresses)
            found.push_back(Address::parse(each).value());
        std::scoped_lock const lock(mutex_);
        answers_[name].push_back(Found(std::move(found)));
    }
    /// For every name without an answer of its own.
    void answer_all(std::string const& address) { all_ = Address::parse(address).value(); }
    void never_answer(std::string const& name) { silent_.push_back(name); }

    void resolve(std::string name, std::move_only_function<void(Found)> answer) override
    {
        std::scoped_lock const lock(mutex_);
        if (std::ranges::find(silent_, name) != silent_.end())
            return;
        auto const found = answers_.find(name);
        if (found == answers_.end() && all_)
            return answer(std::vector<Address>{*all_});
        if (found == answers_.end())
            return answer(failure(ErrorCode::NotFound, "no such name"));
        Found const next = found->second.front();
        if (found->second.size() > 1)
            found->second.pop_front();
        answer(next);
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::deque<Found>> answers_;
    std::optional<Address> all_;
    std::vector<std::string> silent_;
};

/// Stays shut until opened.
class Gate {
public:
    void open()
    {
        std::scoped_lock const lock(mutex_);
        is_open_ = true;
        opened_.notify_all();
    }
    void pass()
    {
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [this] { return is_open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool is_open_ = false;
};

template <class Condition> void wait_until(Condition condition)
{
    while (!condition())
        std::this_thread::yield();
}

/// A fetcher and what it needs.
struct FetchWorld {
    explicit FetchWorld(FetchOptions const& options) : fetcher(options, pool, resolver) { }

    Result<Fetched> fetch(FetchRequest request, Deadline deadline = Deadline::never())
    {
        return run_blocking(pool, fetcher.fetch(std::move(request), deadline));
    }
    Result<Fetched> get(std::string const& url, Deadline deadline = Deadline::never())
    {
        return fetch(FetchRequest(Url::parse(url).value()), deadline);
    }

    ThreadPool pool{2};
    FakeResolver resolver;
    CurlFetcher fetcher;
};

/// Fetches that run at once.
class Fetches {
public:
    explicit Fetches(FetchWorld& world) : world_(world), group_(world.pool) { }

    void start(std::string const& url, Deadline deadline = Deadline::never())
    {
        results_.emplace_back();
        group_.start(fetch_into(&world_.fetcher, FetchRequest(Url::parse(url).value()), deadline, &results_.back()));
    }
    /// In the order of their start.
    std::deque<std::optional<Result<Fetched>>> const& results()
    {
        group_.join();
        return results_;
    }

private:
    static Task<void> fetch_into(CurlFetcher* fetcher, FetchRequest request, Deadline deadline, std::optional<Result<Fetched>>* result)
    {
        Result<Fetched> fetched = co_await fetcher->fetch(std::move(request), deadline);
        result->emplace(std::move(fetched));
    }

    FetchWorld& world_;
    std::deque<std::optional<Result<Fetched>>> results_;
    TaskGroup group_;
};

/// Options under which this server may be fetched.
inline FetchOptions allowing(TestServer const& server)
{
    FetchOptions options;
    options.allow_hosts = {server.where()};
    return options;
}

}  // namespace backtalk
