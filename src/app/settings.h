#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "judge/judge.h"
#include "url/address.h"

namespace backtalk {

enum class Moderation {
    Verified,  ///< Publish what verified.
    Known,     ///< Publish only authors approved before, hold the rest.
    All,       ///< Hold everything.
};

/// What backtalk.toml says. The values here are the defaults.
struct Settings {
    struct Server {
        std::vector<std::string> listen = {"127.0.0.1:8080"};
        std::string admin_listen;  ///< Empty: off.
        unsigned workers = 0;      ///< Threads that serve, and as many that work; 0: by the machine.
        std::uint64_t cache_bytes = 256u << 20;
        std::vector<std::string> trusted_proxies;  ///< Addresses or networks.
    } server;
    struct StoreSettings {
        std::string url = "sqlite:backtalk.db";
    } store;
    struct Mentions {
        Moderation moderation = Moderation::Verified;
    } mentions;
    struct Judge {
        judge::Strictness strictness = judge::Strictness::Balanced;
        std::uint32_t keep_spam_days = 30;
        std::vector<std::string> words;  ///< In lower case, as hosts and authors are.
        std::vector<std::string> hosts;
        std::vector<std::string> authors;
        std::vector<std::string> dns_lists;          ///< Zones that are asked for a source's domain: "dbl.example".
        std::vector<std::string> dns_address_lists;  ///< Zones that are asked for a sender's address.
        std::vector<AddressPort> dns_servers;        ///< Empty: the machine's.
    } judge;
    struct Fetch {
        std::chrono::seconds timeout{10};
        std::uint64_t max_bytes = 2u << 20;
        unsigned max_redirects = 5;
        std::string user_agent;                           ///< Empty: Backtalk's own.
        std::uint32_t rate_per_host = 60;                 ///< Requests a minute.
        bool rate_per_host_is_given = false;              ///< Else it does not hold for hosts that allow_hosts or resolve name.
        std::uint32_t unverified_per_host_and_hour = 20;  ///< Fetches for pings that are not found true yet, by registrable domain.
        bool unverified_per_host_and_hour_is_given = false;
        std::vector<AddressPort> allow_hosts;
        std::map<std::string, AddressPort> resolve;  ///< "b.test:80"
    } fetch;
    struct Limits {
        std::uint64_t body_bytes = 256u << 10;
        std::uint64_t header_bytes = 16u << 10;
        std::uint64_t connections = 10'000;
        std::uint32_t pings_per_minute_per_sender = 60;
        std::uint32_t pings_per_minute_per_entry = 300;
        std::uint32_t pings_per_minute_per_network = 0;  ///< /24, /48; 0: four times what one sender may, at least 240.
        std::uint32_t pings_per_minute_per_source = 0;   ///< By registrable domain; 0: twice what one sender may, at least 120.

        std::uint32_t per_network() const { return set_or(pings_per_minute_per_network, 4, 240); }
        std::uint32_t per_source() const { return set_or(pings_per_minute_per_source, 2, 120); }

    private:
        std::uint32_t set_or(std::uint32_t setting, std::uint32_t times, std::uint32_t least) const
        {
            std::uint64_t const of_sender = std::max<std::uint64_t>(std::uint64_t(pings_per_minute_per_sender) * times, least);
            return setting != 0 ? setting : static_cast<std::uint32_t>(std::min<std::uint64_t>(of_sender, UINT32_MAX));
        }
    } limits;
    struct Mail {
        std::string url;   ///< "smtp://127.0.0.1:25"; empty: no mail is sent.
        std::string from;  ///< A MailAddress, or empty.
        std::string user;  ///< Empty: the mail server asks for none.
        std::string password_file;
        std::string ca_file;  ///< PEM; where it is named, TLS is a must, and nobody else vouches for the server.
    } mail;
    struct LogSettings {
        LogLevel level = LogLevel::Info;
        LogFormat format = LogFormat::Text;
    } log;
};

}  // namespace backtalk
