#include "url/address.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk {
namespace {

using Pieces = std::array<std::uint16_t, 8>;

/// Four decimal parts of 0 to 255 without leading zeros, in host byte order.
std::optional<std::uint32_t> parse_dotted_decimal(std::string_view text)
{
    if (text.size() > 15)
        return std::nullopt;
    std::uint32_t address = 0;
    int parts = 0;
    for (std::string_view const part : split(text, '.')) {
        std::optional<std::uint8_t> const value = parse_integer<std::uint8_t>(part);
        if (!value || (part.size() > 1 && part[0] == '0') || ++parts > 4)
            return std::nullopt;
        address = address << 8 | *value;
    }
    return parts == 4 ? std::optional(address) : std::nullopt;
}

/// https://url.spec.whatwg.org/#concept-ipv6-parser
std::optional<Pieces> parse_ipv6(std::string_view text)
{
    Pieces pieces{};
    std::size_t count = 0;
    std::optional<std::size_t> compress;
    std::size_t at = 0;
    if (text.starts_with(':')) {
        if (!text.starts_with("::"))
            return std::nullopt;
        at = 2;
        compress = ++count;  // "::" stands for one piece at least.
    }
    while (at < text.size()) {
        if (count == 8)
            return std::nullopt;
        if (text[at] == ':') {
            if (compress)
                return std::nullopt;
            ++at;
            compress = ++count;
            continue;
        }
        std::size_t const start = at;
        unsigned value = 0;
        while (at < text.size() && at - start < 4 && hex_digit_value(text[at]) >= 0)
            value = value * 16 + static_cast<unsigned>(hex_digit_value(text[at++]));
        if (at < text.size() && text[at] == '.') {
            std::optional<std::uint32_t> const ipv4 = parse_dotted_decimal(text.substr(start));
            if (!ipv4 || count > 6)
                return std::nullopt;
            pieces[count++] = static_cast<std::uint16_t>(*ipv4 >> 16);
            pieces[count++] = static_cast<std::uint16_t>(*ipv4);
            break;
        }
        if (at == start)
            return std::nullopt;
        if (at < text.size()) {
            if (text[at] != ':')
                return std::nullopt;
            ++at;
            if (at == text.size())
                return std::nullopt;
        }
        pieces[count++] = static_cast<std::uint16_t>(value);
    }
    if (!compress)
        return count == 8 ? std::optional(pieces) : std::nullopt;
    std::rotate(pieces.begin() + static_cast<std::ptrdiff_t>(*compress), pieces.begin() + static_cast<std::ptrdiff_t>(count), pieces.end());
    return pieces;
}

Pieces pieces_of(std::span<std::uint8_t const> bytes)
{
    Pieces pieces;
    for (std::size_t i = 0; i < 8; ++i)
        pieces[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    return pieces;
}

/// https://url.spec.whatwg.org/#concept-ipv6-serializer
std::string serialise_ipv6(Pieces const& pieces)
{
    std::size_t compress = 8;
    std::size_t longest = 1;  // A single zero is not shortened.
    for (std::size_t i = 0; i < 8;) {
        std::size_t end = i;
        while (end < 8 && pieces[end] == 0)
            ++end;
        if (end - i > longest) {
            longest = end - i;
            compress = i;
        }
        i = std::max(end, i + 1);
    }
    std::string out;
    for (std::size_t i = 0; i < 8;) {
        if (i == compress) {
            out += i == 0 ? "::" : ":";
            i += longest;
            continue;
        }
        out += fmt::format("{:x}", pieces[i]);
        if (++i < 8)
            out += ':';
    }
    return out;
}

}  // namespace

Address Address::from_ipv4(std::uint32_t address)
{
    return from_bytes(std::array{static_cast<std::uint8_t>(address >> 24), static_cast<std::uint8_t>(address >> 16),
        static_cast<std::uint8_t>(address >> 8), static_cast<std::uint8_t>(address)});
}

Address Address::from_bytes(std::array<std::uint8_t, 4> const& bytes)
{
    Address result;
    result.v4_ = true;
    std::copy(bytes.begin(), bytes.end(), result.bytes_.begin());
    return result;
}

Address Address::from_bytes(std::array<std::uint8_t, 16> const& bytes)
{
    Address result;
    result.bytes_ = bytes;
    return result;
}

std::optional<Address> Address::parse(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
        if (text.find(':') == std::string_view::npos)
            return std::nullopt;
    }
    if (text.find(':') == std::string_view::npos) {
        std::optional<std::uint32_t> const ipv4 = parse_dotted_decimal(text);
        return ipv4 ? std::optional(from_ipv4(*ipv4)) : std::nullopt;
    }
    std::optional<Pieces> const pieces = parse_ipv6(text);
    if (!pieces)
        return std::nullopt;
    std::array<std::uint8_t, 16> bytes;
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[2 * i] = static_cast<std::uint8_t>((*pieces)[i] >> 8);
        bytes[2 * i + 1] = static_cast<std::uint8_t>((*pieces)[i]);
    }
    return from_bytes(bytes);
}

std::optional<Address> Address::from_sockaddr(sockaddr const* address)
{
    // Copied, since the kernel's and the resolver's buffers need not be aligned for their family.
    if (address->sa_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, address, sizeof v4);
        return from_ipv4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, address, sizeof v6);
        std::array<std::uint8_t, 16> bytes;
        std::memcpy(bytes.data(), v6.sin6_addr.s6_addr, bytes.size());
        return from_bytes(bytes);
    }
    return std::nullopt;
}

std::string Address::str() const
{
    if (v4_)
        return fmt::format("{}.{}.{}.{}", bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
    return serialise_ipv6(pieces_of(bytes_));
}

Address Address::unmapped() const
{
    constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (v4_ || !std::equal(mapped.begin(), mapped.end(), bytes_.begin()))
        return *this;
    return from_bytes(std::array{bytes_[12], bytes_[13], bytes_[14], bytes_[15]});
}

Address Address::cut_after(std::size_t bytes) const
{
    Address first = *this;
    std::fill(first.bytes_.begin() + static_cast<std::ptrdiff_t>(bytes), first.bytes_.end(), std::uint8_t{0});
    return first;
}

std::string Address::subscriber() const
{
    Address const known = unmapped();
    return known.v4_ ? known.str() : known.cut_after(8).str() + "/64";
}

std::string Address::network() const
{
    Address const known = unmapped();
    return known.v4_ ? known.cut_after(3).str() + "/24" : known.cut_after(6).str() + "/48";
}

std::optional<AddressPort> AddressPort::parse(std::string_view text)
{
    std::size_t const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view const host = text.substr(0, colon);
    // "::1:80" could be an address and a port or an address alone, so IPv6 needs its brackets.
    if (host.find(':') != std::string_view::npos && !host.starts_with('['))
        return std::nullopt;
    std::optional<Address> const address = Address::parse(host);
    std::optional<std::uint16_t> const port = parse_integer<std::uint16_t>(text.substr(colon + 1));
    if (!address || !port)
        return std::nullopt;
    return AddressPort{*address, *port};
}

std::string AddressPort::str() const
{
    return address.is_v4() ? fmt::format("{}:{}", address.str(), port) : fmt::format("[{}]:{}", address.str(), port);
}

}  // namespace backtalk
