#include "cli/settings_values.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/mail.h"
#include "base/text.h"
#include "http/forwarded.h"
#include "net/fetcher_rules.h"
#include "url/host.h"

namespace backtalk {

namespace {

using Problem = std::optional<SettingProblem>;
using Kind = TomlValue::Kind;

Problem is_instead(TomlValue const& value, std::string_view allowed)
{
    return SettingProblem{value.line, fmt::format("is {}: write {}", value.shown, allowed)};
}

Problem member_is_instead(TomlValue const& value, std::string_view allowed)
{
    return SettingProblem{value.line, fmt::format("has {}: write {}", value.shown, allowed)};
}

constexpr std::string_view listen_allowed = "an address and a port, as \"127.0.0.1:8080\" or \"[::]:80\" (no names)";

std::optional<AddressPort> address_port(TomlValue const& value)
{
    return value.kind == Kind::Text ? AddressPort::parse(value.text) : std::nullopt;
}

/// An address to connect to: port 0 is none.
std::optional<AddressPort> remote(TomlValue const& value)
{
    auto const where = address_port(value);
    return where && where->port != 0 ? where : std::nullopt;
}

Problem read_remotes(TomlValue const& value, std::vector<AddressPort>& to, std::string_view example, std::string_view more)
{
    if (value.kind != Kind::List)
        return is_instead(value, fmt::format("a list of addresses and ports, as [\"{}\"]", example));
    to.clear();
    for (auto const& member : value.members) {
        auto const where = remote(member.value);
        if (!where)
            return member_is_instead(member.value, fmt::format("an address and a port, as \"{}\"{}", example, more));
        to.push_back(*where);
    }
    return std::nullopt;
}

/// A domain name of two labels and more, to which the longest question (64 characters, for IPv6) can be put in front (RFC 1035, 2.3.4).
bool is_zone(std::string_view name)
{
    constexpr std::size_t bytes_max = 253 - 64;
    std::vector<std::string_view> const labels = split(name, '.');
    return name.size() <= bytes_max && labels.size() >= 2 && std::ranges::all_of(labels, is_host_label) &&
        !std::ranges::all_of(labels.back(), is_ascii_digit);
}

bool is_one_line(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_printable_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

Problem read_integer(TomlValue const& value, std::uint64_t& to, std::uint64_t least, std::uint64_t most)
{
    if (value.kind != Kind::Integer || value.integer < 0 || static_cast<std::uint64_t>(value.integer) < least ||
        static_cast<std::uint64_t>(value.integer) > most)
        return is_instead(value, fmt::format("an integer from {} to {}", least, most));
    to = static_cast<std::uint64_t>(value.integer);
    return std::nullopt;
}

Problem read_seconds(TomlValue const& value, std::chrono::seconds& to, std::uint64_t most)
{
    std::uint64_t seconds = 0;
    if (auto problem = read_integer(value, seconds, 1, most))
        return problem;
    to = std::chrono::seconds(seconds);
    return std::nullopt;
}

Problem read_listen(TomlValue const& value, std::vector<std::string>& to)
{
    if (auto const one = address_port(value)) {
        to = {one->str()};
        return std::nullopt;
    }
    if (value.kind != Kind::List || value.members.empty())
        return is_instead(value, fmt::format("{}, or a list of such", listen_allowed));
    to.clear();
    for (auto const& member : value.members) {
        auto const one = address_port(member.value);
        if (!one)
            return member_is_instead(member.value, listen_allowed);
        to.push_back(one->str());
    }
    return std::nullopt;
}

Problem read_listen_or_off(TomlValue const& value, std::string& to)
{
    auto const one = address_port(value);
    if (!one && !(value.kind == Kind::Text && value.text.empty()))
        return is_instead(value, fmt::format("{}, or \"\" for none", listen_allowed));
    to = one ? one->str() : "";
    return std::nullopt;
}

Problem read_networks(TomlValue const& value, std::vector<std::string>& to)
{
    constexpr std::string_view allowed = "an address or a network, as \"192.0.2.1\" or \"10.0.0.0/8\"";
    if (value.kind != Kind::List)
        return is_instead(value, "a list, as [\"192.0.2.1\", \"10.0.0.0/8\"]");
    to.clear();
    for (auto const& member : value.members) {
        if (member.value.kind != Kind::Text || !http::AddressBlock::parse(member.value.text))
            return member_is_instead(member.value, allowed);
        to.push_back(member.value.text);
    }
    return std::nullopt;
}

Problem read_store_url(TomlValue const& value, std::string& to)
{
    constexpr std::string_view sqlite = "sqlite:";
    constexpr std::string_view postgresql = "postgresql://";
    bool const known = value.kind == Kind::Text && is_one_line(value.text) &&
        ((value.text.starts_with(sqlite) && value.text.size() > sqlite.size()) || value.text.starts_with(postgresql));
    if (!known)
        return is_instead(value, "\"sqlite:PATH\" or \"postgresql://…\"");
    to = value.text;
    return std::nullopt;
}

Problem read_moderation(TomlValue const& value, Moderation& to)
{
    if (value.kind == Kind::Text && value.text == "verified")
        to = Moderation::Verified;
    else if (value.kind == Kind::Text && value.text == "known")
        to = Moderation::Known;
    else if (value.kind == Kind::Text && value.text == "all")
        to = Moderation::All;
    else
        return is_instead(value, "\"verified\", \"known\" or \"all\"");
    return std::nullopt;
}

Problem read_strictness(TomlValue const& value, judge::Strictness& to)
{
    auto const named = value.kind == Kind::Text ? judge::strictness_named(value.text) : std::nullopt;
    if (!named)
        return is_instead(value, "\"strict\", \"balanced\" or \"open\"");
    to = *named;
    return std::nullopt;
}

Problem read_words(TomlValue const& value, std::vector<std::string>& to)
{
    if (value.kind != Kind::List)
        return is_instead(value, "a list of texts, as [\"cheap watches\", \"free ringtones\"]");
    to.clear();
    for (auto const& member : value.members) {
        if (member.value.kind != Kind::Text || trimmed(member.value.text).empty() || member.value.text.size() > 200)
            return member_is_instead(member.value, "a text of 1 to 200 bytes");
        to.push_back(ascii_lower(folded_space(member.value.text)));
    }
    return std::nullopt;
}

Problem read_zones(TomlValue const& value, std::vector<std::string>& to)
{
    constexpr std::size_t most = 16;  // each is asked about each ping
    if (value.kind != Kind::List || value.members.size() > most)
        return is_instead(value, fmt::format("a list of at most {} domain names, as [\"dbl.example\"]", most));
    to.clear();
    for (auto const& member : value.members) {
        std::string const zone = ascii_lower(member.value.text);
        if (member.value.kind != Kind::Text || !is_zone(zone))
            return member_is_instead(member.value, "a domain name, as \"dbl.example\"");
        if (std::ranges::find(to, zone) != to.end())
            return SettingProblem{member.value.line, fmt::format("has {} twice: write it once", member.value.shown)};
        to.push_back(zone);
    }
    return std::nullopt;
}

Problem read_mail_url(TomlValue const& value, std::string& to)
{
    std::string_view const allowed = "\"smtp://host:25\" or \"smtps://host:465\", or \"\" for none";
    std::string_view const text = value.text;
    bool const is_smtp = text.starts_with("smtp://") || text.starts_with("smtps://");
    if (value.kind != Kind::Text || (!is_smtp && !text.empty()))
        return is_instead(value, allowed);
    // What comes behind the scheme is as in an address of the web.
    auto const server = Url::parse(fmt::format("https{}", text.substr(std::min(text.find("://"), text.size()))));
    bool const is_bare = server && server->path_and_query() == "/" && !text.ends_with('#') && text.find('#') == std::string_view::npos;
    if (!text.empty() && server && server->has_credentials())
        return is_instead(value, "the server alone: its user and password_file are keys of their own");
    if (!text.empty() && !is_bare)
        return is_instead(value, allowed);
    to = value.text;
    return std::nullopt;
}

Problem read_mail_address(TomlValue const& value, std::string& to)
{
    if (value.kind != Kind::Text || (!value.text.empty() && !MailAddress::parse(value.text)))
        return is_instead(value, "a mail address such as \"backtalk@blog.example\"");
    to = value.text;
    return std::nullopt;
}

Problem read_line(TomlValue const& value, std::string& to)
{
    if (value.kind != Kind::Text || without_controls(value.text) != value.text || value.text.find_first_of("\t\n") != std::string::npos)
        return is_instead(value, "a text on one line");
    to = value.text;
    return std::nullopt;
}

Problem read_user_agent(TomlValue const& value, std::string& to)
{
    // It becomes a header line of every request.
    if (value.kind != Kind::Text || value.text.size() > 1000 || !is_printable_ascii(value.text))
        return is_instead(value, "a text of at most 1000 printable ASCII characters");
    to = value.text;
    return std::nullopt;
}

Problem read_allow_hosts(TomlValue const& value, std::vector<AddressPort>& to)
{
    return read_remotes(value, to, "127.0.0.1:9001", " (for names there is fetch.resolve)");
}

Problem read_dns_servers(TomlValue const& value, std::vector<AddressPort>& to)
{
    return read_remotes(value, to, "127.0.0.1:53", " (no names)");
}

Problem read_resolve(TomlValue const& value, std::map<std::string, AddressPort>& to)
{
    constexpr std::string_view example = "{ \"b.test:80\" = \"127.0.0.1:9001\" }";
    if (value.kind != Kind::Table)
        return is_instead(value, fmt::format("a table, as {}", example));
    to.clear();
    for (auto const& member : value.members) {
        auto const shown = quoted_for_message(member.key);
        auto const key = FetchRules::name_key(member.key);
        if (!key)
            return SettingProblem{member.line, fmt::format("has the key {}: write a name and a port in quotes, as {}", shown, example)};
        auto const where = remote(member.value);
        if (!where)
            return SettingProblem{
                member.value.line, fmt::format("has {} for {}: write an address and a port, as {}", member.value.shown, shown, example)};
        if (!to.emplace(*key, *where).second)
            return SettingProblem{member.line, fmt::format("has {} twice, here as {}: write it once", quoted_for_message(*key), shown)};
    }
    return std::nullopt;
}

Problem read_log_level(TomlValue const& value, LogLevel& to)
{
    auto const level = value.kind == Kind::Text ? log_level_named(value.text) : std::nullopt;
    if (!level)
        return is_instead(value, "\"debug\", \"info\", \"warning\", \"error\" or \"off\"");
    to = *level;
    return std::nullopt;
}

Problem read_log_format(TomlValue const& value, LogFormat& to)
{
    if (value.kind == Kind::Text && value.text == "text")
        to = LogFormat::Text;
    else if (value.kind == Kind::Text && value.text == "json")
        to = LogFormat::Json;
    else
        return is_instead(value, "\"text\" or \"json\"");
    return std::nullopt;
}

}  // namespace backtalk
