#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "url/address.h"

namespace backtalk::http {

/// A block of addresses: "192.0.2.0/24", "2001:db8::/32", or a single address.
class AddressBlock {
public:
    static std::optional<AddressBlock> parse(std::string_view text);
    bool contains(Address const& address) const;

private:
    AddressBlock(Address first, unsigned bits) : first_(first), bits_(bits) { }

    Address first_;
    unsigned bits_;
};

/// Who asks. Without trusted proxies, or where the connection is none of theirs: the peer. Else X-Forwarded-For or Forwarded (RFC 7239) is
/// read from its end, and the first address that is no trusted proxy is the client: all before it anybody may have written. What is no
/// address ends the reading; then the last proxy that could be named counts. Where both headers are there and name two clients, one of them
/// came from the client and the peer counts.
Address client_address(Address peer, RequestHead const& head, std::vector<AddressBlock> const& trusted);

/// How the client reached us, or the proxy in front: by the last X-Forwarded-Proto or "proto" of Forwarded that a trusted proxy sent; http
/// where one of them says so. Plain also for who comes past the proxies, since we speak no TLS, but for this machine. Unknown where no
/// proxies are named, or none says it.
Transport client_transport(Address const& peer, RequestHead const& head, std::vector<AddressBlock> const& trusted);

}  // namespace backtalk::http
