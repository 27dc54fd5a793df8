#include "markup/microformats_dates.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace backtalk::markup {

namespace {

std::size_t digits_at(std::string_view text, std::size_t position)
{
    std::size_t count = 0;
    while (position + count < text.size() && is_ascii_digit(text[position + count]))
        ++count;
    return count;
}

/// The whole text is "Z", "+02", "+0200" or "+02:00".
bool is_zone(std::string_view text)
{
    if (text == "Z" || text == "z")
        return true;
    if (text.size() < 3 || (text[0] != '+' && text[0] != '-'))
        return false;
    std::size_t const hours = digits_at(text, 1);
    if (hours == 4 || hours == 2)
        return text.size() == hours + 1 || (hours == 2 && text.size() == 6 && text[3] == ':' && digits_at(text, 4) == 2);
    return false;
}

/// "+02:00" as "+0200".
/// NB: the public suite keeps the colon of a zero offset, so we do.
std::string written_zone(std::string_view zone)
{
    if (zone == "+00:00" || zone == "-00:00")
        return std::string(zone);
    return replaced_all(zone, ":", "");
}

struct Time {
    std::string time;  ///< "19:30" or "19:30:00", of 24 hours.
    std::string zone;  ///< As written; may be empty.
};

/// "a.m.", "PM" … at the position: 'a' or 'p', and its length.
struct HalfDay {
    char letter = 0;
    std::size_t size = 0;
};

HalfDay half_day_at(std::string_view text)
{
    if (text.empty())
        return {};
    char const letter = to_ascii_lower(text[0]);
    if (letter != 'a' && letter != 'p')
        return {};
    if (text.size() >= 4 && text[1] == '.' && to_ascii_lower(text[2]) == 'm' && text[3] == '.')
        return {letter, 4};
    if (text.size() >= 2 && to_ascii_lower(text[1]) == 'm')
        return {letter, 2};
    return {};
}

/// The whole text is a time: "19:30", "7pm", "7:30:00 p.m.", "19:30:00.5-06:00".
std::optional<Time> parse_time(std::string_view text)
{
    std::size_t const hour_digits = digits_at(text, 0);
    if (hour_digits == 0 || hour_digits > 2)
        return std::nullopt;
    int hour = *parse_integer<int>(text.substr(0, hour_digits));
    std::size_t i = hour_digits;
    std::string rest;  // Minutes and seconds.
    if (i < text.size() && text[i] == ':') {
        if (digits_at(text, i + 1) != 2)
            return std::nullopt;
        rest = text.substr(i, 3);
        i += 3;
        if (i < text.size() && text[i] == ':' && digits_at(text, i + 1) == 2) {
            rest += text.substr(i, 3);
            i += 3;
            if (i < text.size() && text[i] == '.' && digits_at(text, i + 1) > 0) {
                std::size_t const fraction = 1 + digits_at(text, i + 1);
                rest += text.substr(i, fraction);
                i += fraction;
            }
        }
    }
    std::size_t const blanks = i < text.size() && text[i] == ' ' ? 1 : 0;
    HalfDay const half_day = half_day_at(text.substr(i + blanks));
    if (half_day.letter != 0) {
        i += blanks + half_day.size;
        if (hour > 12)
            return std::nullopt;
        hour = hour % 12 + (half_day.letter == 'p' ? 12 : 0);
    } else if (rest.empty()) {
        return std::nullopt;
    }
    std::string_view const zone = trimmed(text.substr(i));
    if (hour > 24 || (!zone.empty() && !is_zone(zone)))
        return std::nullopt;
    if (rest.empty())
        rest = ":00";
    return Time{(hour < 10 ? "0" : "") + std::to_string(hour) + rest, std::string(zone)};
}

}  // namespace

std::string_view date_at_start(std::string_view text)
{
    if (digits_at(text, 0) != 4 || text.size() < 8 || text[4] != '-')
        return {};
    std::size_t const second = digits_at(text, 5);
    if (second == 3)
        return text.substr(0, 8);
    if (second == 2 && text.size() >= 10 && text[7] == '-' && digits_at(text, 8) == 2)
        return text.substr(0, 10);
    return {};
}

void MfDateJoiner::add(std::string_view value)
{
    value = trimmed(value);
    if (value.size() > 64 || !whole_.empty())
        return;
    std::string_view const date = date_at_start(value);
    if (!date.empty()) {
        std::string_view const rest = value.substr(date.size());
        bool const has_time = !rest.empty() && (rest[0] == 'T' || rest[0] == 't' || rest[0] == ' ') && parse_time(trimmed(rest.substr(1)));
        if (has_time && date_.empty() && time_.empty())
            whole_ = value;
        else if (rest.empty() && date_.empty())
            date_ = date;
        return;
    }
    if (std::optional<Time> time = parse_time(value)) {
        if (!time_.empty())
            return;
        time_ = std::move(time->time);
        if (zone_.empty())
            zone_ = std::move(time->zone);
    } else if (is_zone(value) && zone_.empty()) {
        zone_ = value;
    }
}

std::optional<std::string> MfDateJoiner::joined(std::string_view date_before) const
{
    if (!whole_.empty())
        return whole_;
    if (time_.empty() && date_.empty())
        return std::nullopt;
    if (time_.empty())
        return date_;
    std::string result(date_.empty() ? date_before : std::string_view(date_));
    if (!result.empty())
        result += ' ';
    return result + time_ + written_zone(zone_);
}

}  // namespace backtalk::markup
