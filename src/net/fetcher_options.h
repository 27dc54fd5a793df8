#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "url/address.h"

namespace backtalk {

/// [fetch] of backtalk.toml, and the limits that it leaves to us.
struct FetchOptions {
    std::chrono::milliseconds timeout{
        10'000};  ///< Of one fetch, redirects included, from when it starts; waiting for its turn before is not counted.
    std::size_t max_bytes = 2'097'152;  ///< Of a body, decoded; what is longer is cut.
    int max_redirects = 5;
    std::string user_agent = "Backtalk";
    int rate_per_host = 60;                ///< Requests a minute for each host name and port.
    bool rate_limits_named_hosts = true;   ///< False: hosts that allow_hosts or resolve names may be asked at any rate.
    std::vector<AddressPort> allow_hosts;  ///< Addresses that may be connected to although they are not public.
    /// "b.test:80" to where that name is found whatever DNS says; see FetchRules::name_key(). Named here, the address is allowed.
    std::map<std::string, AddressPort> resolve;

    int in_flight_max = 256;
    int in_flight_per_host = 2;
    int in_flight_per_named_host = 8;  ///< Of hosts that allow_hosts or resolve names.
    int in_flight_per_address = 8;     ///< Of addresses that they do not name.
    std::size_t header_bytes_max = 65'536;
    std::string ca_file;  ///< Certificates to trust, PEM; empty: the system's.
};

}  // namespace backtalk
