#include <catch2/catch.hpp>

#include "async/task_group.h"

using namespace backtalk;

namespace {

Task<int> doubled(int value) { co_return value * 2; }

Task<int> sum_of_doubles(int count)
{
    int sum = 0;
    for (int i = 0; i < count; ++i)
        sum += co_await doubled(i);
    co_return sum;
}

Task<int> delivered_elsewhere(Executor* here, Executor* there)
{
    Completion<int> done(*here);
    there->post([receiver = done.receiver()]() mutable { receiver.deliver(42); });
    co_return co_await done;
}

Task<void> count_up(std::atomic<int>* counter)
{
    int const more = co_await doubled(1);
    *counter += more;
}

}  // namespace

TEST_CASE("a task runs when it is awaited and hands its value on", "[async]")
{
    ThreadPool pool(1);
    CHECK(run_blocking(pool, sum_of_doubles(10)) == 90);
}

TEST_CASE("a hundred thousand awaits do not grow the stack", "[async]")
{
    ThreadPool pool(1);
    CHECK(run_blocking(pool, sum_of_doubles(30000)) == 899970000);
}

TEST_CASE("a completion delivered by another thread resumes its coroutine", "[async]")
{
    ThreadPool here(2);
    ThreadPool there(2);
    for (int i = 0; i < 2000; ++i)
        REQUIRE(run_blocking(here, delivered_elsewhere(&here, &there)) == 42);
}

TEST_CASE("a group waits for every task it started", "[async]")
{
    ThreadPool pool(2);
    std::atomic<int> counter = 0;
    TaskGroup group(pool);
    for (int i = 0; i < 500; ++i)
        group.start(count_up(&counter));
    group.join();
    CHECK(counter == 1000);
    CHECK(group.running() == 0);
}
