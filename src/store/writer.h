#pragma once

#include <atomic>
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
    /// Who waits for a write on a thread without an executor resumes on `executor`.
    Writer(std::unique_ptr<Connection> connection, Executor& executor, Clock const& clock);
    ~Writer();  ///< Finishes what waits.
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    void add_listener(ChangeListener& listener);
    void remove_listener(ChangeListener& listener);

    /// How many transactions reached the disk since the start.
    std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }

    enum class Statements {
        Many,
        One,  ///< SQLite undoes a single statement that fails by itself: no savepoint is needed.
    };
    /// Runs `work` in a transaction of its own inside the common one: if it fails, nothing of it stays.
    template <class T>
    Task<Result<T>> write(std::move_only_function<Result<T>(Transaction&)> work, Statements statements = Statements::Many)
    {
        Completion<Result<T>> done(executor_);
        enqueue(std::make_unique<TypedJob<T>>(std::move(work), statements, done.receiver()));
        co_return co_await done;
    }

private:
    class Job {
    public:
        explicit Job(Statements the_statements) : statements(the_statements) { }
        virtual ~Job() = default;
        virtual bool run(Transaction& transaction) = 0;  ///< False: undo it.
        /// After the commit, or when it failed. Who waits is added to `resumptions`.
        virtual void complete(Result<void> const& committed, std::vector<Resumption>& resumptions) = 0;

        Statements const statements;
    };

    template <class T> class TypedJob final : public Job {
    public:
        using Receiver = typename Completion<Result<T>>::Receiver;
        TypedJob(std::move_only_function<Result<T>(Transaction&)> work, Statements the_statements, Receiver receiver)
            : Job(the_statements), work_(std::move(work)), receiver_(std::move(receiver))
        {
        }

        bool run(Transaction& transaction) override
        {
            result_.emplace(work_(transaction));
            return result_->has_value();
        }
        void complete(Result<void> const& committed, std::vector<Resumption>& resumptions) override
        {
            if (!committed && (!result_ || result_->has_value()))
                receiver_.deliver(std::unexpected(committed.error()), resumptions);
            else
                receiver_.deliver(std::move(*result_), resumptions);
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
    Executor& executor_;
    Clock const& clock_;
    std::atomic<std::uint64_t> commits_ = 0;
    std::mutex listeners_mutex_;
    std::vector<ChangeListener*> listeners_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::vector<std::unique_ptr<Job>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace backtalk::store
