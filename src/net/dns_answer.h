#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "url/address.h"

namespace backtalk {

/// What a name server says of the IPv4 addresses of a name.
struct DnsAnswer {
    std::vector<Address> addresses;  ///< At most 32. None: there is no such name, or it has no address.
    std::chrono::seconds ttl{};      ///< How long that holds; 0 if it does not say.
};

/// Reads the reply to a question for A records. `status`: of c-ares (ares_query). Nothing when none came, or none that answers: a time
/// limit, a server in trouble, a reply that cannot be read.
std::optional<DnsAnswer> read_dns_answer(int status, std::span<std::uint8_t const> reply);

}  // namespace backtalk
