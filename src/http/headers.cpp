#include "http/headers.h"

#include <algorithm>

#include "base/text.h"
#include "http/character_class.h"

namespace backtalk::http {

namespace {

std::string safe_value(std::string_view value)
{
    std::string safe(value);
    for (char& c : safe)
        if (c == '\r' || c == '\n' || c == '\0')
            c = ' ';
    return safe;
}

}  // namespace

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

std::optional<std::string_view> Headers::get(std::string_view name) const
{
    for (Header const& line : lines_)
        if (equal_ignoring_case(line.name, name))
            return line.value;
    return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const
{
    std::vector<std::string_view> values;
    for (Header const& line : lines_)
        if (equal_ignoring_case(line.name, name))
            values.push_back(line.value);
    return values;
}

void Headers::add(std::string_view name, std::string_view value)
{
    if (is_token(name))
        lines_.emplace_back(std::string(name), safe_value(value));
}

void Headers::set(std::string_view name, std::string_view value)
{
    remove(name);
    add(name, value);
}

void Headers::remove(std::string_view name)
{
    std::erase_if(lines_, [name](Header const& line) { return equal_ignoring_case(line.name, name); });
}

void Headers::append_to(std::string& out) const
{
    for (Header const& line : lines_) {
        out += line.name;
        out += ": ";
        out += line.value;
        out += "\r\n";
    }
}

}  // namespace backtalk::http
