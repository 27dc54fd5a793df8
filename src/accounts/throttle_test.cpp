#include <catch2/catch.hpp>

#include "accounts/throttle.h"

using namespace backtalk::accounts;
using namespace std::chrono_literals;

namespace {

/// A throttle and a clock that moves when it is told.
struct Door {
    Throttle throttle;
    Throttle::TimePoint now{std::chrono::hours(100)};

    std::optional<std::chrono::seconds> wrong(std::string_view account, std::string_view network)
    {
        return throttle.begin(account, network, now);
    }
    /// Tries until it has to wait.
    std::chrono::seconds until_waiting(std::string_view account, std::string_view network)
    {
        for (;;)
            if (auto const wait = wrong(account, network))
                return *wait;
    }
};

}  // namespace

TEST_CASE("five wrong passwords are free, then the wait doubles", "[accounts]")
{
    Door door;
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
    std::chrono::seconds last{1};
    for (int i = 0; i < 9; ++i) {
        auto const wait = door.wrong("ada", "192.0.2.1");
        REQUIRE(wait);
        CHECK(*wait == std::min(2 * last, Throttle::wait_max));
        last = *wait;
        door.now += *wait;
        CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
    }
    for (int i = 0; i < 10; ++i) {
        door.now += Throttle::wait_max;
        CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
    }
    CHECK(door.wrong("ada", "192.0.2.1") == Throttle::wait_max);
}

TEST_CASE("asking too early does not make the wait longer", "[accounts]")
{
    Door door;
    auto const wait = door.until_waiting("ada", "192.0.2.1");
    for (int i = 0; i < 100; ++i)
        CHECK(door.wrong("ada", "192.0.2.1") == wait);
    door.now += wait;
    CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
}

TEST_CASE("whatever others do, who comes from elsewhere has a try at once", "[accounts]")
{
    Door door;
    for (int network = 0; network < 300; ++network)
        (void)door.until_waiting("ada", "198.51.100." + std::to_string(network));
    CHECK_FALSE(door.wrong("ada", "192.0.2.7"));
    door.throttle.succeeded("ada", "192.0.2.7");
    CHECK_FALSE(door.wrong("ada", "192.0.2.7"));
}

TEST_CASE("an account under attack gives each network one free try", "[accounts]")
{
    Door door;
    for (int network = 0; network < 20; ++network)
        (void)door.until_waiting("ada", "198.51.100." + std::to_string(network));
    CHECK_FALSE(door.wrong("ada", "192.0.2.7"));
    CHECK(door.wrong("ada", "192.0.2.7"));
    CHECK_FALSE(door.wrong("ben", "192.0.2.7"));
}

TEST_CASE("a network that tries many names waits for all of them", "[accounts]")
{
    Door door;
    for (int i = 0; i < 20; ++i)
        CHECK_FALSE(door.wrong("name" + std::to_string(i), "192.0.2.1"));
    CHECK(door.wrong("ada", "192.0.2.1"));
    CHECK_FALSE(door.wrong("ada", "192.0.2.2"));
}

TEST_CASE("a right password forgives the wrong ones before it", "[accounts]")
{
    Door door;
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 4; ++i)
            CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
        CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
        door.throttle.succeeded("ada", "192.0.2.1");
        door.now += 3h;
    }
}

TEST_CASE("a try that was not decided does not count", "[accounts]")
{
    Door door;
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
        door.throttle.withdrawn("ada", "192.0.2.1");
    }
}

TEST_CASE("tries at the same moment are counted one by one", "[accounts]")
{
    Door door;
    int let_pass = 0;
    for (int i = 0; i < 100; ++i)
        let_pass += door.wrong("ada", "192.0.2.1") ? 0 : 1;
    CHECK(let_pass == 5);
}

TEST_CASE("failures are forgotten after two hours of quiet", "[accounts]")
{
    Door door;
    (void)door.until_waiting("ada", "192.0.2.1");
    door.now += Throttle::forgotten_after + 1s;
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
}

TEST_CASE("a flood of names fills no memory and frees nobody who guesses much", "[accounts]")
{
    Door door;
    for (int i = 0; i < 8; ++i) {
        door.now += 20s;
        CHECK_FALSE(door.wrong("ada", "192.0.2.1"));
    }
    for (int i = 0; i < 120'000; ++i)
        (void)door.wrong("n" + std::to_string(i), "net" + std::to_string(i));
    CHECK(door.wrong("ada", "192.0.2.1"));
}
