#include "net/fetcher_rules.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "net/curl_transfer.h"
#include "net/fetcher_test_world.h"

using namespace backtalk;
using namespace std::chrono_literals;

namespace {

struct SharedCase {
    std::string input;
    std::string expect;
    bool odd_port;
};

/// The member of one flat JSON object, a string; empty without it.
std::string member(std::string_view object, std::string const& name)
{
    std::size_t at = object.find("\"" + name + "\":\"");
    std::string value;
    if (at == std::string_view::npos)
        return value;
    for (at += name.size() + 4; at < object.size() && object[at] != '"'; ++at) {
        if (object[at] != '\\') {
            value.push_back(object[at]);
            continue;
        }
        char const escaped_as = object[++at];
        REQUIRE(escaped_as != 'u');
        value.push_back(escaped_as == 'n' ? '\n' : escaped_as == 't' ? '\t' : escaped_as);
    }
    return value;
}

/// The objects of the file that begin with this member; empty where the fixtures are absent.
std::vector<SharedCase> shared_cases(std::string const& name)
{
    std::ifstream file(SHARED_FIXTURES "/security/ssrf.json");
    std::ostringstream content;
    content << file.rdbuf();
    std::string const text = content.str();
    std::vector<SharedCase> cases;
    std::string const beginning = "{\"" + name + "\":";
    for (std::size_t at = text.find(beginning); at != std::string::npos; at = text.find(beginning, at + 1)) {
        // No object is nested in one of these, and none holds a brace in a string.
        std::string_view const object = std::string_view(text).substr(at, text.find('}', at) - at);
        cases.push_back({member(object, name), member(object, "expect"), member(object, "port") == "odd"});
    }
    if (cases.empty())
        WARN("skipped: no shared fixtures");
    return cases;
}

}  // namespace

TEST_CASE("every address of the shared cases is judged as they say", "[fetch]")
{
    FetchRules const rules{FetchOptions()};
    for (SharedCase const& each : shared_cases("ip")) {
        CAPTURE(each.input, each.expect);
        bool const allowed = rules.judge_address(Address::parse(each.input).value(), 80).has_value();
        if (each.expect == "allow" || each.expect == "block")
            CHECK(allowed == (each.expect == "allow"));
    }
}

TEST_CASE("no URL of the shared cases that is to be blocked opens a socket, whatever DNS says", "[fetch]")
{
    FetchWorld world{FetchOptions()};
    world.resolver.answer_all("127.0.0.1");
    FetchRules const rules{FetchOptions()};
    for (SharedCase const& each : shared_cases("url")) {
        CAPTURE(each.input, each.expect);
        auto const url = Url::parse(each.input);
        if (!url) {
            CHECK(each.expect == "reject");
            continue;
        }
        CHECK(each.expect != "reject");
        if (each.expect == "block" || each.expect == "resolve" || each.odd_port) {
            auto const fetched = world.fetch(FetchRequest(*url));
            REQUIRE_FALSE(fetched);
            CHECK(fetched.error().code == ErrorCode::Refused);
        } else if (each.expect == "allow") {
            CHECK(rules.judge_url(*url));
        }
    }
    CHECK(world.fetcher.counters().sockets_opened == 0);
}

TEST_CASE("a name that leads to an address that is not public is refused, at once or the second time", "[fetch]")
{
    TestServer inner(answering(http_answer("secret")));
    std::string const port = std::to_string(inner.port());
    FetchWorld world{FetchOptions()};
    world.resolver.answer("inner.example", {"127.0.0.1"});
    world.resolver.answer("many.example", {"10.0.0.1", "::1", "127.0.0.1", "169.254.169.254"});
    for (std::string const host : {"inner.example", "many.example"}) {
        auto const fetched = world.get("http://" + host + ":" + port + "/");
        REQUIRE_FALSE(fetched);
        CHECK(fetched.error().code == ErrorCode::Refused);
        CHECK(fetched.error().text.find("is not public") != std::string::npos);
    }
    CHECK(inner.connections() == 0);
    CHECK(world.fetcher.counters().sockets_opened == 0);
}

TEST_CASE("of a mixed answer only what is allowed is connected to, on the second fetch too", "[fetch]")
{
    TestServer server(answering(http_answer("public", "200 OK", "Connection: close\r\n")));
    FetchWorld world(allowing(server));  // stands for a public address
    world.resolver.answer("mixed.example", {"::1", "127.0.0.2", "127.0.0.1", "10.0.0.1"});
    world.resolver.answer("rebind.example", {"127.0.0.1"});
    world.resolver.answer("rebind.example", {"127.0.0.2"});
    std::string const port = std::to_string(server.port());
    CHECK(world.get("http://mixed.example:" + port + "/")->body == "public");
    CHECK(world.get("http://mixed.example:" + port + "/")->body == "public");
    CHECK(world.get("http://rebind.example:" + port + "/")->body == "public");
    auto const second = world.get("http://rebind.example:" + port + "/");
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::Refused);
    CHECK(server.connections() == 3);
    CHECK(world.fetcher.counters().sockets_opened == 3);
}

TEST_CASE("a name with a dot at its end is looked up and judged like any other", "[fetch]")
{
    TestServer server(answering(http_answer("here", "200 OK", "Connection: close\r\n")));
    FetchWorld world(allowing(server));
    world.resolver.answer("dotted.example.", {"127.0.0.1"});
    CHECK(world.get("http://dotted.example.:" + std::to_string(server.port()) + "/")->body == "here");
}

TEST_CASE("the socket is judged even where nobody judged the name before", "[fetch]")
{
    TestServer inner(answering(http_answer("secret")));
    FetchOptions const options;
    FetchRules const rules(options);
    std::atomic<std::uint64_t> sockets = 0;
    std::vector<Address> const loopback{Address::parse("127.0.0.1").value(), Address::parse("::1").value()};
    std::string const port = std::to_string(inner.port());
    for (std::string const host : {"localhost", "127.0.0.1", "unjudged.example"}) {
        CAPTURE(host);
        Url const url = Url::parse("http://" + host + ":" + port + "/").value();
        FetchRequest const request(url);
        std::vector<Address> const addresses = host == "unjudged.example" ? loopback : std::vector<Address>();
        CurlTransfer transfer(CurlEasy(curl_easy_init()), url, request, addresses, options, rules, 10s, sockets);
        auto const answer = transfer.outcome(curl_easy_perform(transfer.easy()));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::Refused);
        CHECK(answer.error().text.find("is not public") != std::string::npos);
    }
    CHECK(sockets == 0);
    CHECK(inner.connections() == 0);
}

TEST_CASE("what is named is the address together with its port", "[fetch]")
{
    FetchOptions options;
    options.allow_hosts = {AddressPort::parse("127.0.0.1:9001").value(), AddressPort::parse("[::1]:22").value()};
    options.resolve.emplace("B.test:80", AddressPort::parse("10.0.0.7:9002").value());
    FetchRules const rules(options);
    auto const judge = [&](std::string_view text) { return rules.judge_url(Url::parse(text).value()).has_value(); };
    CHECK(judge("http://127.0.0.1:9001/"));
    CHECK_FALSE(judge("http://127.0.0.1:9002/"));
    CHECK_FALSE(judge("http://127.0.0.2:9001/"));
    CHECK(judge("http://[::1]:22/"));
    CHECK(judge("http://b.test/"));
    CHECK(judge("http://b.TEST:80/"));
    CHECK(judge("http://localhost:9001/"));  // its address is judged later
    CHECK_FALSE(judge("http://localhost/"));
    CHECK_FALSE(judge("http://a.example:25/"));
    CHECK(rules.judge_address(Address::parse("10.0.0.7").value(), 9002));
    CHECK_FALSE(rules.judge_address(Address::parse("10.0.0.7").value(), 80));
    CHECK(rules.is_named(Url::parse("http://b.test/").value()));
    CHECK_FALSE(rules.is_named(Url::parse("http://c.test/").value()));
}

TEST_CASE("a key of resolve is a name and a port and nothing more", "[fetch]")
{
    CHECK(FetchRules::name_key("B.Test:80") == "b.test:80");
    CHECK(FetchRules::name_key("bücher.test:8080") == "xn--bcher-kva.test:8080");
    CHECK(FetchRules::name_key("[::1]:80") == "[::1]:80");
    for (char const* const text :
        {"b.test", "b.test:", ":80", "b.test:http", "b.test:65536", "http://b.test:80", "b.test:80/", "me@b.test:80", ""}) {
        CAPTURE(text);
        CHECK_FALSE(FetchRules::name_key(text));
    }
}
