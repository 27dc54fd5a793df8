#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sockaddr;

namespace backtalk {

/// An IPv4 or IPv6 address.
class Address {
public:
    /// "192.0.2.1" (four decimal parts, no leading zeros), "2001:db8::1" or the same in brackets, as Url::host() has it.
    /// Nothing for all else; no zone identifiers.
    static std::optional<Address> parse(std::string_view text);
    /// In host byte order: 0x7F000001 is 127.0.0.1.
    static Address from_ipv4(std::uint32_t address);
    static Address from_bytes(std::array<std::uint8_t, 4> const& bytes);
    static Address from_bytes(std::array<std::uint8_t, 16> const& bytes);
    /// Nothing for families other than AF_INET and AF_INET6. `address` must be as long as its family says.
    static std::optional<Address> from_sockaddr(sockaddr const* address);

    bool is_v4() const { return v4_; }
    /// 4 or 16 bytes in network order, valid while this Address lives.
    std::span<std::uint8_t const> bytes() const { return {bytes_.data(), v4_ ? std::size_t{4} : std::size_t{16}}; }
    /// Without brackets; IPv6 in lower case with the longest run of zeros shortened, never with dots.
    std::string str() const;

    /// Whether the address is one of the open internet: global unicast and of no special purpose (RFC 6890 and its registries).
    /// An allow-list, so what nobody has thought of is not public. Addresses with an IPv4 address inside (mapped, NAT64, 6to4,
    /// Teredo) are not public: what they reach depends on the network we stand in.
    bool is_public() const;
    bool is_loopback() const;

    /// ::ffff:192.0.2.1 as 192.0.2.1, as a socket for both families names an IPv4 peer; all others as they are.
    Address unmapped() const;
    /// Whom limits per sender take for one: the IPv4 address, or the /64 of an IPv6 address, since a customer gets at least
    /// that much. "192.0.2.1", "2001:db8:1:2::/64"
    std::string subscriber() const;
    /// Whom limits take for one where somebody may have many addresses: the /24 of an IPv4 address, the /48 of an IPv6 address.
    /// "192.0.2.0/24", "2001:db8:1::/48"
    std::string network() const;

    auto operator<=>(Address const&) const = default;

private:
    Address() = default;

    Address cut_after(std::size_t bytes) const;

    bool v4_ = false;
    std::array<std::uint8_t, 16> bytes_{};  ///< IPv4 in the first four.
};

/// "127.0.0.1:9001", "[::1]:80"
struct AddressPort {
    Address address;
    std::uint16_t port;

    static std::optional<AddressPort> parse(std::string_view text);
    std::string str() const;
    auto operator<=>(AddressPort const&) const = default;
};

/// A port that a fetcher of web pages has no business with: below 1024 all but 80 and 443, and above it those of the WHATWG
/// (https://fetch.spec.whatwg.org/#port-blocking) and of databases and other inner services that answer to text.
bool is_odd_port(std::uint16_t port);

/// A host name that never means a machine on the open internet, whatever a resolver says: one label, or below localhost, local,
/// internal, home.arpa … (RFC 6761, 6762, 8375). `host` as Url::host() has it; an address is no name.
bool is_private_name(std::string_view host);

}  // namespace backtalk
