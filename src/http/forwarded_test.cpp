#include <catch2/catch.hpp>

#include "http/forwarded.h"

using namespace backtalk;
using namespace backtalk::http;

namespace {

/// Whom a request from `peer` counts as, with 10.0.0.0/8 trusted.
std::string client(std::string_view peer, std::vector<HeaderView> const& headers)
{
    RequestHead head;
    for (HeaderView const& header : headers)
        REQUIRE(head.add(header));
    return client_address(*Address::parse(peer), head, {*AddressBlock::parse("10.0.0.0/8")}).str();
}

/// How a request from `peer` came, with 10.0.0.0/8 trusted.
Transport transport(std::string_view peer, std::vector<HeaderView> const& headers)
{
    RequestHead head;
    for (HeaderView const& header : headers)
        REQUIRE(head.add(header));
    return client_transport(*Address::parse(peer), head, {*AddressBlock::parse("10.0.0.0/8")});
}

}  // namespace

TEST_CASE("a trusted proxy says whether its client came by https, and nobody else does", "[http]")
{
    CHECK(transport("10.0.0.1", {{"X-Forwarded-Proto", "https"}}) == Transport::Tls);
    CHECK(transport("10.0.0.1", {{"X-Forwarded-Proto", "http"}}) == Transport::Plain);
    CHECK(transport("10.0.0.1", {{"Forwarded", "for=192.0.2.1;proto=HTTPS"}}) == Transport::Tls);
    CHECK(transport("10.0.0.1", {{"Forwarded", "for=192.0.2.1;proto=http"}}) == Transport::Plain);
    // What stands before was perhaps the client's.
    CHECK(transport("10.0.0.1", {{"X-Forwarded-Proto", "https, http"}}) == Transport::Plain);
    CHECK(transport("10.0.0.1", {{"Forwarded", "proto=https, for=192.0.2.1;proto=http"}}) == Transport::Plain);
    CHECK(transport("10.0.0.1", {{"X-Forwarded-Proto", "http"}, {"Forwarded", "proto=https"}}) == Transport::Plain);
    CHECK(transport("10.0.0.1", {{"X-Forwarded-Proto", "wss"}}) == Transport::Unknown);
    CHECK(transport("10.0.0.1", {}) == Transport::Unknown);
    CHECK(transport("203.0.113.9", {{"X-Forwarded-Proto", "https"}}) == Transport::Plain);
    CHECK(transport("127.0.0.1", {{"X-Forwarded-Proto", "https"}}) == Transport::Unknown);
    CHECK(client_transport(*Address::parse("203.0.113.9"), RequestHead(), {}) == Transport::Unknown);
}

TEST_CASE("nobody but a trusted proxy is believed", "[http]")
{
    CHECK(client("203.0.113.9", {{"X-Forwarded-For", "192.0.2.1"}}) == "203.0.113.9");
    CHECK(client("203.0.113.9", {{"Forwarded", "for=192.0.2.1"}}) == "203.0.113.9");
    CHECK(client("10.0.0.1", {}) == "10.0.0.1");
}

TEST_CASE("X-Forwarded-For is read from its end", "[http]")
{
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.1, 192.0.2.1, 10.1.1.1"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-For", "192.0.2.1"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1, unknown"}}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1:4711"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:4711"}}) == "2001:db8::1");
}

TEST_CASE("Forwarded is read from its end, as RFC 7239 writes it", "[http]")
{
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1;proto=https;by=10.0.0.1"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "proto=https ; For=\"[2001:db8:cafe::17]:4711\""}}) == "2001:db8:cafe::17");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=198.51.100.1, for=192.0.2.1, for=10.9.9.9"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=198.51.100.1"}, {"Forwarded", "for=192.0.2.1"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1, for=_hidden"}}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1, proto=https"}}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=\"192.0.2.1, for=198.51.100.1\""}}) == "10.0.0.1");
}

TEST_CASE("where both headers speak and differ, the proxy itself counts", "[http]")
{
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}, {"Forwarded", "for=192.0.2.1"}}) == "192.0.2.1");
    // One of them is the client's own: no proxy takes away a header that it does not know.
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}, {"Forwarded", "for=198.51.100.1"}}) == "10.0.0.1");
}
