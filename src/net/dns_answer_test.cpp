#include "net/dns_answer.h"

#include <ares.h>
#include <catch2/catch.hpp>

#include "net/dns_test_server.h"

using namespace backtalk;
using namespace std::chrono_literals;

namespace {

constexpr char const* name = "shop.example.dbl.test";

std::optional<DnsAnswer> read(int status, std::string const& reply)
{
    std::vector<std::uint8_t> const exact(reply.begin(), reply.end());
    return read_dns_answer(status, exact);
}

}  // namespace

TEST_CASE("addresses are read with the shortest of their TTLs", "[dns-lists]")
{
    auto const answer =
        read(ARES_SUCCESS, dns_reply(7, name, 0, {dns_address_record(name, 600, "127.0.0.2"), dns_address_record(name, 90, "127.0.0.4")}));
    REQUIRE(answer);
    CHECK(answer->addresses == std::vector{*Address::parse("127.0.0.2"), *Address::parse("127.0.0.4")});
    CHECK(answer->ttl == 90s);
}

TEST_CASE("an alias is followed", "[dns-lists]")
{
    std::string const alias = dns_record(name, 5, 60, dns_name("bad.test"));
    auto const answer = read(ARES_SUCCESS, dns_reply(7, name, 0, {alias, dns_address_record("bad.test", 600, "127.0.0.2")}));
    REQUIRE(answer);
    CHECK(answer->addresses.size() == 1);
    auto const alone = read(ARES_SUCCESS, dns_reply(7, name, 0, {alias}));
    REQUIRE(alone);
    CHECK(alone->addresses.empty());
}

TEST_CASE("that there is no such name holds as long as the zone says", "[dns-lists]")
{
    for (int const status : {ARES_ENOTFOUND, ARES_ENODATA}) {
        auto const seconds = [status](std::vector<std::string> const& answers, std::vector<std::string> const& authority) {
            auto const answer = read(status, dns_reply(7, name, status == ARES_ENOTFOUND ? 3 : 0, answers, authority));
            REQUIRE(answer);
            CHECK(answer->addresses.empty());
            return answer->ttl;
        };
        CHECK(seconds({}, {dns_soa_record("dbl.test", 300, 120)}) == 120s);
        CHECK(seconds({}, {dns_soa_record("dbl.test", 30, 120)}) == 30s);
        CHECK(seconds({dns_record(name, 5, 60, dns_name("bad.test"))}, {dns_soa_record("dbl.test", 300, 120)}) == 120s);
        CHECK(seconds({}, {dns_record("dbl.test", 2, 60, dns_name("ns.test")), dns_soa_record("dbl.test", 300, 4'000'000'000)}) == 300s);
        CHECK(seconds({}, {dns_record("dbl.test", 2, 60, dns_name("ns.test"))}) == 0s);
        CHECK(seconds({}, {}) == 0s);
    }
}

TEST_CASE("a name in the authority may be a pointer", "[dns-lists]")
{
    std::string reply = dns_reply(7, name, 3, {}, {dns_soa_record("dbl.test", 300, 120)});
    std::string const written = dns_name("dbl.test");
    std::size_t const second = reply.rfind(written);
    reply.replace(second, written.size(), "\xC0\x19", 2);  // to "dbl.test" in the question
    CHECK(read(ARES_ENOTFOUND, reply)->ttl == 120s);
}

TEST_CASE("a reply that ends early has no TTL, and no addresses", "[dns-lists]")
{
    std::string const none = dns_reply(7, name, 3, {}, {dns_soa_record("dbl.test", 300, 120)});
    for (std::size_t size = 0; size < none.size(); ++size)
        CHECK(read(ARES_ENOTFOUND, none.substr(0, size))->ttl == 0s);
    std::string const one = dns_reply(7, name, 0, {dns_address_record(name, 600, "127.0.0.2")});
    for (std::size_t size = 0; size < one.size(); ++size)
        CHECK_FALSE(read(ARES_SUCCESS, one.substr(0, size)));
}

TEST_CASE("a server in trouble, a time limit and the end of the program are no answers", "[dns-lists]")
{
    for (int const status :
        {ARES_ESERVFAIL, ARES_EREFUSED, ARES_ETIMEOUT, ARES_ECONNREFUSED, ARES_EDESTRUCTION, ARES_EFORMERR, ARES_ENOTIMP})
        CHECK_FALSE(read(status, ""));
}
