#include "net/politeness.h"

#include <catch2/catch.hpp>

#include "net/politeness_address.h"

using namespace backtalk;
using namespace std::chrono_literals;

namespace {

Politeness::Time const start{};

/// All that may start at that time.
std::vector<Politeness::Ticket> admitted(Politeness& politeness, Politeness::Time now)
{
    std::vector<Politeness::Ticket> tickets;
    while (auto const ticket = politeness.admit(now))
        tickets.push_back(*ticket);
    return tickets;
}

void wait(Politeness& politeness, Politeness::Ticket ticket, std::string const& host, Politeness::Time now = start)
{
    politeness.wait(ticket, host, 2, Politeness::Charge::WhenAffordable, now);
}

using Tickets = std::vector<Politeness::Ticket>;

Address address(std::string_view text) { return Address::parse(text).value(); }

}  // namespace

TEST_CASE("a host is asked a minute's worth at once, then at its rate", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 3, .in_flight = 256});
    for (Politeness::Ticket ticket = 1; ticket <= 6; ++ticket)
        politeness.wait(ticket, "a.example:80", 100, Politeness::Charge::WhenAffordable, start);
    CHECK(admitted(politeness, start) == Tickets{1, 2, 3});
    REQUIRE(politeness.next_change());
    CHECK(*politeness.next_change() == start + 20s);
    CHECK(admitted(politeness, start + 19999ms).empty());
    CHECK(admitted(politeness, start + 20s) == Tickets{4});
    CHECK(admitted(politeness, start + 60s) == Tickets{5, 6});
}

TEST_CASE("an idle host saves up no more than a minute's worth", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 2, .in_flight = 256});
    wait(politeness, 1, "a.example:80");
    CHECK(admitted(politeness, start) == Tickets{1});
    politeness.leave(1);
    for (Politeness::Ticket ticket = 2; ticket <= 9; ++ticket)
        politeness.wait(ticket, "a.example:80", 100, Politeness::Charge::WhenAffordable, start + 24h);
    CHECK(admitted(politeness, start + 24h) == Tickets{2, 3});
}

TEST_CASE("at most so many requests are in flight to a host", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 60, .in_flight = 256});
    for (Politeness::Ticket ticket = 1; ticket <= 4; ++ticket)
        wait(politeness, ticket, "a.example:80");
    CHECK(admitted(politeness, start) == Tickets{1, 2});
    politeness.leave(2);
    CHECK(admitted(politeness, start) == Tickets{3});
    politeness.leave(1);
    politeness.leave(3);
    CHECK(admitted(politeness, start) == Tickets{4});
    politeness.leave(4);
    CHECK(politeness.in_flight() == 0);
}

TEST_CASE("a thousand requests to one host do not delay the first to another", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 60, .in_flight = 3});
    for (Politeness::Ticket ticket = 1; ticket <= 1000; ++ticket)
        politeness.wait(ticket, "busy.example:80", 100, Politeness::Charge::WhenAffordable, start);
    CHECK(admitted(politeness, start) == Tickets{1, 2, 3});
    wait(politeness, 2000, "quiet.example:80");
    politeness.leave(1);
    politeness.leave(2);
    Tickets const next = admitted(politeness, start);
    CHECK(std::ranges::find(next, Politeness::Ticket{2000}) != next.end());
}

TEST_CASE("at most so many requests are in flight in all", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 60, .in_flight = 5});
    for (Politeness::Ticket ticket = 1; ticket <= 50; ++ticket)
        wait(politeness, ticket, "host" + std::to_string(ticket) + ".example:80");
    CHECK(admitted(politeness, start) == Tickets{1, 2, 3, 4, 5});
    CHECK_FALSE(politeness.next_change());
    politeness.leave(3);
    CHECK(admitted(politeness, start) == Tickets{6});
}

TEST_CASE("a request that was given up is passed over and costs nothing", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 2, .in_flight = 256});
    for (Politeness::Ticket ticket = 1; ticket <= 4; ++ticket)
        wait(politeness, ticket, "a.example:80");
    politeness.leave(1);
    politeness.leave(3);
    CHECK(admitted(politeness, start) == Tickets{2, 4});
}

TEST_CASE("a redirect of a host to itself goes first, on credit that is paid back", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 1, .in_flight = 256});
    wait(politeness, 1, "a.example:80");
    CHECK(admitted(politeness, start) == Tickets{1});
    wait(politeness, 2, "a.example:80");
    politeness.leave(1);
    politeness.wait(1, "a.example:80", 2, Politeness::Charge::OnCredit, start);
    CHECK(admitted(politeness, start) == Tickets{1});
    CHECK(admitted(politeness, start + 119s).empty());
    CHECK(admitted(politeness, start + 120s) == Tickets{2});
}

TEST_CASE("a paused host is left alone until its pause ends, and a pause is never shortened", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 60, .in_flight = 256});
    politeness.pause("a.example:80", start + 100s, start);
    politeness.pause("a.example:80", start + 50s, start);
    wait(politeness, 1, "a.example:80");
    wait(politeness, 2, "b.example:80");
    CHECK(admitted(politeness, start) == Tickets{2});
    CHECK(politeness.paused_until("a.example:80", start) == start + 100s);
    CHECK(politeness.next_change() == start + 100s);
    CHECK(admitted(politeness, start + 99s).empty());
    CHECK(admitted(politeness, start + 100s) == Tickets{1});
    CHECK_FALSE(politeness.paused_until("a.example:80", start + 100s));
}

TEST_CASE("who steps aside lets others pass but keeps the place at the host", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 60, .in_flight = 1});
    politeness.wait(1, "a.example:80", 1, Politeness::Charge::WhenAffordable, start);
    politeness.wait(2, "a.example:80", 1, Politeness::Charge::WhenAffordable, start);
    wait(politeness, 3, "b.example:80");
    CHECK(admitted(politeness, start) == Tickets{1});
    politeness.step_aside(1);
    CHECK(admitted(politeness, start) == Tickets{3});
    wait(politeness, 4, "c.example:80");
    politeness.step_back(1);
    CHECK(admitted(politeness, start).empty());
    politeness.leave(3);
    CHECK(admitted(politeness, start) == Tickets{1});
    politeness.leave(1);
    CHECK(admitted(politeness, start) == Tickets{2});
    politeness.leave(2);
    CHECK(admitted(politeness, start) == Tickets{4});
}

TEST_CASE("who leaves while aside or on the way back frees the place at the host", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 60, .in_flight = 8});
    for (Politeness::Ticket ticket = 1; ticket <= 4; ++ticket)
        wait(politeness, ticket, "a.example:80");
    CHECK(admitted(politeness, start) == Tickets{1, 2});
    politeness.step_aside(1);
    politeness.step_aside(2);
    politeness.step_back(2);
    politeness.leave(1);
    politeness.leave(2);
    CHECK(admitted(politeness, start) == Tickets{3, 4});
    CHECK(politeness.in_flight() == 2);
}

TEST_CASE("hosts that are as new again are forgotten", "[politeness]")
{
    Politeness politeness({.rate_per_minute = 60, .in_flight = 256});
    Politeness::Time now = start;
    for (Politeness::Ticket ticket = 1; ticket <= 100'000; ++ticket) {
        now += 100ms;
        wait(politeness, ticket, "host" + std::to_string(ticket) + ".example:80", now);
        REQUIRE(politeness.admit(now) == ticket);
        politeness.leave(ticket);
    }
    CHECK(politeness.hosts_remembered() <= 2048);
}

TEST_CASE("an address has its own limit whatever names lead to it", "[politeness]")
{
    AddressPlaces places(2);
    std::vector<Address> wanted{address("192.0.2.1")};
    CHECK(places.take(1, wanted));
    CHECK(places.take(2, wanted));
    CHECK_FALSE(places.take(3, wanted));
    CHECK_FALSE(places.take(4, wanted));
    CHECK_FALSE(places.take(5, wanted));
    CHECK(places.leave(4).empty());  // gave up
    CHECK(places.leave(1) == Tickets{3});
    CHECK(places.leave(3) == Tickets{5});
    CHECK(places.leave(2).empty());
    CHECK(places.leave(5).empty());
    CHECK(places.empty());
}

TEST_CASE("of several addresses those with a place left are used", "[politeness]")
{
    AddressPlaces places(1);
    std::vector<Address> first{address("192.0.2.1")};
    CHECK(places.take(1, first));
    std::vector<Address> both{address("192.0.2.1"), address("192.0.2.2")};
    CHECK(places.take(2, both));
    CHECK(both == std::vector<Address>{address("192.0.2.2")});
    std::vector<Address> none{address("192.0.2.1"), address("192.0.2.2")};
    CHECK_FALSE(places.take(3, none));
    CHECK(none == first);
    CHECK(places.leave(2).empty());
    CHECK(places.leave(1) == Tickets{3});
}
