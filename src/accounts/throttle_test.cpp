#include <catch2/catch.hpp>

#include "accounts/throttle.h"

using namespace backtalk::accounts;
using namespace std::chrono_literals;

namespace {

Attempt by_stranger(std::string account, std::string network)
{
    return Attempt(std::move(account), std::move(network), Attempt::Comer::Stranger);
}

Attempt by_familiar(std::string account, std::string from)
{
    return Attempt(std::move(account), std::move(from), Attempt::Comer::Familiar);
}

Attempt code_by_stranger(std::string account, std::string network)
{
    Attempt attempt = by_stranger(std::move(account), std::move(network));
    attempt.step = Attempt::Step::Code;
    return attempt;
}

std::string network(int number) { return "2001:db8:" + std::to_string(number) + "::/48"; }

/// A throttle and a clock that moves when it is told.
struct Door {
    Throttle throttle;
    Throttle::TimePoint now{std::chrono::hours(100)};

    std::optional<std::chrono::seconds> wrong(Attempt const& attempt) { return throttle.begin(attempt, now); }
    std::optional<std::chrono::seconds> wrong(std::string account, std::string from)
    {
        return wrong(by_stranger(std::move(account), std::move(from)));
    }
    /// Tries until it has to wait.
    std::chrono::seconds until_waiting(Attempt const& attempt)
    {
        for (;;)
            if (auto const wait = wrong(attempt))
                return *wait;
    }
    /// As many tries as `time` allows, each from another network, one a second.
    int guesses_of_many(std::chrono::seconds time, Attempt (*attempt)(std::string, std::string))
    {
        int let_pass = 0;
        for (int i = 0; i < time.count(); ++i, now += 1s)
            let_pass += wrong(attempt("ada", network(i))) ? 0 : 1;
        return let_pass;
    }
};

}  // namespace

TEST_CASE("five wrong passwords are free, then the wait doubles", "[accounts]")
{
    Door door;
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(door.wrong("ada", "192.0.2.0/24"));
    std::chrono::seconds last{1};
    for (int i = 0; i < 9; ++i) {
        auto const wait = door.wrong("ada", "192.0.2.0/24");
        REQUIRE(wait);
        CHECK(*wait == std::min(2 * last, Throttle::wait_max));
        last = *wait;
        door.now += *wait;
        CHECK_FALSE(door.wrong("ada", "192.0.2.0/24"));
    }
    for (int i = 0; i < 10; ++i) {
        door.now += Throttle::wait_max;
        CHECK_FALSE(door.wrong("ada", "192.0.2.0/24"));
    }
    CHECK(door.wrong("ada", "192.0.2.0/24") == Throttle::wait_max);
}

TEST_CASE("asking too early does not make the wait longer", "[accounts]")
{
    Door door;
    Attempt const attempt = by_stranger("ada", "192.0.2.0/24");
    auto const wait = door.until_waiting(attempt);
    for (int i = 0; i < 100; ++i)
        CHECK(door.wrong(attempt) == wait);
    door.now += wait;
    CHECK_FALSE(door.wrong(attempt));
}

TEST_CASE("whoever has thousands of networks guesses one password a minute", "[accounts]")
{
    Door door;
    CHECK(door.guesses_of_many(1h, by_stranger) == Throttle::passwords_of_strangers + 60 - 1);
    CHECK(door.guesses_of_many(1h, by_stranger) == 60);
    CHECK_FALSE(door.wrong("ben", network(1'000'000)));
}

TEST_CASE("whatever strangers do, a familiar place has its tries", "[accounts]")
{
    Door door;
    (void)door.guesses_of_many(1h, by_stranger);
    (void)door.guesses_of_many(1h, code_by_stranger);
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(door.wrong(by_familiar("ada", "a device")));
    CHECK(door.wrong(by_familiar("ada", "a device")));
    CHECK_FALSE(door.wrong(by_familiar("ada", "another device")));
}

TEST_CASE("a right password gives who guesses no more to guess", "[accounts]")
{
    Door door;
    (void)door.guesses_of_many(1h, by_stranger);
    door.now += 2min;
    REQUIRE_FALSE(door.wrong("ada", "192.0.2.0/24"));
    door.throttle.succeeded(by_stranger("ada", "192.0.2.0/24"));
    int let_pass = 0;
    for (int i = 0; i < 100; ++i)
        let_pass += door.wrong("ada", "198.51.100." + std::to_string(i)) ? 0 : 1;
    CHECK(let_pass <= 3);
}

TEST_CASE("twenty wrong codes at an account, from wherever, then one in ten minutes", "[accounts]")
{
    Door door;
    CHECK(door.guesses_of_many(1h, code_by_stranger) == Throttle::codes_of_strangers + 6 - 1);
    CHECK(door.guesses_of_many(1h, code_by_stranger) == 6);
    CHECK_FALSE(door.wrong("ada", "192.0.2.0/24"));  // the password is another matter
    // A right one makes it a new row.
    door.now += 10min;
    Attempt const right = code_by_stranger("ada", "192.0.2.0/24");
    REQUIRE_FALSE(door.wrong(right));
    door.throttle.succeeded(right);
    CHECK(door.guesses_of_many(60s, code_by_stranger) == Throttle::codes_of_strangers);
}

TEST_CASE("a network that tries many names waits for all of them", "[accounts]")
{
    Door door;
    for (int i = 0; i < 20; ++i)
        CHECK_FALSE(door.wrong("name" + std::to_string(i), "192.0.2.0/24"));
    CHECK(door.wrong("ada", "192.0.2.0/24"));
    CHECK_FALSE(door.wrong("ada", "198.51.100.0/24"));
}

TEST_CASE("a right password forgives the wrong ones before it", "[accounts]")
{
    Door door;
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 5; ++i)
            CHECK_FALSE(door.wrong("ada", "192.0.2.0/24"));
        door.throttle.succeeded(by_stranger("ada", "192.0.2.0/24"));
        door.now += 3h;
    }
}

TEST_CASE("a try that was not decided does not count", "[accounts]")
{
    Door door;
    for (Attempt const& attempt :
        {by_stranger("ada", "192.0.2.0/24"), code_by_stranger("ada", "192.0.2.0/24"), by_familiar("ada", "a device")})
        for (int i = 0; i < 100; ++i) {
            CHECK_FALSE(door.wrong(attempt));
            door.throttle.withdrawn(attempt);
        }
}

TEST_CASE("tries at the same moment are counted one by one", "[accounts]")
{
    Door door;
    int let_pass = 0;
    for (int i = 0; i < 100; ++i)
        let_pass += door.wrong("ada", "192.0.2.0/24") ? 0 : 1;
    CHECK(let_pass == 5);
}

TEST_CASE("failures are forgotten after two hours of quiet", "[accounts]")
{
    Door door;
    (void)door.until_waiting(by_stranger("ada", "192.0.2.0/24"));
    door.now += Throttle::forgotten_after + 1s;
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(door.wrong("ada", "192.0.2.0/24"));
}

TEST_CASE("no flood of names and networks wipes out what is counted", "[accounts]")
{
    Door door;
    (void)door.guesses_of_many(100s, by_stranger);
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(door.wrong("ben", "192.0.2.0/24"));
    for (int i = 0; i < 120'000; ++i)
        (void)door.wrong("n" + std::to_string(i), network(i));
    CHECK(door.wrong("ben", "192.0.2.0/24"));
    CHECK(door.wrong("ada", "198.51.100.0/24"));
}
