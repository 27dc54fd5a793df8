#include "cli/settings_edit.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk {

namespace {

using Lines = std::vector<std::string_view>;

std::string joined(Lines const& lines)
{
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
        text.append(i == 0 ? "" : "\n").append(lines[i]);
    return text;
}

/// Of a line without its comment and the blanks around.
std::string_view bare(std::string_view line) { return trimmed(line.substr(0, line.find('#'))); }

std::optional<std::size_t> line_of_header(Lines const& lines, std::string_view header)
{
    auto const found = std::ranges::find_if(lines, [&](std::string_view line) { return bare(line) == header; });
    return found == lines.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - lines.begin()));
}

/// The value between "=" and the comment.
std::optional<std::string> with_value(std::string_view line, std::string_view value)
{
    std::size_t const equals = line.find('=');
    if (equals == std::string_view::npos)
        return std::nullopt;
    std::size_t const begin = std::min(line.find_first_not_of(" \t", equals + 1), line.size());
    std::size_t end = begin;
    if (begin < line.size() && (line[begin] == '"' || line[begin] == '\''))
        end = line.find(line[begin], begin + 1) + 1;  // past the end: it goes on elsewhere, which is found out below
    else
        end = begin + trimmed(line.substr(begin, line.find('#', begin) - begin)).size();
    if (end == 0)
        return std::nullopt;
    return fmt::format("{} {}{}", line.substr(0, equals + 1), value, line.substr(std::max(begin, end)));
}

/// Behind the key's own explanation in the section that begins behind `header`, else right behind the header.
std::size_t place_in_section(Lines const& lines, std::size_t header, std::string_view name)
{
    for (std::size_t i = header + 1; i < lines.size(); ++i) {
        std::string_view line = trimmed(lines[i]);
        while (line.starts_with('#') || line.starts_with(' '))
            line.remove_prefix(1);
        if (line.starts_with('['))
            break;
        if (line.starts_with(name) && trimmed(line.substr(name.size())).starts_with('='))
            return i + 1;
    }
    return header + 1;
}

TomlValue const* member_of(TomlValue const& table, std::string_view key, std::size_t* line = nullptr)
{
    auto const found = std::ranges::find(table.members, key, &TomlValue::Member::key);
    if (table.kind != TomlValue::Kind::Table || found == table.members.end())
        return nullptr;
    if (line)
        *line = found->line;
    return &found->value;
}

/// Ways in which the file may say it, the most fitting first. Which of them says that and nothing else is found out by reading it again.
std::vector<std::string> drafts(
    std::string_view toml, TomlValue const& file, std::string_view table, std::string_view name, std::string_view value)
{
    std::vector<std::string> found;
    Lines const lines = split(toml, '\n');
    std::string_view const end = !lines.empty() && lines.front().ends_with('\r') ? "\r" : "";
    std::string const line = fmt::format("{} = {}{}", name, value, end);
    std::size_t number = 0;
    TomlValue const* const section = member_of(file, table);
    if (section && member_of(*section, name, &number) && number >= 1 && number <= lines.size()) {
        Lines changed = lines;
        if (auto const fresh = with_value(lines[number - 1], value)) {
            changed[number - 1] = *fresh;
            found.push_back(joined(changed));
        }
        return found;
    }
    std::string const header = fmt::format("[{}]", table);
    if (auto const at = line_of_header(lines, header)) {
        Lines changed = lines;
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(place_in_section(lines, *at, name)), line);
        found.push_back(joined(changed));
    }
    // The header is there, switched off: as `backtalk init` writes it.
    auto const off = std::ranges::find_if(lines, [&](std::string_view each) { return trimmed(each) == "#" + header; });
    if (off != lines.end()) {
        Lines changed = lines;
        auto const at = static_cast<std::size_t>(off - lines.begin());
        changed[at].remove_prefix(changed[at].find('#') + 1);
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(place_in_section(lines, at, name)), line);
        found.push_back(joined(changed));
    }
    std::string_view const gap = toml.empty() || toml.ends_with('\n') ? "" : "\n";
    found.push_back(fmt::format("{}{}{}\n{}{}\n{}\n", toml, gap, end, header, end, line));
    return found;
}

}  // namespace

std::string toml_text(TomlValue const& value)
{
    switch (value.kind) {
    case TomlValue::Kind::Integer: return std::to_string(value.integer);
    case TomlValue::Kind::Text: return fmt::format("\"{}\"", json_escaped(value.text));
    case TomlValue::Kind::Other: return value.shown;
    case TomlValue::Kind::List:
    case TomlValue::Kind::Table: break;
    }
    // No deeper than settings_toml.cpp reads.
    bool const is_list = value.kind == TomlValue::Kind::List;
    std::string inside;
    for (TomlValue::Member const& each : value.members)
        inside += fmt::format(
            "{}{}{}", inside.empty() ? "" : ", ", is_list ? "" : fmt::format("\"{}\" = ", json_escaped(each.key)), toml_text(each.value));
    return is_list ? fmt::format("[{}]", inside) : inside.empty() ? "{}" : fmt::format("{{ {} }}", inside);
}

std::map<std::string, std::string> set_keys(TomlValue const& file)
{
    std::map<std::string, std::string> keys;
    for (TomlValue::Member const& table : file.members) {
        if (table.value.kind != TomlValue::Kind::Table)
            keys[table.key] = toml_text(table.value);
        for (TomlValue::Member const& each : table.value.members)
            if (table.value.kind == TomlValue::Kind::Table)
                keys[table.key + "." + each.key] = toml_text(each.value);
    }
    return keys;
}

Result<std::string> with_setting(
    std::string_view toml, std::string_view file_name, std::string_view table, std::string_view name, std::string_view value)
{
    TRY(TomlValue const before, read_toml_settings(toml, file_name));
    auto wanted = set_keys(before);
    wanted[fmt::format("{}.{}", table, name)] = value;
    for (std::string& draft : drafts(toml, before, table, name, value)) {
        auto const after = read_toml_settings(draft, file_name);
        if (after && set_keys(*after) == wanted)
            return std::move(draft);
    }
    return failure(ErrorCode::Conflict,
        fmt::format("{} is written in a way that no single line of it can be changed: set {}.{} there yourself", file_name, table, name));
}

}  // namespace backtalk
