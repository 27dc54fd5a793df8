#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "url/address.h"

namespace backtalk {

// How a DNS list is asked, and what its answer means. Spec: RFC 5782.

/// What to ask the list `zone` about a registrable domain: "spam.example.dbl.example". Nothing where there is nothing to ask: an address, a
/// name that is not of the open internet, or one too long for DNS.
std::optional<std::string> list_name_of_domain(std::string_view domain, std::string_view zone);
/// About an address, its parts in reverse: "2.2.0.192.bl.example", the 32 digits of IPv6 likewise. Nothing for what is no public address.
std::optional<std::string> list_name_of_address(std::string_view address, std::string_view zone);

enum class Listed { Yes, No, Unsaid };
/// Of the addresses that a list answered, none of them if it has no such name. Unsaid: it refuses to answer us.
Listed read_listing(std::span<Address const> answer);

}  // namespace backtalk
