#include "store/writer.h"

namespace backtalk::store {

Writer::Writer(std::unique_ptr<Connection> connection, Clock const& clock)
    : connection_(std::move(connection)), clock_(clock), thread_([this] { run(); })
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

void Writer::set_listener(ChangeListener* listener)
{
    std::scoped_lock const lock(mutex_);
    listener_ = listener;
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
    job->complete(failure(ErrorCode::Unavailable, "too many writes wait for the disk: try again in a moment"));
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
            if (!alone)
                (void)connection_->query("SAVEPOINT job").run();
            bool const done = job->run(transaction);
            if (!connection_->in_transaction()) {
                // What ran before is undone already, and what came now would be a transaction of its own: none of it counts.
                committed = failure(ErrorCode::Unavailable, "the store gave up in the middle of a commit: is the disk full?");
                break;
            }
            if (done) {
                if (!alone)
                    (void)connection_->query("RELEASE job").run();
                continue;
            }
            transaction.changed.resize(changed_before);
            if (alone)
                undo_all = true;
            else
                (void)connection_->execute("ROLLBACK TO job; RELEASE job");
        }
        if (committed)
            committed = undo_all ? connection_->execute("ROLLBACK") : connection_->query("COMMIT").run();
        if (!committed)
            (void)connection_->execute("ROLLBACK");
    }
    if (committed && !transaction.changed.empty()) {
        ChangeListener* listener;
        {
            std::scoped_lock const lock(mutex_);
            listener = listener_;
        }
        if (listener)
            listener->changed(transaction.changed);
    }
    for (auto const& job : jobs)
        job->complete(committed);
}

}  // namespace backtalk::store
