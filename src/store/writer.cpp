#include "store/writer.h"

namespace backtalk::store {

Writer::Writer(std::unique_ptr<Connection> connection, Executor& executor, Clock const& clock)
    : connection_(std::move(connection)), executor_(executor), clock_(clock), thread_([this] { run(); })
{
}

Writer::~Writer()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    ready_.notify_one();
    thread_.join();
}

void Writer::add_listener(ChangeListener& listener)
{
    std::scoped_lock const lock(listeners_mutex_);
    listeners_.push_back(&listener);
}

void Writer::remove_listener(ChangeListener& listener)
{
    std::scoped_lock const lock(listeners_mutex_);
    std::erase(listeners_, &listener);
}

void Writer::enqueue(std::unique_ptr<Job> job)
{
    {
        std::scoped_lock const lock(mutex_);
        if (waiting_.size() < waiting_jobs_max) {
            waiting_.push_back(std::move(job));
            if (waiting_.size() == 1)
                ready_.notify_one();
            return;
        }
    }
    std::vector<Resumption> resumptions;
    job->complete(failure(ErrorCode::Unavailable, "too many writes wait for the disk: try again in a moment"), resumptions);
    post_all(std::move(resumptions));
}

void Writer::run()
{
    for (;;) {
        std::vector<std::unique_ptr<Job>> jobs;
        {
            std::unique_lock lock(mutex_);
            ready_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty())
                return;
            jobs.swap(waiting_);
        }
        commit_together(std::move(jobs));
    }
}

void Writer::commit_together(std::vector<std::unique_ptr<Job>> jobs)
{
    Transaction transaction{*connection_, clock_.now(), {}};
    Result<void> committed = connection_->execute("BEGIN IMMEDIATE");
    if (committed) {
        bool const alone = jobs.size() == 1;
        bool undo_all = false;
        for (auto const& job : jobs) {
            std::size_t const changed_before = transaction.changed.size();
            bool const needs_savepoint = !alone && job->statements == Statements::Many;
            if (needs_savepoint)
                (void)connection_->query("SAVEPOINT job").run();
            bool const done = job->run(transaction);
            if (!connection_->in_transaction()) {
                // What ran before is undone already, and what came now would be a transaction of its own: none of it counts.
                committed = failure(ErrorCode::Unavailable, "the store gave up in the middle of a commit: is the disk full?");
                break;
            }
            if (done) {
                if (needs_savepoint)
                    (void)connection_->query("RELEASE job").run();
                continue;
            }
            transaction.changed.resize(changed_before);
            if (alone)
                undo_all = true;
            else if (needs_savepoint)
                (void)connection_->execute("ROLLBACK TO job; RELEASE job");
        }
        if (committed)
            committed = undo_all ? connection_->execute("ROLLBACK") : connection_->query("COMMIT").run();
        if (committed)
            commits_.fetch_add(1, std::memory_order_relaxed);
        else
            (void)connection_->execute("ROLLBACK");
    }
    if (committed && !transaction.changed.empty()) {
        std::scoped_lock const lock(listeners_mutex_);
        for (ChangeListener* const listener : listeners_)
            listener->changed(transaction.changed);
    }
    std::vector<Resumption> resumptions;
    resumptions.reserve(jobs.size());
    for (auto const& job : jobs)
        job->complete(committed, resumptions);
    post_all(std::move(resumptions));
}

}  // namespace backtalk::store
