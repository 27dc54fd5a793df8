#include "app/due_queue.h"

#include <fmt/format.h>

namespace backtalk {

DueQueue::DueQueue(std::string name, Source source, Executor& executor, Clock const& clock, Log& log)
    : name_(std::move(name)), source_(std::move(source)), clock_(clock), log_(log), tasks_(executor)
{
}

void DueQueue::start()
{
    thread_ = std::thread([this] { run(); });
}

void DueQueue::wake()
{
    std::scoped_lock const lock(mutex_);
    if (std::exchange(woken_, true))
        return;
    changed_.notify_one();
}

void DueQueue::close()
{
    std::scoped_lock const lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
}

std::size_t DueQueue::under_way() const { return tasks_.running(); }

void DueQueue::stop()
{
    close();
    if (thread_.joinable())
        thread_.join();
    tasks_.join();
}

bool DueQueue::idle() const
{
    {
        std::scoped_lock const lock(mutex_);
        if (woken_ || !in_flight_.empty())
            return false;
    }
    auto const next = source_.next();
    return next && (!next->has_value() || **next > clock_.now());
}

void DueQueue::run()
{
    step_behind();
    for (;;) {
        {
            std::scoped_lock const lock(mutex_);
            if (stopping_)
                return;
            woken_ = false;
        }
        auto const asked_at = std::chrono::steady_clock::now();
        bool const full = start_due();
        // What is due next decides how long to sleep; a clock that jumps, or a store that fails, is noticed within a minute.
        std::chrono::milliseconds sleep = std::chrono::minutes(1);
        if (full) {
            sleep = std::chrono::seconds(1);
        } else if (auto const next = source_.next(); next && next->has_value()) {
            auto const wait = std::chrono::duration_cast<std::chrono::milliseconds>(**next - clock_.now());
            sleep = std::clamp<std::chrono::milliseconds>(wait, std::chrono::milliseconds(50), sleep);
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, sleep, [this] { return stopping_ || woken_; });
        // A flood wakes us for each of its pings; asking the store a hundred times a second is enough to keep every place filled.
        changed_.wait_until(lock, asked_at + pause_between_looks, [this] { return stopping_; });
    }
}

/// True if more is due than there are places for.
bool DueQueue::start_due()
{
    std::size_t free_places;
    std::size_t running;
    {
        std::scoped_lock const lock(mutex_);
        running = in_flight_.size();
        ended_since_asked_.clear();
        free_places = in_flight_max - running;
    }
    if (free_places == 0)
        return true;
    std::size_t const limit = running + 2 * free_places;
    auto jobs = source_.due(clock_.now(), limit);
    if (!jobs) {
        log_.error(fmt::format("{}: {}", name_, jobs.error().text));
        return true;
    }
    std::vector<std::int64_t> put_off;
    std::size_t behind_their_subject = 0;
    bool full = jobs->size() == limit;
    for (Job& job : *jobs) {
        {
            std::scoped_lock const lock(mutex_);
            if (stopping_)
                return false;
            // One that ended after the store was asked stands in its answer all the same.
            if (in_flight_.contains(job.id) || ended_since_asked_.contains(job.id))
                continue;
            if (in_flight_.size() >= in_flight_max) {
                full = true;
                break;
            }
            if (subjects_in_flight_.contains(job.subject)) {
                if (++behind_their_subject > waiting_subjects_max)
                    put_off.push_back(job.id);
                continue;
            }
            std::size_t& of_host = in_flight_by_host_[job.host];
            if (of_host >= per_host_max) {
                put_off.push_back(job.id);
                continue;
            }
            ++of_host;
            in_flight_.insert(job.id);
            subjects_in_flight_.insert(job.subject);
        }
        tasks_.start(run_job(std::move(job)));
    }
    if (!put_off.empty())
        tasks_.start(source_.put_off(std::move(put_off)));
    return full;
}

Task<void> DueQueue::run_job(Job job)
{
    co_await job.work();
    ended(job);
}

void DueQueue::ended(Job const& job)
{
    std::scoped_lock const lock(mutex_);
    in_flight_.erase(job.id);
    subjects_in_flight_.erase(job.subject);
    ended_since_asked_.insert(job.id);
    auto const of_host = in_flight_by_host_.find(job.host);
    if (--of_host->second == 0)
        in_flight_by_host_.erase(of_host);
    // Wake early enough to keep the places filled, not for each that falls free.
    bool const few = in_flight_.size() % 32 == 0 || in_flight_.size() < in_flight_max / 2;
    if (few && !std::exchange(woken_, true))
        changed_.notify_one();
}

}  // namespace backtalk
