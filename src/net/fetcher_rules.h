#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/fetcher_options.h"
#include "url/url.h"

namespace backtalk {

/// Which URLs may be fetched and which addresses connected to: the rule that Backtalk never connects to an address that is
/// not public unless [fetch] names it. The URL is judged before anything is done; the address when the socket is opened, so
/// what DNS answered to whom in between does not matter.
class FetchRules {
public:
    explicit FetchRules(FetchOptions const& options);

    /// The key of FetchOptions::resolve for "name:port" as a person wrote it: "B.test:80" is "b.test:80".
    /// Errors: Malformed (no name and port, or more than that).
    static Result<std::string> name_key(std::string_view text);

    /// Errors: Refused, with the reason.
    Result<void> judge_url(Url const& url) const;
    /// Errors: Refused; the text does not depend on whether anything listens there.
    Result<void> judge_address(Address const& address, std::uint16_t port) const;

    /// Where the owner says that this host is.
    std::optional<AddressPort> pinned(Url const& url) const;
    /// Whether allow_hosts or resolve names this address and port.
    bool is_named(Address const& address, std::uint16_t port) const { return named_.contains(AddressPort{address, port}); }
    /// Whether allow_hosts or resolve names the host of the URL.
    bool is_named(Url const& url) const;

private:
    std::map<std::string, AddressPort, std::less<>> pinned_;
    std::set<AddressPort> named_;
    std::set<std::uint16_t> named_ports_;
};

/// Without name and password, which are never sent, and without the fragment: what is asked of a server.
Result<Url> fetched_form(Url const& url);

}  // namespace backtalk
