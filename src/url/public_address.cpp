// Which addresses, ports and names a stranger may make us connect to.
#include <algorithm>

#include "base/text.h"
#include "url/address.h"

namespace backtalk {
namespace {

/// The first `bits` bits of an address, written as 32-bit groups so that the table reads like the registry.
struct Prefix4 {
    std::uint32_t address;
    int bits;
};

struct Prefix6 {
    std::uint32_t high;  ///< The first 32 bits.
    std::uint32_t low;   ///< The next 32 bits.
    int bits;            ///< Up to 64.
};

constexpr std::uint32_t ipv4(unsigned a, unsigned b, unsigned c, unsigned d) { return a << 24 | b << 16 | c << 8 | d; }

/// https://www.iana.org/assignments/iana-ipv4-special-registry/ and the parts of the address space that are no unicast.
constexpr Prefix4 special_ipv4[] = {
    {ipv4(0, 0, 0, 0), 8},         // this network
    {ipv4(10, 0, 0, 0), 8},        // private
    {ipv4(100, 64, 0, 0), 10},     // shared by carriers' NAT
    {ipv4(127, 0, 0, 0), 8},       // loopback
    {ipv4(169, 254, 0, 0), 16},    // link-local, and the metadata service of most clouds
    {ipv4(172, 16, 0, 0), 12},     // private
    {ipv4(192, 0, 0, 0), 24},      // protocol assignments
    {ipv4(192, 0, 2, 0), 24},      // documentation
    {ipv4(192, 31, 196, 0), 24},   // AS112
    {ipv4(192, 52, 193, 0), 24},   // multicast tunnels
    {ipv4(192, 88, 99, 0), 24},    // 6to4 relays, given up
    {ipv4(192, 168, 0, 0), 16},    // private
    {ipv4(192, 175, 48, 0), 24},   // AS112
    {ipv4(198, 18, 0, 0), 15},     // benchmarks
    {ipv4(198, 51, 100, 0), 24},   // documentation
    {ipv4(203, 0, 113, 0), 24},    // documentation
    {ipv4(224, 0, 0, 0), 4},       // multicast
    {ipv4(240, 0, 0, 0), 4},       // reserved, and broadcast
    {ipv4(168, 63, 129, 16), 32},  // Azure's wire server: a public address, but only its own machines reach it
};

/// What 2000::/3 holds beside addresses of hosts: https://www.iana.org/assignments/iana-ipv6-special-registry/
constexpr Prefix6 special_ipv6[] = {
    {0x20010000, 0, 23},           // protocol assignments: Teredo, ORCHID, benchmarks
    {0x20010DB8, 0, 32},           // documentation
    {0x20020000, 0, 16},           // 6to4: an IPv4 address is inside
    {0x2620004F, 0x80000000, 48},  // AS112
    {0x3FFF0000, 0, 20},           // documentation
};

bool has_prefix(std::uint64_t address, std::uint64_t prefix, int bits, int width)
{
    int const rest = width - bits;
    return address >> rest == prefix >> rest;
}

std::uint64_t big_endian(std::span<std::uint8_t const> bytes)
{
    std::uint64_t value = 0;
    for (std::uint8_t const byte : bytes)
        value = value << 8 | byte;
    return value;
}

/// From https://fetch.spec.whatwg.org/#port-blocking those from 1024 up, and after the blank line the customary ports of
/// databases, caches, queues and control interfaces. NB: the second list is ours.
constexpr std::uint16_t odd_ports[] = {
    1719,
    1720,
    1723,
    2049,
    3659,
    4045,
    4190,
    5060,
    5061,
    6000,
    6566,
    6665,
    6666,
    6667,
    6668,
    6669,
    6679,
    6697,
    10080,

    1433,
    1521,
    2181,
    2375,
    2376,
    2379,
    2380,
    3306,
    3389,
    5432,
    5672,
    5900,
    5984,
    6379,
    6380,
    6443,
    9042,
    9092,
    9200,
    9300,
    10250,
    10255,
    11211,
    15672,
    26379,
    27017,
    27018,
};

/// Names that the public DNS does not serve, or serves only by mistake.
constexpr std::string_view private_domains[] = {
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "home.arpa",
    "onion",
    "alt",
};

}  // namespace

bool Address::is_public() const
{
    if (v4_) {
        std::uint64_t const address = big_endian(bytes());
        return std::none_of(std::begin(special_ipv4), std::end(special_ipv4),
            [&](Prefix4 const& prefix) { return has_prefix(address, prefix.address, prefix.bits, 32); });
    }
    std::uint64_t const address = big_endian(bytes().first(8));
    if (!has_prefix(address, std::uint64_t{0x20} << 56, 3, 64))
        return false;
    return std::none_of(std::begin(special_ipv6), std::end(special_ipv6),
        [&](Prefix6 const& prefix) { return has_prefix(address, std::uint64_t{prefix.high} << 32 | prefix.low, prefix.bits, 64); });
}

bool Address::is_loopback() const
{
    Address const address = unmapped();
    if (address.v4_)
        return address.bytes_[0] == 127;
    return big_endian(address.bytes().first(8)) == 0 && big_endian(address.bytes().last(8)) == 1;
}

bool is_odd_port(std::uint16_t port)
{
    if (port < 1024)
        return port != 80 && port != 443;
    return std::find(std::begin(odd_ports), std::end(odd_ports), port) != std::end(odd_ports);
}

bool is_private_name(std::string_view host)
{
    if (Address::parse(host))
        return false;
    if (host.ends_with('.'))
        host.remove_suffix(1);
    if (host.find('.') == std::string_view::npos)
        return true;
    return std::any_of(std::begin(private_domains), std::end(private_domains),
               [&](std::string_view domain) {
                   return host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.';
               }) ||
        host == "home.arpa";
}

}  // namespace backtalk
