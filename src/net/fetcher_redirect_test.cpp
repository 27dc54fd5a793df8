#include <catch2/catch.hpp>

#include "net/fetcher_test_world.h"

using namespace backtalk;

namespace {

/// The path of a request.
std::string path_of(std::string const& request)
{
    std::size_t const start = request.find(' ') + 1;
    return request.substr(start, request.find(' ', start) - start);
}

std::string redirect(std::string const& location, std::string const& status = "302 Found")
{
    return http_answer("moved", status, "Location: " + location + "\r\n");
}

/// Answers paths as told, over one connection after the other.
std::function<void(TestServer::Connection&)> answering_paths(std::map<std::string, std::string> answers)
{
    return [answers = std::move(answers)](TestServer::Connection& connection) {
        for (std::string request = connection.read_request(); !request.empty(); request = connection.read_request()) {
            auto const found = answers.find(path_of(request));
            if (!connection.send(found != answers.end() ? found->second : http_answer("nothing", "404 Not Found")))
                return;
        }
    };
}

}  // namespace

TEST_CASE("every kind of redirect of a GET is followed, and the way is told", "[fetch]")
{
    TestServer server(answering_paths(
        {{"/1", redirect("2", "301 Moved")}, {"/2", redirect("/x/../3", "302 Found")}, {"/3", redirect("\\4", "303 See Other")},
            {"/4", redirect("?q#part", "307 Temporary")}, {"/4?q", redirect("/5\t", "308 Permanent")}, {"/5", http_answer("here")}}));
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url("/1"));
    REQUIRE(fetched);
    CHECK(fetched->status == 200);
    CHECK(fetched->body == "here");
    CHECK(fetched->url.str() == server.url("/5"));
    std::vector<std::string> hops;
    for (Url const& each : fetched->hops)
        hops.push_back(each.str());
    CHECK(hops == std::vector{server.url("/1"), server.url("/2"), server.url("/3"), server.url("/4"), server.url("/4?q")});
    CHECK(world.fetcher.counters().fetches == 6);
}

TEST_CASE("a redirect loop ends at the limit", "[fetch]")
{
    TestServer server(answering_paths({{"/a", redirect("/b")}, {"/b", redirect("/a")}}));
    FetchWorld world(allowing(server));
    auto const fetched = world.get(server.url("/a"));
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == ErrorCode::Refused);
    CHECK(fetched.error().text == "more than 5 redirects");
    CHECK(world.fetcher.counters().fetches == 6);
}

TEST_CASE("a redirect without a location is an answer like any other", "[fetch]")
{
    TestServer server(
        answering_paths({{"/", http_answer("choose", "302 Found")}, {"/empty", redirect(" ")}, {"/300", redirect("/x", "300 Choices")}}));
    FetchWorld world(allowing(server));
    for (std::string const path : {"/", "/empty", "/300"}) {
        auto const fetched = world.get(server.url(path));
        REQUIRE(fetched);
        CHECK(fetched->status / 100 == 3);
        CHECK(fetched->url.str() == server.url(path));
    }
}

TEST_CASE("a redirect of a POST is not followed", "[fetch]")
{
    TestServer other(answering(http_answer("stolen")));
    TestServer server(answering_paths({{"/302", redirect(other.url())}, {"/307", redirect(other.url(), "307 Temporary")}}));
    auto options = allowing(server);
    options.allow_hosts.push_back(other.where());
    FetchWorld world(options);
    for (std::string const path : {"/302", "/307"}) {
        FetchRequest post(Url::parse(server.url(path)).value());
        post.post = true;
        post.body = "url=a";
        auto const fetched = world.fetch(post);
        REQUIRE(fetched);
        CHECK(fetched->status / 100 == 3);
        CHECK(fetched->headers.get("Location") == other.url());
    }
    CHECK(other.connections() == 0);
}

TEST_CASE("a redirect to an address that is not allowed is refused without a look at it", "[fetch]")
{
    TestServer inner(answering(http_answer("secret")));
    auto const closed_port = [] { return TestServer(answering("")).port(); }();
    std::map<std::string, std::string> answers;
    std::vector<std::string> const locations{inner.url(), "http://127.0.0.1:" + std::to_string(closed_port) + "/", "http://127.0.0.1/",
        "//127.1/", "http://[::1]/", "http://2130706433/", "http://localhost/", "\\\\10.0.0.1\\",
        "http://inner.example:" + std::to_string(inner.port()) + "/"};
    for (std::size_t i = 0; i < locations.size(); ++i)
        answers["/" + std::to_string(i)] = redirect(locations[i]);
    TestServer server(answering_paths(answers));
    FetchWorld world(allowing(server));
    world.resolver.answer("inner.example", {"127.0.0.1"});
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < locations.size(); ++i) {
        CAPTURE(locations[i]);
        auto const fetched = world.get(server.url("/" + std::to_string(i)));
        REQUIRE_FALSE(fetched);
        CHECK(fetched.error().code == ErrorCode::Refused);
        texts.push_back(fetched.error().text);
    }
    CHECK(texts[0] == texts[1]);  // open or closed, they look alike
    CHECK(inner.connections() == 0);
    CHECK(world.fetcher.counters().sockets_opened == server.connections());
}

TEST_CASE("a redirect to another scheme is refused", "[fetch]")
{
    std::vector<std::string> const locations{"file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "data:text/html,x",
        "javascript:alert(1)", "ftp://127.0.0.1/", "http://", "http://a b/"};
    for (std::string const& location : locations) {
        CAPTURE(location);
        TestServer server(answering(redirect(location)));
        FetchWorld world(allowing(server));
        auto const fetched = world.get(server.url());
        REQUIRE_FALSE(fetched);
        CHECK(fetched.error().code == ErrorCode::Refused);
        CHECK(server.connections() == 1);
    }
}

TEST_CASE("names and passwords in URLs are not sent, nor kept", "[fetch]")
{
    std::mutex mutex;
    std::string requests;
    TestServer server([&](TestServer::Connection& connection) {
        std::string const request = connection.read_request();
        std::string const authority = "127.0.0.1:" + request.substr(request.find("127.0.0.1:") + 10, 5);
        {
            std::scoped_lock const lock(mutex);
            requests += request;
        }
        connection.send(path_of(request) == "/"
                ? http_answer("", "302 Found", "Connection: close\r\nLocation: http://you:hidden@" + authority + "/next\r\n")
                : http_answer("here"));
    });
    FetchWorld world(allowing(server));
    auto const fetched = world.get("http://me:secret@127.0.0.1:" + std::to_string(server.port()) + "/");
    REQUIRE(fetched);
    CHECK(fetched->url.str() == server.url("/next"));
    std::scoped_lock const lock(mutex);
    CHECK(requests.find("/next") != std::string::npos);
    CHECK(requests.find("Authorization") == std::string::npos);
    CHECK(requests.find("secret") == std::string::npos);
}

TEST_CASE("a name that the owner resolves is found there, under its own name, after redirects too", "[fetch]")
{
    std::mutex mutex;
    std::vector<std::string> hosts;
    TestServer server([&](TestServer::Connection& connection) {
        for (std::string request = connection.read_request(); !request.empty(); request = connection.read_request()) {
            std::size_t const start = request.find("\r\nHost: ") + 8;
            std::string const host = request.substr(start, request.find('\r', start) - start);
            {
                std::scoped_lock const lock(mutex);
                hosts.push_back(host);
            }
            connection.send(host == "a.test" ? redirect("http://B.test:8080/x") : http_answer("from " + host));
        }
    });
    FetchOptions options;
    options.resolve.emplace("A.TEST:80", server.where());
    options.resolve.emplace("b.test:8080", server.where());
    options.resolve.emplace("c.test:25", server.where());
    FetchWorld world(options);
    world.resolver.answer("a.test", {"10.0.0.1"});
    auto const fetched = world.get("http://a.test/");
    REQUIRE(fetched);
    CHECK(fetched->body == "from b.test:8080");
    CHECK(fetched->url.str() == "http://b.test:8080/x");
    CHECK(world.get("http://c.test:25/")->body == "from c.test:25");
    CHECK_FALSE(world.get("http://b.test/"));
    CHECK_FALSE(world.get("http://d.test/"));
}
