#include "net/dns_list_name.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "base/text.h"
#include "url/host.h"

namespace backtalk {

namespace {

constexpr std::size_t name_bytes_max = 253;  // RFC 1035, 2.3.4, as it is written

std::optional<std::string> under_zone(std::string name, std::string_view zone)
{
    name += '.';
    name += zone;
    return name.size() <= name_bytes_max ? std::optional(std::move(name)) : std::nullopt;
}

bool starts_with(Address const& address, std::initializer_list<std::uint8_t> first)
{
    return address.is_v4() && std::ranges::equal(address.bytes().first(first.size()), first);
}

}  // namespace

std::optional<std::string> list_name_of_domain(std::string_view domain, std::string_view zone)
{
    if (domain.ends_with('.'))
        domain.remove_suffix(1);
    if (Address::parse(domain) || is_private_name(domain) || !std::ranges::all_of(split(domain, '.'), is_host_label))
        return std::nullopt;
    return under_zone(ascii_lower(domain), zone);
}

std::optional<std::string> list_name_of_address(std::string_view address, std::string_view zone)
{
    std::optional<Address> const parsed = Address::parse(address);
    if (!parsed || !parsed->unmapped().is_public())
        return std::nullopt;
    Address const known = parsed->unmapped();
    std::string name;
    for (std::uint8_t const byte : known.bytes() | std::views::reverse)
        name += known.is_v4() ? fmt::format("{}.", byte) : fmt::format("{:x}.{:x}.", byte & 0xF, byte >> 4);
    name.pop_back();
    return under_zone(std::move(name), zone);
}

Listed read_listing(std::span<Address const> answer)
{
    // NB: common practice rather than RFC 5782: 127.255.255.0/24 says "you asked too much, or by a public name server".
    if (std::ranges::any_of(answer, [](Address const& address) { return starts_with(address, {127, 255, 255}); }))
        return Listed::Unsaid;
    // 127.0.0.1 must not be used for entries (2.1): it means trouble. Another address is that of a resolver which answers everything.
    bool const listed = std::ranges::any_of(
        answer, [](Address const& address) { return starts_with(address, {127}) && !starts_with(address, {127, 0, 0, 1}); });
    return listed ? Listed::Yes : Listed::No;
}

}  // namespace backtalk
