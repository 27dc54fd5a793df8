#include "weblog/front_matter_values.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "weblog/slug.h"

namespace backtalk::front_matter {

namespace {

constexpr std::size_t shown_bytes_max = 60;

/// A value in a message: one line, not too long.
std::string shown(std::string_view text) { return cut_at_word(without_controls(text), shown_bytes_max); }

std::unexpected<Error> bad_value(Field const& field, Value const& value, std::string_view is, std::string_view instead)
{
    return failure(
        ErrorCode::Malformed, fmt::format("line {}: {} \"{}\" {}: write {}", value.line, field.key, shown(value.text), is, instead));
}

std::string one_line(std::string_view text) { return folded_space(without_controls(text)); }

/// The value of a key that has one; null if it was given empty.
Result<Value const*> single(Field const& field)
{
    if (field.is_nested)
        return failure(
            ErrorCode::Malformed, fmt::format("line {}: {} holds a table: write {} and one value", field.line, field.key, field.key));
    if (field.values.size() > 1)
        return failure(
            ErrorCode::Malformed, fmt::format("line {}: {} has {} values: keep one", field.line, field.key, field.values.size()));
    return field.values.empty() || trimmed(field.values[0].text).empty() ? nullptr : &field.values[0];
}

Result<std::optional<std::string>> text_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    std::string line = value ? one_line(value->text) : std::string();
    return line.empty() ? std::nullopt : std::optional(std::move(line));
}

/// Lines of an excerpt stay; only blanks at its ends go.
Result<std::optional<std::string>> lines_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    std::string lines = value ? std::string(trimmed(without_controls(value->text))) : std::string();
    return lines.empty() ? std::nullopt : std::optional(std::move(lines));
}

Result<std::optional<ZonedTime>> date_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    if (!value)
        return std::nullopt;
    auto const date = parse_rfc3339(value->text);
    // A leap second at the end of the year 9999 would leave the four digits.
    if (!date || civil_time(date->instant, date->offset).year < 1 || civil_time(date->instant, date->offset).year > 9999)
        return bad_value(field, *value, "is no date", "it as 2007-03-08 or 2007-03-08T06:41:11-05:00");
    return date;
}

Result<std::optional<std::int64_t>> id_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    if (!value)
        return std::nullopt;
    auto const id = parse_integer<std::int64_t>(trimmed(value->text));
    if (!id || *id < 1)
        return bad_value(field, *value, "is no id", "a whole number from 1 up");
    return id;
}

Result<std::optional<std::string>> slug_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    if (!value)
        return std::nullopt;
    std::string_view const slug = trimmed(value->text);
    bool const has_letter = std::any_of(slug.begin(), slug.end(), [](char c) { return is_ascii_alnum(c) || (c & 0x80) != 0; });
    bool const fits = std::all_of(slug.begin(), slug.end(),
        [](char c) { return is_ascii_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~' || (c & 0x80) != 0; });
    // NB: no dot in front, for hidden files of an export, and nothing that ".." could be made of.
    if (!fits || !has_letter || slug.front() == '.' || without_controls(slug) != slug)
        return bad_value(field, *value, "cannot be part of an address", slug_of(value->text));
    return std::string(slug);
}

Result<bool> truth_value(Field const& field, bool otherwise)
{
    TRY(Value const* const value, single(field));
    if (!value)
        return otherwise;
    std::string const word = ascii_lower(trimmed(value->text));
    if (word == "true" || word == "yes" || word == "on")
        return true;
    if (word == "false" || word == "no" || word == "off")
        return false;
    return bad_value(field, *value, "is neither true nor false", "true or false");
}

Result<std::optional<EntryStatus>> status_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    if (!value)
        return std::nullopt;
    auto const status = entry_status_named(ascii_lower(trimmed(value->text)));
    if (!status)
        return bad_value(field, *value, "is no status", "draft, scheduled, published, unlisted or deleted");
    return status;
}

bool is_web_address(std::string_view text)
{
    bool const has_scheme = starts_with_ignoring_case(text, "https://") || starts_with_ignoring_case(text, "http://");
    return has_scheme && text.size() > text.find("//") + 2 && text.find_first_of(" \t\n\"<>") == std::string_view::npos &&
        without_controls(text) == text;
}

Result<std::optional<std::string>> web_address_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    if (!value)
        return std::nullopt;
    std::string_view const address = trimmed(value->text);
    if (!is_web_address(address))
        return bad_value(field, *value, "is no web address", "one that starts with http:// or https://");
    return std::string(address);
}

Result<std::optional<std::string>> permalink_value(Field const& field)
{
    TRY(Value const* const value, single(field));
    if (!value)
        return std::nullopt;
    std::string_view const address = trimmed(value->text);
    bool const is_path = address.starts_with('/') && !address.starts_with("//") &&
        address.find_first_of(" \t\n\"<>\\") == std::string_view::npos && without_controls(address) == address;
    if (!is_path && !is_web_address(address))
        return bad_value(field, *value, "is no permalink", "a path that starts with /, or a whole address with http:// or https://");
    return std::string(address);
}

Result<std::vector<Value>> list_values(Field const& field, char separator)
{
    if (field.is_nested)
        return failure(
            ErrorCode::Malformed, fmt::format("line {}: {} holds more than texts: write {}: [one, two]", field.line, field.key, field.key));
    if (field.is_list)
        return field.values;
    std::vector<Value> parts;
    for (Value const& value : field.values) {
        std::string const text = separator == ' ' ? folded_space(value.text) : value.text;
        for (std::string_view part : split(text, separator))
            parts.push_back({std::string(part), value.line});
    }
    return parts;
}

/// Adds the names that are not there yet.
Result<void> add_names(std::vector<std::string>& names, Field const& field)
{
    TRY(auto values, list_values(field, ','));
    for (Value const& value : values) {
        std::string name = one_line(value.text);
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    return {};
}

Result<std::vector<std::string>> web_addresses_value(Field const& field)
{
    std::vector<std::string> addresses;
    TRY(auto values, list_values(field, ' '));
    for (Value const& value : values) {
        std::string_view const address = trimmed(value.text);
        if (address.empty())
            continue;
        if (!is_web_address(address))
            return bad_value(field, value, "is no web address", "one that starts with http:// or https://");
        addresses.emplace_back(address);
    }
    return addresses;
}

Result<std::optional<std::string>> author_value(Field const& field)
{
    if (!field.is_list)
        return text_value(field);
    std::vector<std::string> names;
    TRY_DONE(add_names(names, field));
    std::string all;
    for (std::string const& name : names)
        all += (all.empty() ? "" : ", ") + name;
    return all.empty() ? std::nullopt : std::optional(std::move(all));
}

std::string normalised_key(std::string_view key)
{
    std::string normalised = ascii_lower(key);
    std::replace(normalised.begin(), normalised.end(), '-', '_');
    return normalised;
}

/// What other programs say in a second place, used where the first is empty.
struct SecondBest {
    std::optional<std::string> excerpt;
    std::optional<EntryStatus> status;
};

Result<void> read_field(FrontMatter& into, SecondBest& second, std::string_view key, Field const& field)
{
    if (key == "title") {
        TRY(into.title, text_value(field));
    } else if (key == "date") {
        TRY(into.date, date_value(field));
    } else if (key == "slug") {
        TRY(into.slug, slug_value(field));
    } else if (key == "categories" || key == "category") {
        TRY_DONE(add_names(into.categories, field));
    } else if (key == "tags" || key == "tag") {
        TRY_DONE(add_names(into.tags, field));
    } else if (key == "status") {
        TRY(into.status, status_value(field));
    } else if (key == "excerpt") {
        TRY(into.excerpt, lines_value(field));
    } else if (key == "author") {
        TRY(into.author, author_value(field));
    } else if (key == "id") {
        TRY(into.id, id_value(field));
    } else if (key == "trackback_id") {
        TRY(into.trackback_id, id_value(field));
    } else if (key == "permalink") {
        TRY(into.permalink, permalink_value(field));
    } else if (key == "trackbacks") {
        TRY(into.trackbacks, web_addresses_value(field));
    } else if (key == "in_reply_to") {
        TRY(into.in_reply_to, web_address_value(field));
    } else if (key == "draft") {
        TRY(bool const is_draft, truth_value(field, false));
        if (is_draft)
            second.status = EntryStatus::Draft;
    } else if (key == "published") {
        TRY(bool const is_published, truth_value(field, true));
        if (!is_published)
            second.status = EntryStatus::Draft;
    } else if (key == "description" || key == "summary") {
        TRY(auto excerpt, lines_value(field));
        if (!second.excerpt)
            second.excerpt = std::move(excerpt);
    } else if (key != "lastmod") {
        into.unknown_keys.push_back(one_line(field.key));
    }
    return {};
}

}  // namespace

Result<FrontMatter> from_fields(std::vector<Field> const& fields)
{
    FrontMatter front_matter;
    SecondBest second;
    std::map<std::string, std::size_t, std::less<>> line_of_key;
    for (Field const& field : fields) {
        std::string const key = normalised_key(field.key);
        auto const [known, is_new] = line_of_key.emplace(key, field.line);
        if (!is_new)
            return failure(ErrorCode::Malformed,
                fmt::format("line {}: {} stands here and in line {}: keep one", field.line, shown(field.key), known->second));
        TRY_DONE(read_field(front_matter, second, key, field));
    }
    if (!front_matter.excerpt)
        front_matter.excerpt = std::move(second.excerpt);
    if (!front_matter.status)
        front_matter.status = second.status;
    return front_matter;
}

}  // namespace backtalk::front_matter
