#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "async/task_group.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

namespace backtalk {

/// Works off what the store says is due, many at a time, until it is stopped. What is queued is on disk: a crash loses nothing,
/// and what was under way is found due again.
///
/// One host never takes all places: beyond `per_host_max`, its others are put off by a moment.
class DueQueue {
public:
    struct Job {
        Job(std::int64_t the_id, std::string the_host, std::string the_subject, std::move_only_function<Task<void>()> the_work)
            : id(the_id), host(std::move(the_host)), subject(std::move(the_subject)), work(std::move(the_work))
        {
        }
        std::int64_t id;
        std::string host;
        std::string subject;  ///< Jobs of one subject run one after the other, so that a late answer never overtakes a newer one.
        std::move_only_function<Task<void>()> work;
    };
    struct Source {
        std::function<Result<std::vector<Job>>(Instant now, std::size_t limit)> due;
        std::function<Result<std::optional<Instant>>()> next;
        std::function<Task<void>(std::vector<std::int64_t> ids)> put_off;
    };

    DueQueue(std::string name, Source source, Executor& executor, Clock const& clock, Log& log);
    ~DueQueue() { stop(); }
    DueQueue(DueQueue const&) = delete;
    DueQueue& operator=(DueQueue const&) = delete;

    void start();
    void wake();   ///< Something may be due; from any thread.
    void close();  ///< Starts nothing more.
    std::size_t under_way() const;
    /// Closes, and waits for what is under way.
    void stop();
    /// Whether nothing is under way and nothing is due. For tests and the demo.
    bool idle() const;

private:
    static constexpr std::size_t in_flight_max = 256;
    static constexpr std::size_t per_host_max = 32;
    static constexpr std::size_t waiting_subjects_max = 64;  ///< Beyond that many, those behind one of their subject are put off too.
    static constexpr std::chrono::milliseconds pause_between_looks{10};

    void run();
    bool start_due();
    Task<void> run_job(Job job);
    void ended(Job const& job);

    std::string name_;
    Source source_;
    Clock const& clock_;
    Log& log_;
    TaskGroup tasks_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool woken_ = false;
    std::unordered_set<std::int64_t> in_flight_;
    std::unordered_set<std::int64_t> ended_since_asked_;
    std::unordered_set<std::string> subjects_in_flight_;
    std::unordered_map<std::string, std::size_t> in_flight_by_host_;
    std::thread thread_;
};

}  // namespace backtalk
