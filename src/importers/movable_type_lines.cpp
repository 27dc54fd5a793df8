#include "importers/movable_type_lines.h"

#include <algorithm>
#include <array>
#include <utility>

namespace backtalk::importers {

namespace {

constexpr std::size_t name_bytes_max = 64;

constexpr std::array<std::string_view, 16> record_keys = {"AUTHOR", "AUTHOR EMAIL", "TITLE", "BASENAME", "STATUS", "ALLOW COMMENTS",
    "ALLOW PINGS", "CONVERT BREAKS", "PRIMARY CATEGORY", "CATEGORY", "DATE", "TAGS", "NO ENTRY", "START BODY", "UNIQUE URL", "IMAGE"};

constexpr std::array<std::pair<std::string_view, SectionKind>, 6> section_names = {
    {{"BODY", SectionKind::Body}, {"EXTENDED BODY", SectionKind::ExtendedBody}, {"EXCERPT", SectionKind::Excerpt},
        {"KEYWORDS", SectionKind::Keywords}, {"COMMENT", SectionKind::Comment}, {"PING", SectionKind::Ping}}};

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// "PREFIX-name", as plug-ins name their sections.
bool looks_like_plugin_key(std::string_view name)
{
    std::size_t const dash = name.find('-');
    return dash != std::string_view::npos && dash > 0 && dash + 1 < name.size() && is_capital(name.front()) &&
        std::all_of(name.begin(), name.end(), [](char c) { return is_ascii_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

HeaderLine header_line(std::string_view line)
{
    std::size_t const colon = line.find(':');
    if (colon == std::string_view::npos)
        return {{}, trimmed(line)};
    return {trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
}

bool is_record_key(std::string_view key) { return std::find(record_keys.begin(), record_keys.end(), key) != record_keys.end(); }

bool could_be_key(std::string_view key)
{
    return !key.empty() && key.size() <= name_bytes_max &&
        std::all_of(key.begin(), key.end(), [](char c) { return is_ascii_alnum(c) || c == ' ' || c == '_' || c == '-' || c == '.'; });
}

bool looks_like_key(std::string_view key)
{
    return !key.empty() && key.size() <= name_bytes_max && is_capital(key.front()) && std::all_of(key.begin(), key.end(), [](char c) {
        return is_capital(c) || is_ascii_digit(c) || c == ' ' || c == '_' || c == '-' || c == '.';
    });
}

SectionLine section_line(std::string_view line)
{
    if (line.empty() || is_ascii_space(line.front()))
        return {};
    std::size_t const colon = line.substr(0, name_bytes_max + 1).find(':');
    if (colon == std::string_view::npos)
        return {};
    std::string_view const name = trimmed(line.substr(0, colon));
    bool const alone = is_blank(line.substr(colon + 1));
    for (auto const& [known, kind] : section_names) {
        if (name != known)
            continue;
        if (alone)
            return {kind, name};
        // Movable Type loses such a body. Before a comment or a ping it would be an ordinary line: "PING: http://…".
        if (kind == SectionKind::Comment || kind == SectionKind::Ping)
            return {};
        std::size_t const text = line.find_first_not_of(" \t", colon + 1);
        return {kind, name, text};
    }
    if (alone && (looks_like_key(name) || looks_like_plugin_key(name)))
        return {SectionKind::Other, name};
    return {};
}

}  // namespace backtalk::importers
