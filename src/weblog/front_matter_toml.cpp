// The only file of this room that includes toml++, as a compiled library (TOML_HEADER_ONLY 0 comes from its package).
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "weblog/front_matter_fields.h"

namespace backtalk::front_matter {

namespace {

std::string date_text(toml::date const& date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

std::string date_time_text(toml::date_time const& moment)
{
    std::string text =
        fmt::format("{}T{:02}:{:02}:{:02}", date_text(moment.date), moment.time.hour, moment.time.minute, moment.time.second);
    if (moment.offset) {
        int const minutes = moment.offset->minutes;
        text += fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
    }
    return text;
}

/// Nothing for tables and arrays.
std::optional<std::string> text_of(toml::node const& node)
{
    if (auto const* text = node.as_string())
        return text->get();
    if (auto const* number = node.as_integer())
        return fmt::format("{}", number->get());
    if (auto const* number = node.as_floating_point())
        return fmt::format("{}", number->get());
    if (auto const* truth = node.as_boolean())
        return truth->get() ? "true" : "false";
    if (auto const* date = node.as_date())
        return date_text(date->get());
    if (auto const* moment = node.as_date_time())
        return date_time_text(moment->get());
    if (auto const* time = node.as_time())
        return fmt::format("{:02}:{:02}:{:02}", time->get().hour, time->get().minute, time->get().second);
    return std::nullopt;
}

Field field_of(std::string_view key, toml::node const& node, std::size_t lines_before)
{
    auto const line = [&](toml::node const& each) { return lines_before + each.source().begin.line; };
    Field field{std::string(key), line(node), false, false, {}};
    if (auto text = text_of(node)) {
        field.values.push_back({std::move(*text), field.line});
    } else if (auto const* list = node.as_array()) {
        field.is_list = true;
        for (toml::node const& each : *list) {
            if (auto each_text = text_of(each))
                field.values.push_back({std::move(*each_text), line(each)});
            else
                field.is_nested = true;
        }
    } else {
        field.is_nested = true;
    }
    return field;
}

}  // namespace

Result<std::vector<Field>> read_toml(std::string_view text, std::size_t first_line)
{
    std::size_t const lines_before = first_line - 1;
    try {
        toml::table const table = toml::parse(text);
        std::vector<Field> fields;
        for (auto const& [key, node] : table)
            fields.push_back(field_of(key.str(), node, lines_before));
        std::sort(
            fields.begin(), fields.end(), [](Field const& a, Field const& b) { return std::tie(a.line, a.key) < std::tie(b.line, b.key); });
        return fields;
    } catch (toml::parse_error const& error) {
        return failure(ErrorCode::Malformed,
            fmt::format("line {}: this is not TOML: {}", lines_before + error.source().begin.line, error.description()));
    } catch (std::exception const& error) {
        return failure(ErrorCode::Malformed, fmt::format("line {}: this is not TOML ({})", first_line, error.what()));
    }
}

}  // namespace backtalk::front_matter
