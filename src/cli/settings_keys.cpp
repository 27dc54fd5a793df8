#include "cli/settings_keys.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "cli/settings_values.h"

namespace backtalk {

namespace {

using Problem = std::optional<SettingProblem>;

constexpr std::uint64_t billion = 1'000'000'000;

constexpr std::array tables = {
    SettingTable{"server", "Where Backtalk answers, and with how much of the machine."},
    SettingTable{"store", "Where everything is kept."},
    SettingTable{"mentions", "What happens when somebody links to you."},
    SettingTable{"judge", "What Backtalk thinks of those who link to you. See docs/spam.md."},
    SettingTable{"fetch", "How Backtalk reads other people's pages."},
    SettingTable{"limits", "How much strangers may ask of this server. Integers up to 1000000000."},
    SettingTable{"mail", "By which mail server people are told of what waits. See docs/digest.md."},
    SettingTable{"log", "What Backtalk tells you while it runs."},
};

constexpr std::array keys = {
    SettingKey{"server", "listen", "\"127.0.0.1:8080\"",
        "Address and port to serve on; several in a list: [\"0.0.0.0:80\", \"[::]:80\"]. Port 0: any free one.",
        [](TomlValue const& value, Settings& to) { return read_listen(value, to.server.listen); }},
    SettingKey{"server", "admin_listen", "\"\"",
        "A second address and port for the machine's owner: /healthz, /readyz, /metrics. Empty: off.",
        [](TomlValue const& value, Settings& to) { return read_listen_or_off(value, to.server.admin_listen); }},
    SettingKey{"server", "workers", "0",
        "Threads that serve, and as many that work behind them (at most 1024). 0: as many as the machine has cores.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.server.workers, 0, 1024); }},
    SettingKey{"server", "cache_bytes", "268435456", "Memory for finished pages, in bytes. 0: none.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.server.cache_bytes, 0, 1000 * billion); }},
    SettingKey{"server", "trusted_proxies", "[]",
        "Proxies in front of Backtalk whose X-Forwarded-For or Forwarded is believed: [\"127.0.0.1\", \"10.0.0.0/8\"].",
        [](TomlValue const& value, Settings& to) { return read_networks(value, to.server.trusted_proxies); }},
    SettingKey{"store", "url", "\"sqlite:backtalk.db\"", "\"sqlite:PATH\", a file in the home or elsewhere, or \"postgresql://…\".",
        [](TomlValue const& value, Settings& to) { return read_store_url(value, to.store.url); }},
    SettingKey{"mentions", "moderation", "\"verified\"",
        "\"verified\": publish what was found true and passed the filter. \"known\": only from authors you approved\n"
        "before, and hold the rest. \"all\": hold everything until you approve it.",
        [](TomlValue const& value, Settings& to) { return read_moderation(value, to.mentions.moderation); }},
    SettingKey{"judge", "strictness", "\"balanced\"",
        "How little it takes before a mention is held for you, or goes to spam: \"strict\", \"balanced\" or \"open\".",
        [](TomlValue const& value, Settings& to) { return read_strictness(value, to.judge.strictness); }},
    SettingKey{"judge", "keep_spam_days", "30", "How long spam can be looked through before it goes for good.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.judge.keep_spam_days, 1, 36500); }},
    SettingKey{"judge", "words", "[]", "Whatever says one of these words or phrases is spam: [\"cheap watches\"].",
        [](TomlValue const& value, Settings& to) { return read_words(value, to.judge.words); }},
    SettingKey{"judge", "hosts", "[]", "Whatever comes from these hosts, or from below them, is spam: [\"shop.example\"].",
        [](TomlValue const& value, Settings& to) { return read_words(value, to.judge.hosts); }},
    SettingKey{"judge", "authors", "[]", "Whatever these authors wrote is spam: their names, or the addresses of their pages.",
        [](TomlValue const& value, Settings& to) { return read_words(value, to.judge.authors); }},
    SettingKey{"judge", "dns_lists", "[]",
        "DNS lists of bad domains to ask about the domains of those who link to you: [\"dbl.example\"]. Whoever runs a list learns\n"
        "these domains.",
        [](TomlValue const& value, Settings& to) { return read_zones(value, to.judge.dns_lists); }},
    SettingKey{"judge", "dns_address_lists", "[]", "DNS lists of bad addresses to ask about those who send pings: [\"bl.example\"].",
        [](TomlValue const& value, Settings& to) { return read_zones(value, to.judge.dns_address_lists); }},
    SettingKey{"judge", "dns_servers", "[]", "Name servers to ask for these lists: [\"127.0.0.1:53\"]. Empty: those of the machine.",
        [](TomlValue const& value, Settings& to) { return read_dns_servers(value, to.judge.dns_servers); }},
    SettingKey{"fetch", "timeout", "10", "Seconds that one page may take.",
        [](TomlValue const& value, Settings& to) { return read_seconds(value, to.fetch.timeout, billion); }},
    SettingKey{"fetch", "max_bytes", "2097152", "Bytes that are read of one page; the rest is left.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.fetch.max_bytes, 1, billion); }},
    SettingKey{"fetch", "max_redirects", "5", "How often a page may say that it is elsewhere. 0: never.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.fetch.max_redirects, 0, billion); }},
    SettingKey{"fetch", "user_agent", "\"\"", "How Backtalk introduces itself. Empty: with its name, its version and your address.",
        [](TomlValue const& value, Settings& to) { return read_user_agent(value, to.fetch.user_agent); }},
    SettingKey{"fetch", "rate_per_host", "60",
        "Requests a minute to one host. Where it is not set, hosts that allow_hosts or resolve name may be asked at any rate.",
        [](TomlValue const& value, Settings& to) {
            to.fetch.rate_per_host_is_given = true;
            return read_number(value, to.fetch.rate_per_host, 1, billion);
        }},
    SettingKey{"fetch", "unverified_per_host_and_hour", "20",
        "Requests an hour to one host, with all hosts below its domain, for pings that are not found true yet: who forges pings in its\n"
        "name makes you no weapon. Where it is not set, hosts that allow_hosts or resolve name may be asked at any rate.",
        [](TomlValue const& value, Settings& to) {
            to.fetch.unverified_per_host_and_hour_is_given = true;
            return read_number(value, to.fetch.unverified_per_host_and_hour, 1, billion);
        }},
    SettingKey{"fetch", "allow_hosts", "[]", "Addresses that are not public and may be fetched all the same: [\"127.0.0.1:9001\"].",
        [](TomlValue const& value, Settings& to) { return read_allow_hosts(value, to.fetch.allow_hosts); }},
    SettingKey{"fetch", "resolve", "{}",
        "Where a name is found, whatever DNS says: { \"b.test:80\" = \"127.0.0.1:9001\" }. The port is always written.",
        [](TomlValue const& value, Settings& to) { return read_resolve(value, to.fetch.resolve); }},
    SettingKey{"limits", "body_bytes", "262144", "Bytes in the body of a request from a stranger.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.limits.body_bytes, 1, billion); }},
    SettingKey{"limits", "header_bytes", "16384", "Bytes in the headers of a request.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.limits.header_bytes, 1, billion); }},
    SettingKey{"limits", "connections", "10000", "Connections open at once.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.limits.connections, 1, billion); }},
    SettingKey{"limits", "pings_per_minute_per_sender", "60",
        "Pings a minute from one address. 0: take none. One sender never uses up another's.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.limits.pings_per_minute_per_sender, 0, billion); }},
    SettingKey{"limits", "pings_per_minute_per_entry", "300", "Pings a minute for one entry, from everybody together. 0: take none.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.limits.pings_per_minute_per_entry, 0, billion); }},
    SettingKey{"limits", "pings_per_minute_per_network", "0",
        "Pings a minute from one network (/24 of IPv4, /48 of IPv6). 0: four times what one address may, at least 240.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.limits.pings_per_minute_per_network, 0, billion); }},
    SettingKey{"limits", "pings_per_minute_per_source", "0",
        "Pings a minute that name sources of one domain; beyond it each network may still send five. 0: twice what one address may, at "
        "least 120.",
        [](TomlValue const& value, Settings& to) { return read_number(value, to.limits.pings_per_minute_per_source, 0, billion); }},
    SettingKey{"mail", "url", "\"\"",
        "\"smtp://127.0.0.1:25\", or \"smtps://mail.example:465\" with TLS from the start. Empty: no mail is sent.",
        [](TomlValue const& value, Settings& to) { return read_mail_url(value, to.mail.url); }},
    SettingKey{"mail", "from", "\"\"", "The address that mail comes from: \"backtalk@blog.example\".",
        [](TomlValue const& value, Settings& to) { return read_mail_address(value, to.mail.from); }},
    SettingKey{"mail", "user", "\"\"", "Whom the mail server knows us as. Empty: it asks for nobody.",
        [](TomlValue const& value, Settings& to) { return read_line(value, to.mail.user); }},
    SettingKey{"mail", "password_file", "\"\"", "The file, in the home or elsewhere, whose first line is that user's password.",
        [](TomlValue const& value, Settings& to) { return read_line(value, to.mail.password_file); }},
    SettingKey{"mail", "ca_file", "\"\"",
        "Certificates (PEM) that vouch for the mail server, instead of those of the system. With it, nothing is sent without TLS.",
        [](TomlValue const& value, Settings& to) { return read_line(value, to.mail.ca_file); }},
    SettingKey{"log", "level", "\"info\"", "The least that is told: \"debug\", \"info\", \"warning\", \"error\", or \"off\".",
        [](TomlValue const& value, Settings& to) { return read_log_level(value, to.log.level); }},
    SettingKey{"log", "format", "\"text\"", "\"text\" for people, \"json\" for programs.",
        [](TomlValue const& value, Settings& to) { return read_log_format(value, to.log.format); }},
};

/// How many characters must be added, taken away or changed (Levenshtein). `a` is cut, so the work is linear in what is written.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    a = a.substr(0, 64);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            std::size_t const changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('.') + 1); }

}  // namespace

std::span<SettingKey const> setting_keys() { return keys; }
std::span<SettingTable const> setting_tables() { return tables; }

std::string nearest_setting_key(std::string_view path)
{
    // A key in the wrong table costs one: no more than a wrong letter.
    auto const distance = [&](SettingKey const& key) {
        return std::min(edit_distance(path, key.path()), edit_distance(last_part(path), key.name) + 1);
    };
    return std::ranges::min_element(keys, {}, distance)->path();
}

std::string nearest_setting_table(std::string_view name)
{
    return std::string(
        std::ranges::min_element(tables, {}, [&](SettingTable const& table) { return edit_distance(name, table.name); })->name);
}

}  // namespace backtalk
