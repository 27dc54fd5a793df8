#include "net/dns_list_name.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace backtalk;

namespace {

Listed listing(std::vector<std::string_view> addresses)
{
    std::vector<Address> parsed;
    for (std::string_view const address : addresses)
        parsed.push_back(Address::parse(address).value());
    return read_listing(parsed);
}

}  // namespace

TEST_CASE("a domain is asked about in front of the list's zone", "[dns-lists]")
{
    CHECK(list_name_of_domain("shop.example", "dbl.test") == "shop.example.dbl.test");
    CHECK(list_name_of_domain("Shop.Example.", "dbl.test") == "shop.example.dbl.test");
    CHECK(list_name_of_domain("xn--bcher-kva.example", "dbl.test") == "xn--bcher-kva.example.dbl.test");
}

TEST_CASE("what is no domain of the open internet is no list's business", "[dns-lists]")
{
    for (std::string_view const domain : {"", ".", "..", "198.41.0.4", "[2606:4700::1]", "localhost", "router.lan", "printer.local",
             "hidden.onion", "com", "a..example", "under_score.example", "-a.example", "a\\.example"}) {
        CAPTURE(domain);
        CHECK_FALSE(list_name_of_domain(domain, "dbl.test"));
    }
}

TEST_CASE("a name too long for DNS is not asked", "[dns-lists]")
{
    std::string const label(61, 'a');
    std::string const domain = label + "." + label + "." + label;  // 185 bytes
    CHECK(list_name_of_domain(domain, std::string(63, 'z') + ".zz")->size() == 252);
    CHECK(list_name_of_domain(domain, std::string(63, 'z') + ".zzz")->size() == 253);
    CHECK_FALSE(list_name_of_domain(domain, std::string(63, 'z') + ".zzzz"));
    CHECK_FALSE(list_name_of_domain(std::string(64, 'a') + ".example", "dbl.test"));
}

TEST_CASE("an IPv4 address is asked about with its parts in reverse", "[dns-lists]")
{
    CHECK(list_name_of_address("198.41.0.4", "bl.test") == "4.0.41.198.bl.test");
    CHECK(list_name_of_address("::ffff:198.41.0.4", "bl.test") == "4.0.41.198.bl.test");
}

TEST_CASE("an IPv6 address is asked about with its 32 digits in reverse", "[dns-lists]")
{
    CHECK(list_name_of_address("2606:4700:0:1a::abcd", "bl.test") ==
        "d.c.b.a.0.0.0.0.0.0.0.0.0.0.0.0.a.1.0.0.0.0.0.0.0.0.7.4.6.0.6.2.bl.test");
}

TEST_CASE("private addresses and what is no address are no list's business", "[dns-lists]")
{
    for (std::string_view const address : {"", "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.1.1", "192.0.2.1", "::1", "fe80::1",
             "fd00::1", "2001:db8::1", "::ffff:10.0.0.1", "shop.example", "198.41.0", "198.41.0.4.5"}) {
        CAPTURE(address);
        CHECK_FALSE(list_name_of_address(address, "bl.test"));
    }
}

TEST_CASE("an address of 127.0.0.0/8 means listed", "[dns-lists]")
{
    for (std::string_view const address : {"127.0.0.2", "127.0.1.2", "127.0.0.255", "127.255.254.1", "127.1.0.1"})
        CHECK(listing({address}) == Listed::Yes);
    CHECK(listing({"127.0.0.1", "127.0.0.4"}) == Listed::Yes);
}

TEST_CASE("no address, an error and an address from elsewhere do not mean listed", "[dns-lists]")
{
    CHECK(listing({}) == Listed::No);
    CHECK(listing({"127.0.0.1"}) == Listed::No);
    CHECK(listing({"198.41.0.4"}) == Listed::No);
    CHECK(listing({"0.0.0.0"}) == Listed::No);
}

TEST_CASE("127.255.255.x is a refusal, whatever stands beside it", "[dns-lists]")
{
    CHECK(listing({"127.255.255.254"}) == Listed::Unsaid);
    CHECK(listing({"127.255.255.0"}) == Listed::Unsaid);
    CHECK(listing({"127.0.0.2", "127.255.255.252"}) == Listed::Unsaid);
}
