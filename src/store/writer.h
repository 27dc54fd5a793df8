#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/store.h"
#include "async/completion.h"
#include "base/clock.h"
#include "store/sqlite.h"

namespace backtalk::store {

/// What a job of the writer works with.
struct Transaction {
    Connection& db;
    Instant now;
    std::vector<std::string> changed;  ///< Keys of change_keys.h; published once the commit is on disk.
};

/// The one thread that writes and checkpoints. Jobs that wait together share one commit, and so one fsync: each learns
/// of its success only after it.
class Writer {
public:
    Writer(std::unique_ptr<Connection> connection, Clock const& clock);
    ~Writer();  ///< Finishes what waits.
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    void set_listener(ChangeListener* listener);

    /// Runs `work` in a transaction of its own inside the common one: if it fails, nothing of it stays.
    template <class T> Task<Result<T>> write(Executor& executor, std::move_only_function<Result<T>(Transaction&)> work)
    {
        Completion<Result<T>> done(executor);
        enqueue(std::make_unique<TypedJob<T>>(std::move(work), done.receiver()));
        co_return co_await done;
    }

private:
    class Job {
    public:
        virtual ~Job() = default;
        virtual bool run(Transaction& transaction) = 0;            ///< False: undo it.
        virtual void complete(Result<void> const& committed) = 0;  ///< After the commit, or when it failed.
    };

    template <class T> class TypedJob final : public Job {
    public:
        using Receiver = typename Completion<Result<T>>::Receiver;
        TypedJob(std::move_only_function<Result<T>(Transaction&)> work, Receiver receiver)
            : work_(std::move(work)), receiver_(std::move(receiver))
        {
        }

        bool run(Transaction& transaction) override
        {
            result_.emplace(work_(transaction));
            return result_->has_value();
        }
        void complete(Result<void> const& committed) override
        {
            if (!committed && (!result_ || result_->has_value()))
                receiver_.deliver(std::unexpected(committed.error()));
            else
                receiver_.deliver(std::move(*result_));
        }

    private:
        std::move_only_function<Result<T>(Transaction&)> work_;
        Receiver receiver_;
        std::optional<Result<T>> result_;
    };

    void enqueue(std::unique_ptr<Job> job);
    void run();
    void commit_together(std::vector<std::unique_ptr<Job>> jobs);

    static constexpr std::size_t waiting_jobs_max = 10'000;

    std::unique_ptr<Connection> connection_;
    Clock const& clock_;
    ChangeListener* listener_ = nullptr;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::vector<std::unique_ptr<Job>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace backtalk::store
