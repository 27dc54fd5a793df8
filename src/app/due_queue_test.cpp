#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "app/due_queue.h"

using namespace backtalk;

namespace {

/// Jobs in memory that end when they are told to.
struct QueueWorld {
    explicit QueueWorld(std::vector<std::pair<std::int64_t, std::string>> jobs)
    {
        for (auto& [id, host] : jobs)
            waiting.emplace(id, std::move(host));
    }

    DueQueue::Source source()
    {
        DueQueue::Source source;
        source.due = [this](Instant, std::size_t limit) -> Result<std::vector<DueQueue::Job>> {
            std::scoped_lock const lock(mutex);
            ++asked;
            changed.notify_all();
            if (broken)
                return failure(ErrorCode::Unavailable, "the store is out of order");
            std::vector<DueQueue::Job> due;
            for (auto const& [id, host] : waiting)
                if (!put_off.contains(id) && due.size() < limit)
                    due.emplace_back(id, host, std::to_string(id), [this, job = id] { return work(this, job); });
            return due;
        };
        source.next = [this]() -> Result<std::optional<Instant>> {
            std::scoped_lock const lock(mutex);
            for (auto const& [id, host] : waiting)
                if (!put_off.contains(id))
                    return std::optional(clock.now());
            return std::optional<Instant>();
        };
        source.put_off = [this](std::vector<std::int64_t> ids) { return note_put_off(this, std::move(ids)); };
        return source;
    }
    static Task<void> work(QueueWorld* world, std::int64_t id)
    {
        Completion<bool> end(world->pool);
        {
            std::scoped_lock const lock(world->mutex);
            world->started.insert(id);
            ++world->starts[id];
            if (world->open)
                end.receiver().deliver(true);
            else
                world->ends.push_back(end.receiver());
            world->changed.notify_all();
        }
        co_await end;
        std::scoped_lock const lock(world->mutex);
        world->waiting.erase(id);
        world->changed.notify_all();
    }
    static Task<void> note_put_off(QueueWorld* world, std::vector<std::int64_t> ids)
    {
        std::scoped_lock const lock(world->mutex);
        if (!world->open)  // else it is only for a moment, which is over
            world->put_off.insert(ids.begin(), ids.end());
        world->changed.notify_all();
        co_return;
    }
    template <class Condition> void wait_until(Condition condition)
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return condition(); });
    }
    /// What runs ends, and what comes later ends at once.
    void let_all_end()
    {
        std::vector<Completion<bool>::Receiver> all;
        {
            std::scoped_lock const lock(mutex);
            open = true;
            put_off.clear();
            all.swap(ends);
        }
        for (auto& end : all)
            end.deliver(true);
    }

    ThreadPool pool{2};
    FakeClock clock{Instant(std::chrono::hours(1))};
    SilentLog log;
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::int64_t, std::string> waiting;
    std::set<std::int64_t> started;
    std::map<std::int64_t, int> starts;
    std::set<std::int64_t> put_off;
    std::vector<Completion<bool>::Receiver> ends;
    bool open = false;
    bool broken = false;
    int asked = 0;
    DueQueue queue{"testing", source(), pool, clock, log};
};

std::vector<std::pair<std::int64_t, std::string>> jobs_of(std::string const& host, int count, std::int64_t first = 1)
{
    std::vector<std::pair<std::int64_t, std::string>> jobs;
    for (int i = 0; i < count; ++i)
        jobs.emplace_back(first + i, host);
    return jobs;
}

}  // namespace

TEST_CASE("everything that is due is done, each once", "[queue]")
{
    std::vector<std::pair<std::int64_t, std::string>> jobs;
    for (int i = 0; i < 1000; ++i)
        jobs.emplace_back(i, "host" + std::to_string(i % 100));
    QueueWorld world(std::move(jobs));
    world.let_all_end();
    world.queue.start();
    world.wait_until([&] { return world.waiting.empty(); });
    while (!world.queue.idle())
        std::this_thread::yield();
    world.queue.stop();
    CHECK(world.started.size() == 1000);
    CHECK(std::all_of(world.starts.begin(), world.starts.end(), [](auto const& each) { return each.second == 1; }));
}

TEST_CASE("one host never takes all places", "[queue]")
{
    auto jobs = jobs_of("busy.example", 300);
    jobs.emplace_back(1000, "quiet.example");
    QueueWorld world(std::move(jobs));
    world.queue.start();
    world.wait_until([&] { return world.started.contains(1000) && world.started.size() >= 33 && world.put_off.size() == 268; });
    {
        std::scoped_lock const lock(world.mutex);
        CHECK(world.started.size() == 33);
    }
    CHECK_FALSE(world.queue.idle());
    world.let_all_end();
    world.queue.wake();
    world.wait_until([&] { return world.waiting.empty(); });
    world.queue.stop();
}

TEST_CASE("stopping waits for what is under way and starts nothing more", "[queue]")
{
    QueueWorld world(jobs_of("a.example", 3));
    world.queue.start();
    world.wait_until([&] { return world.ends.size() == 3; });
    {
        std::scoped_lock const lock(world.mutex);
        world.waiting.emplace(50, "late.example");
    }
    world.queue.close();
    world.queue.wake();
    CHECK(world.queue.under_way() >= 3);
    std::thread ending([&] { world.let_all_end(); });
    world.queue.stop();
    ending.join();
    CHECK(world.queue.under_way() == 0);
    CHECK(world.waiting.size() + static_cast<std::size_t>(world.started.contains(50)) == 1);
    for (std::int64_t const id : {1, 2, 3})
        CHECK_FALSE(world.waiting.contains(id));
    world.queue.stop();
}

TEST_CASE("a queue that was never started can be stopped", "[queue]")
{
    QueueWorld world(jobs_of("a.example", 1));
    CHECK_FALSE(world.queue.idle());
    world.queue.stop();
    CHECK(world.started.empty());
}

TEST_CASE("a store that is out of order for a while stops nothing for good", "[queue]")
{
    QueueWorld world(jobs_of("a.example", 1));
    world.broken = true;
    world.let_all_end();
    world.queue.start();
    world.wait_until([&] { return world.asked >= 1; });
    {
        std::scoped_lock const lock(world.mutex);
        world.broken = false;
    }
    world.queue.wake();
    world.wait_until([&] { return world.waiting.empty(); });
    world.queue.stop();
    CHECK(world.started.size() == 1);
}
