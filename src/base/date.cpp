#include "base/date.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk {

namespace {

constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::string_view weekday(Instant instant)
{
    return weekdays[std::chrono::weekday(std::chrono::floor<std::chrono::days>(instant)).c_encoding()];
}

/// Takes numbers and signs off the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) { }

    std::optional<int> number(std::size_t digits_min, std::size_t digits_max)
    {
        std::size_t length = 0;
        while (length < digits_max && length < rest_.size() && is_ascii_digit(rest_[length]))
            ++length;
        if (length < digits_min)
            return std::nullopt;
        auto const value = parse_integer<int>(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return value;
    }
    bool take(char c)
    {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::string_view word()
    {
        while (!rest_.empty() && (is_ascii_space(rest_.front()) || rest_.front() == ',' || rest_.front() == '-'))
            rest_.remove_prefix(1);
        std::size_t length = 0;
        while (length < rest_.size() && is_ascii_alpha(rest_[length]))
            ++length;
        std::string_view const found = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return found;
    }
    void skip_space()
    {
        while (!rest_.empty() && (is_ascii_space(rest_.front()) || rest_.front() == '-'))
            rest_.remove_prefix(1);
    }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

std::optional<int> month_number(std::string_view name)
{
    for (std::size_t i = 0; i < months.size(); ++i)
        if (name.size() >= 3 && equal_ignoring_case(name.substr(0, 3), months[i].substr(0, 3)))
            return static_cast<int>(i) + 1;
    return std::nullopt;
}

/// "+05:30", "-0500", "+05".
std::optional<std::chrono::minutes> read_offset(Reader& reader)
{
    bool const behind = reader.take('-');
    if (!behind && !reader.take('+'))
        return std::nullopt;
    auto const hours = reader.number(2, 2);
    reader.take(':');
    auto const minutes = reader.number(2, 2);
    if (!hours || *hours > 23 || (minutes && *minutes > 59))
        return std::nullopt;
    int const total = *hours * 60 + minutes.value_or(0);
    return std::chrono::minutes(behind ? -total : total);
}

bool read_clock(Reader& reader, CivilTime& time)
{
    auto const hour = reader.number(1, 2);
    if (!hour || !reader.take(':'))
        return false;
    auto const minute = reader.number(2, 2);
    if (!minute)
        return false;
    time.hour = *hour;
    time.minute = *minute;
    if (reader.take(':')) {
        auto const second = reader.number(2, 2);
        if (!second)
            return false;
        time.second = *second;
    }
    return true;
}

std::string offset_text(std::chrono::minutes offset, std::string_view separator)
{
    auto const total = offset.count() < 0 ? -offset.count() : offset.count();
    return fmt::format("{}{:02}{}{:02}", offset.count() < 0 ? '-' : '+', total / 60, separator, total % 60);
}

}  // namespace

CivilTime civil_time(Instant instant, std::chrono::minutes offset)
{
    auto const shifted = instant + offset;
    auto const day = std::chrono::floor<std::chrono::days>(shifted);
    std::chrono::year_month_day const date(day);
    auto const seconds = (shifted - day).count();
    CivilTime time;
    time.year = static_cast<int>(date.year());
    time.month = static_cast<int>(static_cast<unsigned>(date.month()));
    time.day = static_cast<int>(static_cast<unsigned>(date.day()));
    time.hour = static_cast<int>(seconds / 3600);
    time.minute = static_cast<int>(seconds / 60 % 60);
    time.second = static_cast<int>(seconds % 60);
    return time;
}

std::optional<Instant> to_instant(CivilTime const& time, std::chrono::minutes offset)
{
    std::chrono::year_month_day const date(std::chrono::year(time.year), std::chrono::month(static_cast<unsigned>(time.month)),
        std::chrono::day(static_cast<unsigned>(time.day)));
    if (time.month < 1 || time.day < 1 || !date.ok() || time.hour < 0 || time.hour > 23 || time.minute < 0 || time.minute > 59 ||
        time.second < 0 || time.second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) +
        std::chrono::seconds(time.second) - offset;
}

std::string rfc3339(Instant instant, std::chrono::minutes offset)
{
    CivilTime const t = civil_time(instant, offset);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", t.year, t.month, t.day, t.hour, t.minute, t.second,
        offset.count() == 0 ? "Z" : offset_text(offset, ":"));
}

std::string http_date(Instant instant)
{
    CivilTime const t = civil_time(instant);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekday(instant), t.day,
        months[static_cast<std::size_t>(t.month) - 1].substr(0, 3), t.year, t.hour, t.minute, t.second);
}

std::string rfc822_date(Instant instant, std::chrono::minutes offset)
{
    CivilTime const t = civil_time(instant, offset);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} {}", weekday(instant + offset), t.day,
        months[static_cast<std::size_t>(t.month) - 1].substr(0, 3), t.year, t.hour, t.minute, t.second, offset_text(offset, ""));
}

std::string long_date(CivilTime const& time) { return fmt::format("{} {}, {}", month_name(time.month), time.day, time.year); }

std::string_view month_name(int month) { return months[static_cast<std::size_t>(month) - 1]; }

std::optional<ZonedTime> parse_rfc3339(std::string_view text)
{
    Reader reader(trimmed(text));
    CivilTime time;
    auto const year = reader.number(4, 4);
    if (!year || !reader.take('-'))
        return std::nullopt;
    auto const month = reader.number(1, 2);
    if (!month || !reader.take('-'))
        return std::nullopt;
    auto const day = reader.number(1, 2);
    if (!day)
        return std::nullopt;
    time.year = *year;
    time.month = *month;
    time.day = *day;
    ZonedTime zoned;
    zoned.has_zone = false;
    if (reader.take('T') || reader.take('t') || reader.take(' ')) {
        reader.skip_space();
        if (!read_clock(reader, time))
            return std::nullopt;
        if (reader.take('.'))
            reader.number(1, 9);
        while (reader.take(' ')) { }
        if (reader.take('Z') || reader.take('z')) {
            zoned.has_zone = true;
        } else if (!reader.rest().empty()) {
            auto const offset = read_offset(reader);
            if (!offset)
                return std::nullopt;
            zoned.offset = *offset;
            zoned.has_zone = true;
        }
    }
    auto const instant = to_instant(time, zoned.offset);
    if (!instant || !reader.rest().empty())
        return std::nullopt;
    zoned.instant = *instant;
    return zoned;
}

std::optional<Instant> parse_http_date(std::string_view text)
{
    Reader reader(trimmed(text));
    CivilTime time;
    reader.word();  // the weekday
    reader.take(',');
    reader.skip_space();
    bool const asctime = !reader.rest().empty() && is_ascii_alpha(reader.rest().front());
    std::optional<int> day;
    std::optional<int> month;
    if (asctime) {
        month = month_number(reader.word());
        reader.skip_space();
        day = reader.number(1, 2);
        reader.skip_space();
        if (!read_clock(reader, time))
            return std::nullopt;
        reader.skip_space();
    } else {
        day = reader.number(1, 2);
        month = month_number(reader.word());
        reader.skip_space();
    }
    auto year = reader.number(2, 4);
    if (!day || !month || !year)
        return std::nullopt;
    if (*year < 100)
        *year += *year < 70 ? 2000 : 1900;
    std::chrono::minutes offset{};
    if (!asctime) {
        reader.skip_space();
        if (!read_clock(reader, time))
            return std::nullopt;
        while (reader.take(' ')) { }
        if (auto const zone = read_offset(reader))
            offset = *zone;
    }
    time.year = *year;
    time.month = *month;
    time.day = *day;
    return to_instant(time, offset);
}

}  // namespace backtalk
