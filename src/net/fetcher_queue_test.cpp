#include <catch2/catch.hpp>

#include "net/fetcher_test_world.h"

using namespace backtalk;
using namespace std::chrono_literals;

TEST_CASE("all who wait for one page share one fetch", "[fetch]")
{
    Gate gate;
    TestServer server([&](TestServer::Connection& connection) {
        connection.read_request();
        gate.pass();
        connection.send(http_answer("one page"));
    });
    FetchWorld world(allowing(server));
    Fetches fetches(world);
    for (int i = 0; i < 100; ++i)
        fetches.start(server.url("/page#" + std::to_string(i)));
    wait_until([&] { return world.fetcher.counters().shared == 99; });
    gate.open();
    for (auto const& each : fetches.results())
        CHECK(each->value().body == "one page");
    CHECK(world.fetcher.counters().fetches == 1);
    CHECK(server.connections() == 1);
}

TEST_CASE("what asks differently is fetched by itself", "[fetch]")
{
    TestServer server(answering(http_answer("page", "200 OK", "Connection: close\r\n")));
    FetchWorld world(allowing(server));
    FetchRequest request(Url::parse(server.url()).value());
    CHECK(world.fetch(request));
    request.accept = "application/json";
    CHECK(world.fetch(request));
    request.if_none_match = "\"x\"";
    CHECK(world.fetch(request));
    CHECK(world.fetcher.counters().fetches == 3);
}

TEST_CASE("one who waits no longer does not end the fetch of the others", "[fetch]")
{
    Gate gate;
    TestServer server([&](TestServer::Connection& connection) {
        connection.read_request();
        gate.pass();
        connection.send(http_answer("late page"));
    });
    FetchWorld world(allowing(server));
    Fetches fetches(world);
    fetches.start(server.url());
    fetches.start(server.url(), Deadline::in(20ms));
    wait_until([&] { return world.fetcher.counters().timeouts == 1; });
    gate.open();
    auto const& results = fetches.results();
    CHECK(results[0]->value().body == "late page");
    CHECK(results[1]->error().code == ErrorCode::Timeout);
}

TEST_CASE("a request beyond the rate waits, and may be tried again when its time is up", "[fetch]")
{
    TestServer server(answering(http_answer("page", "200 OK", "Connection: close\r\n")));
    auto options = allowing(server);
    options.rate_per_host = 2;
    FetchWorld world(options);
    CHECK(world.get(server.url("/1")));
    CHECK(world.get(server.url("/2")));
    auto const third = world.get(server.url("/3"), Deadline::in(30ms));
    REQUIRE_FALSE(third);
    CHECK(third.error().code == ErrorCode::Busy);
    CHECK(third.error().text == "waited for the rate limit of 127.0.0.1:" + std::to_string(server.port()));
    CHECK(server.connections() == 2);
}

TEST_CASE("a request that waits for its turn is not timed", "[fetch]")
{
    TestServer server(answering(http_answer("page", "200 OK", "Connection: close\r\n")));
    auto options = allowing(server);
    options.rate_per_host = 600;  // ten a second
    options.timeout = 10s;
    FetchWorld world(options);
    Fetches fetches(world);
    for (int i = 0; i < 602; ++i)
        fetches.start(server.url("/" + std::to_string(i)));
    for (auto const& each : fetches.results())
        REQUIRE(each->has_value());
}

TEST_CASE("two requests at once go to a host, eight to one that is named", "[fetch]")
{
    for (bool const named : {false, true}) {
        std::size_t const at_once = named ? 8 : 2;
        Gate gate;
        TestServer server([&](TestServer::Connection& connection) {
            connection.read_request();
            gate.pass();
            connection.send(http_answer("page", "200 OK", "Connection: close\r\n"));
        });
        FetchWorld world(allowing(server));
        world.resolver.answer("a.example", {"127.0.0.1"});
        std::string const host = named ? "127.0.0.1" : "a.example";
        Fetches fetches(world);
        for (int i = 0; i < 20; ++i)
            fetches.start("http://" + host + ":" + std::to_string(server.port()) + "/" + std::to_string(i));
        wait_until([&] { return world.fetcher.counters().in_flight == at_once && world.fetcher.counters().waiting == 20 - at_once; });
        wait_until([&] { return server.connections() == at_once; });
        CHECK(world.fetcher.counters().fetches == at_once);
        gate.open();
        for (auto const& each : fetches.results())
            CHECK(each->has_value());
    }
}

TEST_CASE("a host that asks to be left alone is left alone", "[fetch]")
{
    for (std::string const status : {"429 Too Many Requests", "503 Service Unavailable"}) {
        TestServer server(answering(http_answer("later", status, "Retry-After: 120\r\nConnection: close\r\n")));
        FetchWorld world(allowing(server));
        auto const first = world.get(server.url("/1"));
        REQUIRE(first);
        auto const second = world.get(server.url("/2"), Deadline::in(60s));
        REQUIRE_FALSE(second);
        CHECK(second.error().code == ErrorCode::Busy);
        CHECK(server.connections() == 1);
    }
}

TEST_CASE("a name that does not exist is not found, and one that nobody answers for runs out of time", "[fetch]")
{
    FetchOptions options;
    options.timeout = 50ms;
    FetchWorld world(options);
    world.resolver.never_answer("silent.example");
    CHECK(world.get("http://nowhere.example/").error().code == ErrorCode::NotFound);
    auto const silent = world.get("http://silent.example/");
    REQUIRE_FALSE(silent);
    CHECK(silent.error().code == ErrorCode::Timeout);
}

TEST_CASE("stopping ends what waits, what runs and what comes later", "[fetch]")
{
    TestServer server([](TestServer::Connection& connection) { connection.wait_until_client_closes(); });
    auto options = allowing(server);
    options.in_flight_per_named_host = 1;
    FetchWorld world(options);
    world.resolver.never_answer("silent.example");
    Fetches fetches(world);
    fetches.start(server.url("/runs"));
    fetches.start(server.url("/waits"));
    fetches.start("http://silent.example/");
    wait_until([&] { return world.fetcher.counters().fetches == 1 && world.fetcher.counters().in_flight == 2; });
    world.fetcher.stop();
    for (auto const& each : fetches.results())
        CHECK(each->error().code == ErrorCode::Unavailable);
    auto const later = world.get(server.url());
    REQUIRE_FALSE(later);
    CHECK(later.error().code == ErrorCode::Unavailable);
    world.fetcher.stop();
}

TEST_CASE("the system's resolver knows this machine and what does not exist", "[fetch]")
{
    SystemResolver resolver(2);
    Gate gate;
    std::optional<Resolver::Found> found;
    resolver.resolve("localhost", [&](Resolver::Found answer) {
        found = std::move(answer);
        gate.open();
    });
    gate.pass();
    REQUIRE(found->has_value());
    CHECK(std::ranges::all_of(found->value(), &Address::is_loopback));
}
