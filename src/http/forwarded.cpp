#include "http/forwarded.h"

#include <algorithm>

#include "base/text.h"

namespace backtalk::http {

namespace {

bool is_trusted(Address const& address, std::vector<AddressBlock> const& trusted)
{
    return std::ranges::any_of(trusted, [&](AddressBlock const& block) { return block.contains(address); });
}

/// "192.0.2.1", and with a port as some proxies write it: "192.0.2.1:1234", "[2001:db8::1]:1234".
std::optional<Address> parse_hop(std::string_view text)
{
    if (auto const address = Address::parse(text))
        return address;
    if (auto const with_port = AddressPort::parse(text))
        return with_port->address;
    return std::nullopt;
}

/// The value of a parameter of "for=192.0.2.1;proto=https", "For=\"[2001:db8::1]:4711\"". NB: a comma within quotes parts it all the same;
/// no address has one, so what comes of that is no address either.
std::string_view parameter_of(std::string_view element, std::string_view name)
{
    for (std::string_view const pair : split(element, ';')) {
        std::size_t const equals = pair.find('=');
        if (equals == std::string_view::npos || !equal_ignoring_case(trimmed(pair.substr(0, equals)), name))
            continue;
        std::string_view value = trimmed(pair.substr(equals + 1));
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

/// The last of the hops that is no trusted proxy.
Address client_of(Address peer, std::vector<std::string_view> const& hops, std::vector<AddressBlock> const& trusted)
{
    Address client = peer;
    for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
        auto const address = parse_hop(*hop);
        if (!address)
            return client;
        client = address->unmapped();
        if (!is_trusted(client, trusted))
            return client;
    }
    return client;
}

}  // namespace

std::optional<AddressBlock> AddressBlock::parse(std::string_view text)
{
    std::size_t const slash = text.find('/');
    auto const address = Address::parse(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    auto const bits_max = static_cast<unsigned>(address->bytes().size()) * 8;
    if (slash == std::string_view::npos)
        return AddressBlock(*address, bits_max);
    auto const bits = parse_integer<unsigned>(text.substr(slash + 1));
    if (!bits || *bits > bits_max)
        return std::nullopt;
    return AddressBlock(*address, *bits);
}

bool AddressBlock::contains(Address const& address) const
{
    if (address.is_v4() != first_.is_v4())
        return false;
    auto const mine = first_.bytes();
    auto const other = address.bytes();
    unsigned const whole = bits_ / 8;
    if (!std::equal(mine.begin(), mine.begin() + whole, other.begin()))
        return false;
    if (bits_ % 8 == 0)
        return true;
    auto const mask = static_cast<std::uint8_t>(0xFF << (8 - bits_ % 8));
    return (mine[whole] & mask) == (other[whole] & mask);
}

Address client_address(Address peer, RequestHead const& head, std::vector<AddressBlock> const& trusted)
{
    if (!is_trusted(peer, trusted))
        return peer;
    std::vector<std::string_view> listed;
    std::vector<std::string_view> forwarded;
    for (HeaderView const& header : head) {
        if (equal_ignoring_case(header.name, "x-forwarded-for"))
            for (std::string_view const hop : split(header.value, ','))
                listed.push_back(trimmed(hop));
        if (equal_ignoring_case(header.name, "forwarded"))
            for (std::string_view const element : split(header.value, ','))
                forwarded.push_back(parameter_of(element, "for"));
    }
    Address const by_list = client_of(peer, listed, trusted);
    if (forwarded.empty())
        return by_list;
    Address const by_forwarded = client_of(peer, forwarded, trusted);
    return listed.empty() || by_list == by_forwarded ? by_forwarded : peer;
}

Transport client_transport(Address const& peer, RequestHead const& head, std::vector<AddressBlock> const& trusted)
{
    if (trusted.empty())
        return Transport::Unknown;
    if (!is_trusted(peer, trusted))
        return peer.is_loopback() ? Transport::Unknown : Transport::Plain;
    std::string_view listed;
    std::string_view forwarded;
    for (HeaderView const& header : head) {
        if (equal_ignoring_case(header.name, "x-forwarded-proto"))
            listed = trimmed(split(header.value, ',').back());
        if (equal_ignoring_case(header.name, "forwarded"))
            forwarded = parameter_of(split(header.value, ',').back(), "proto");
    }
    if (equal_ignoring_case(listed, "http") || equal_ignoring_case(forwarded, "http"))
        return Transport::Plain;
    if (equal_ignoring_case(listed, "https") || equal_ignoring_case(forwarded, "https"))
        return Transport::Tls;
    return Transport::Unknown;
}

}  // namespace backtalk::http
