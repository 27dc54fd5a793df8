#include "net/fetcher_rules.h"

#include "base/text.h"

namespace backtalk {

FetchRules::FetchRules(FetchOptions const& options)
{
    for (auto const& [name, where] : options.resolve) {
        // The configuration has refused other keys, with their line.
        if (auto key = name_key(name)) {
            pinned_.emplace(*std::move(key), where);
            named_.insert(where);
        }
    }
    named_.insert(options.allow_hosts.begin(), options.allow_hosts.end());
    for (AddressPort const& each : named_)
        named_ports_.insert(each.port);
}

Result<std::string> FetchRules::name_key(std::string_view text)
{
    std::string const shown(text);
    std::size_t const colon = text.rfind(':');
    if (colon == std::string_view::npos || !parse_integer<std::uint16_t>(text.substr(colon + 1)))
        return failure(ErrorCode::Malformed, "\"" + shown + "\" is not name:port");
    if (text.find_first_of("/?#@\\ \t\r\n") != std::string_view::npos)
        return failure(ErrorCode::Malformed, "\"" + shown + "\" is more than name:port");
    auto const url = Url::parse("http://" + shown + "/");
    if (!url)
        return failure(ErrorCode::Malformed, "\"" + shown + "\" is not name:port: " + url.error().text);
    return url->host_and_port();
}

Result<void> FetchRules::judge_url(Url const& url) const
{
    if (pinned_.contains(url.host_and_port()))
        return {};
    std::string const host(url.host());
    if (auto const literal = Address::parse(host))
        return judge_address(*literal, url.port());
    // A name can stand for an address that is named together with this port; the socket will show.
    if (named_ports_.contains(url.port()))
        return {};
    if (is_odd_port(url.port()))
        return failure(ErrorCode::Refused, "port " + std::to_string(url.port()) + " is not one for web pages");
    if (is_private_name(host))
        return failure(ErrorCode::Refused, host + " is not a name on the open internet");
    return {};
}

Result<void> FetchRules::judge_address(Address const& address, std::uint16_t port) const
{
    if (is_named(address, port))
        return {};
    if (!address.is_public())
        return failure(ErrorCode::Refused, "the address " + address.str() + " is not public");
    if (is_odd_port(port))
        return failure(ErrorCode::Refused, "port " + std::to_string(port) + " is not one for web pages");
    return {};
}

std::optional<AddressPort> FetchRules::pinned(Url const& url) const
{
    auto const found = pinned_.find(url.host_and_port());
    if (found == pinned_.end())
        return std::nullopt;
    return found->second;
}

bool FetchRules::is_named(Url const& url) const
{
    if (pinned_.contains(url.host_and_port()))
        return true;
    auto const literal = Address::parse(url.host());
    return literal && is_named(*literal, url.port());
}

Result<Url> fetched_form(Url const& url)
{
    if (!url.has_credentials())
        return url.without_fragment();
    return Url::parse(std::string(url.scheme()) + "://" + std::string(url.authority()) + std::string(url.path_and_query()));
}

}  // namespace backtalk
