// The only file of this room that includes toml++, as a compiled library.
#include "cli/settings_toml.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#ifndef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 0
#endif
#include <toml++/toml.h>

#include "base/text.h"

namespace backtalk {

namespace {

constexpr std::size_t file_bytes_max = 1u << 20;
constexpr std::size_t bare_dots_max = 1000;
constexpr int depth_max = 4;
constexpr std::size_t shown_max = 80;

/// The position behind the string that starts with a quote at `position`.
std::size_t end_of_string(std::string_view toml, std::size_t position)
{
    char const quote = toml[position];
    bool const is_long = toml.substr(position, 3) == std::string(3, quote);
    position += is_long ? 3 : 1;
    for (; position < toml.size(); ++position) {
        char const c = toml[position];
        if (c == '\\' && quote == '"')
            ++position;
        else if (c == '\n' && !is_long)
            return position;
        else if (c == quote && !is_long)
            return position + 1;
        else if (c == quote && toml.substr(position, 3) == std::string(3, quote)) {
            // The last two quotes of five belong to the string.
            for (position += 3; position < toml.size() && toml[position] == quote;)
                ++position;
            return position;
        }
    }
    return toml.size();
}

/// Each dot outside strings and comments can open a table inside a table, and toml++ frees nested tables by recursion.
std::size_t bare_dots(std::string_view toml)
{
    std::size_t dots = 0;
    for (std::size_t position = 0; position < toml.size();) {
        char const c = toml[position];
        if (c == '"' || c == '\'') {
            position = end_of_string(toml, position);
        } else if (c == '#') {
            position = std::min(toml.find('\n', position), toml.size());
        } else {
            dots += c == '.' ? 1 : 0;
            ++position;
        }
    }
    return dots;
}

std::string one_line(std::string_view text) { return folded_space(without_controls(repaired_utf8(text))); }

TomlValue value_of(toml::node const& node, int depth)
{
    TomlValue value;
    value.line = node.source().begin.line;
    if (auto const* text = node.as_string()) {
        value.kind = TomlValue::Kind::Text;
        value.text = text->get();
        value.shown = quoted_for_message(value.text);
    } else if (auto const* integer = node.as_integer()) {
        value.kind = TomlValue::Kind::Integer;
        value.integer = integer->get();
        value.shown = fmt::format("{}", value.integer);
    } else if (auto const* number = node.as_floating_point()) {
        value.shown = fmt::format("the decimal number {}", number->get());
    } else if (auto const* truth = node.as_boolean()) {
        value.shown = truth->get() ? "true" : "false";
    } else if (auto const* list = node.as_array()) {
        value.shown = list->empty() ? "an empty list" : "a list";
        if (depth < depth_max) {
            value.kind = TomlValue::Kind::List;
            for (toml::node const& each : *list)
                value.members.push_back({{}, each.source().begin.line, value_of(each, depth + 1)});
        }
    } else if (auto const* table = node.as_table()) {
        value.shown = "a table";
        if (depth < depth_max) {
            value.kind = TomlValue::Kind::Table;
            for (auto const& [key, each] : *table)
                value.members.push_back({std::string(key.str()), key.source().begin.line, value_of(each, depth + 1)});
            // toml++ orders by key.
            std::stable_sort(value.members.begin(), value.members.end(), [](auto const& a, auto const& b) { return a.line < b.line; });
        }
    } else {
        value.shown = "a date or time";
    }
    return value;
}

}  // namespace

std::string quoted_for_message(std::string_view text)
{
    bool const whole = text.size() <= shown_max;
    return fmt::format("\"{}{}\"", json_escaped(text.substr(0, shown_max)), whole ? "" : "…");
}

Result<TomlValue> read_toml_settings(std::string_view toml, std::string_view file_name)
{
    if (toml.size() > file_bytes_max)
        return failure(ErrorCode::TooLarge, fmt::format("{}: a file of settings has at most {} bytes", file_name, file_bytes_max));
    if (bare_dots(toml) > bare_dots_max)
        return failure(ErrorCode::Malformed, fmt::format("{}: more than {} dots outside strings", file_name, bare_dots_max));
    try {
        toml::table const table = toml::parse(toml);
        return value_of(table, 0);
    } catch (toml::parse_error const& error) {
        return failure(ErrorCode::Malformed,
            fmt::format("{}:{}: this is not TOML: {}", file_name, error.source().begin.line, one_line(error.description())));
    } catch (std::exception const& error) {
        return failure(ErrorCode::Malformed, fmt::format("{}: this is not TOML: {}", file_name, one_line(error.what())));
    }
}

}  // namespace backtalk
