#include "url/address.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/un.h>

#include <vector>

using namespace backtalk;

namespace {

Address address(std::string_view text)
{
    INFO(text);
    std::optional<Address> const result = Address::parse(text);
    REQUIRE(result);
    return *result;
}

}  // namespace

TEST_CASE("an address is read and written in one spelling", "[address]")
{
    CHECK(address("192.0.2.1").str() == "192.0.2.1");
    CHECK(address("192.0.2.1").is_v4());
    CHECK(address("255.255.255.255").str() == "255.255.255.255");
    CHECK(address("2001:DB8:0:0:0:0:0:1").str() == "2001:db8::1");
    CHECK_FALSE(address("2001:db8::1").is_v4());
    CHECK(address("[::1]").str() == "::1");
    CHECK(address("::").str() == "::");
    CHECK(address("1::").str() == "1::");
    CHECK(address("1:2:3:4:5:6:7:8").str() == "1:2:3:4:5:6:7:8");
    CHECK(address("0:0:1:0:0:0:1:0").str() == "0:0:1::1:0");
    CHECK(address("::ffff:192.0.2.1").str() == "::ffff:c000:201");
    CHECK(address("::1") == address("[0:0::0:1]"));
    CHECK(address("0.0.0.1") != address("::1"));
}

TEST_CASE("what is no address is none", "[address]")
{
    std::string_view const text = GENERATE("", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "0x1.2.3.4", "1.2.3.4 ", " 1.2.3.4",
        "1.2.3.+4", "1..3.4", "1.2.3.", ".1.2.3", "[1.2.3.4]", "[]", "[", "]", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
        "fe80::1%eth0", "::1.2.3", "::1.2.3.4.5", "::12345", "::g", "1:", ":1", "[::1", "::1]", "[[::1]]", "1:2:3:4:5:6:7::8",
        "::1.2.3.4:5", "99999999999.1.1.1", "localhost");
    INFO(text);
    CHECK_FALSE(Address::parse(text));
}

TEST_CASE("an address comes out of a socket address", "[address]")
{
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(0xC0000201);
    CHECK(Address::from_sockaddr(reinterpret_cast<sockaddr const*>(&v4)) == address("192.0.2.1"));
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    REQUIRE(inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr) == 1);
    CHECK(Address::from_sockaddr(reinterpret_cast<sockaddr const*>(&v6)) == address("2001:db8::1"));
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    CHECK_FALSE(Address::from_sockaddr(reinterpret_cast<sockaddr const*>(&local)));
}

TEST_CASE("the bytes of an address are in network order", "[address]")
{
    Address const v4 = address("192.0.2.1");
    CHECK(std::vector<std::uint8_t>(v4.bytes().begin(), v4.bytes().end()) == std::vector<std::uint8_t>{192, 0, 2, 1});
    Address const v6 = address("2001:db8::1");
    CHECK(v6.bytes().size() == 16);
    CHECK(v6.bytes()[0] == 0x20);
    CHECK(v6.bytes()[15] == 1);
    CHECK(Address::from_ipv4(0x7F000001) == address("127.0.0.1"));
}

TEST_CASE("only global unicast of no special purpose is public", "[address]")
{
    std::string_view const open = GENERATE("1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.0.1",
        "172.32.0.1", "192.0.1.1", "198.17.0.1", "223.255.255.255", "2000::1", "2001:200::1", "2606:4700::1", "3ffe::1", "2a00::1");
    INFO(open);
    CHECK(address(open).is_public());
}

TEST_CASE("private, local, special and embedding addresses are not public", "[address]")
{
    std::string_view const closed = GENERATE("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.19.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::8.8.8.8", "::ffff:8.8.8.8",
        "::ffff:127.0.0.1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:20::1", "2001:db8::1", "2002:808:808::1",
        "2620:4f:8000::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1");
    INFO(closed);
    CHECK_FALSE(address(closed).is_public());
}

TEST_CASE("loopback is 127.0.0.0/8 and ::1", "[address]")
{
    CHECK(address("127.0.0.1").is_loopback());
    CHECK(address("127.9.9.9").is_loopback());
    CHECK(address("::1").is_loopback());
    CHECK(address("::ffff:127.0.0.1").is_loopback());
    CHECK_FALSE(address("128.0.0.1").is_loopback());
    CHECK_FALSE(address("::2").is_loopback());
    CHECK_FALSE(address("1::1").is_loopback());
}

TEST_CASE("a sender counts by its IPv4 address or its IPv6 network", "[address]")
{
    CHECK(address("192.0.2.1").subscriber() == "192.0.2.1");
    CHECK(address("::ffff:192.0.2.1").subscriber() == "192.0.2.1");
    CHECK(address("2001:db8:1:2:3:4:5:6").subscriber() == "2001:db8:1:2::/64");
    CHECK(address("2001:db8:1:2::").subscriber() == "2001:db8:1:2::/64");
    CHECK(address("2001:db8:1:3::").subscriber() != "2001:db8:1:2::/64");
}

TEST_CASE("who has many addresses counts by their network", "[address]")
{
    CHECK(address("192.0.2.77").network() == "192.0.2.0/24");
    CHECK(address("::ffff:192.0.2.77").network() == "192.0.2.0/24");
    CHECK(address("2001:db8:1:2:3::4").network() == "2001:db8:1::/48");
    CHECK(address("2001:db8:1:ffff::").network() == "2001:db8:1::/48");
    CHECK(address("2001:db8:2::").network() != "2001:db8:1::/48");
}

TEST_CASE("address and port are read together", "[address]")
{
    std::optional<AddressPort> const v4 = AddressPort::parse("127.0.0.1:9001");
    REQUIRE(v4);
    CHECK(v4->address == address("127.0.0.1"));
    CHECK(v4->port == 9001);
    CHECK(v4->str() == "127.0.0.1:9001");
    std::optional<AddressPort> const v6 = AddressPort::parse("[::1]:80");
    REQUIRE(v6);
    CHECK(v6->str() == "[::1]:80");
    CHECK(AddressPort::parse("0.0.0.0:0")->port == 0);
    for (std::string_view const wrong : {"", ":", "127.0.0.1", "127.0.0.1:", ":80", "::1:80", "[::1]", "[::1]80", "127.0.0.1:65536",
             "127.0.0.1:+1", "127.0.0.1: 1", "localhost:80", "[127.0.0.1]:80"}) {
        INFO(wrong);
        CHECK_FALSE(AddressPort::parse(wrong));
    }
}

TEST_CASE("web ports are ordinary, those of other services are odd", "[address]")
{
    for (int const port : {80, 443, 1024, 2368, 3000, 4000, 8000, 8008, 8080, 8443, 8888, 9001, 40000, 65535})
        CHECK_FALSE(is_odd_port(static_cast<std::uint16_t>(port)));
    for (int const port : {0, 1, 21, 22, 25, 53, 110, 143, 389, 445, 587, 993, 2049, 3306, 5432, 6000, 6379, 6667, 10080, 11211, 27017})
        CHECK(is_odd_port(static_cast<std::uint16_t>(port)));
}

TEST_CASE("names of inner networks are known as such", "[address]")
{
    for (std::string_view const name : {"localhost", "localhost.", "a.localhost", "printer.local", "intranet", "metadata.google.internal",
             "metadata.google.internal.", "router.home.arpa", "home.arpa", "ip6-localhost", "a.lan"})
        CHECK(is_private_name(name));
    for (std::string_view const name : {"a.example", "a.example.", "mylocal.example", "notlocal.example", "local.example",
             "xlocalhost.example", "127.0.0.1", "[::1]", "127.0.0.1.nip.io"})
        CHECK_FALSE(is_private_name(name));
}
