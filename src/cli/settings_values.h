#pragma once

#include <concepts>
#include <limits>

#include "cli/settings_keys.h"

namespace backtalk {

// Each reads the value of a key into its setting, or says what is allowed.

/// An integer from `least` to `most`.
std::optional<SettingProblem> read_integer(TomlValue const& value, std::uint64_t& to, std::uint64_t least, std::uint64_t most);

template <std::unsigned_integral T>
std::optional<SettingProblem> read_number(TomlValue const& value, T& to, std::uint64_t least, std::uint64_t most)
{
    std::uint64_t number = 0;
    if (auto problem = read_integer(value, number, least, std::min<std::uint64_t>(most, std::numeric_limits<T>::max())))
        return problem;
    to = static_cast<T>(number);
    return std::nullopt;
}

std::optional<SettingProblem> read_seconds(TomlValue const& value, std::chrono::seconds& to, std::uint64_t most);
/// "address:port", or a list of them that is not empty.
std::optional<SettingProblem> read_listen(TomlValue const& value, std::vector<std::string>& to);
std::optional<SettingProblem> read_listen_or_off(TomlValue const& value, std::string& to);
std::optional<SettingProblem> read_networks(TomlValue const& value, std::vector<std::string>& to);
std::optional<SettingProblem> read_store_url(TomlValue const& value, std::string& to);
std::optional<SettingProblem> read_moderation(TomlValue const& value, Moderation& to);
std::optional<SettingProblem> read_strictness(TomlValue const& value, judge::Strictness& to);
/// A list of texts, none of them empty; kept in lower case.
std::optional<SettingProblem> read_words(TomlValue const& value, std::vector<std::string>& to);
/// A list of at most 16 domain names, each once; kept in lower case.
std::optional<SettingProblem> read_zones(TomlValue const& value, std::vector<std::string>& to);
std::optional<SettingProblem> read_dns_servers(TomlValue const& value, std::vector<AddressPort>& to);
/// "smtp://host:port", "smtps://host:port", or empty.
std::optional<SettingProblem> read_mail_url(TomlValue const& value, std::string& to);
/// A MailAddress, or empty.
std::optional<SettingProblem> read_mail_address(TomlValue const& value, std::string& to);
/// A text on one line, or empty.
std::optional<SettingProblem> read_line(TomlValue const& value, std::string& to);
std::optional<SettingProblem> read_user_agent(TomlValue const& value, std::string& to);
std::optional<SettingProblem> read_allow_hosts(TomlValue const& value, std::vector<AddressPort>& to);
std::optional<SettingProblem> read_resolve(TomlValue const& value, std::map<std::string, AddressPort>& to);
std::optional<SettingProblem> read_log_level(TomlValue const& value, LogLevel& to);
std::optional<SettingProblem> read_log_format(TomlValue const& value, LogFormat& to);

}  // namespace backtalk
