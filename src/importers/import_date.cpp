#include "importers/import_date.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::importers {

namespace {

constexpr std::size_t date_bytes_max = 80;

struct NamedZone {
    std::string_view name;
    int hours;
};
// Only names that mean one thing to the people who wrote weblogs; "IST" or "BST" in Dhaka are left alone.
constexpr std::array<NamedZone, 17> named_zones = {{{"Z", 0}, {"UT", 0}, {"UTC", 0}, {"GMT", 0}, {"EST", -5}, {"EDT", -4}, {"CST", -6},
    {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}, {"CET", 1}, {"CEST", 2}, {"EET", 2}, {"EEST", 3}, {"JST", 9}}};

std::optional<int> month_of(std::string_view word)
{
    if (word.size() < 3)
        return std::nullopt;
    for (int month = 1; month <= 12; ++month)
        if (starts_with_ignoring_case(month_name(month), word) || equal_ignoring_case(word, "sept"))
            return equal_ignoring_case(word, "sept") ? 9 : month;
    return std::nullopt;
}

bool is_weekday(std::string_view word)
{
    static constexpr std::array<std::string_view, 7> names = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    return word.size() >= 3 &&
        std::any_of(names.begin(), names.end(), [&](std::string_view name) { return starts_with_ignoring_case(name, word); });
}

class DateReader {
public:
    explicit DateReader(std::string_view text) : rest_(text) { }

    std::optional<ReadDate> read()
    {
        if (is_weekday(peek_word())) {
            take_word();
            skip(" ,.");
        }
        if (!read_day())
            return std::nullopt;
        if (!clock_done_)
            read_clock();
        skip(" ,");
        if (year_after_clock_) {
            auto const year = number(2, 4);
            if (!year)
                return std::nullopt;
            take_year(*year);
        }
        read_zone();
        if (!trimmed(rest_).empty())
            remark("what follows it was ignored");
        CivilTime day = date_.time;
        day.hour = day.minute = day.second = 0;
        if (date_.time.year < 1 || !to_instant(day))
            return std::nullopt;
        if (!to_instant(date_.time)) {
            date_.time = day;
            remark("no clock shows that time, midnight was taken");
        }
        return ReadDate{date_, std::move(remarks_)};
    }

private:
    /// Its digits, so many at least and at most; nothing is taken if there are more or fewer.
    std::optional<int> number(std::size_t digits_min, std::size_t digits_max)
    {
        std::size_t length = 0;
        while (length < rest_.size() && is_ascii_digit(rest_[length]))
            ++length;
        if (length < digits_min || length > digits_max)
            return std::nullopt;
        auto const value = parse_integer<int>(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return value;
    }
    std::string_view peek_word() const
    {
        std::size_t length = 0;
        while (length < rest_.size() && is_ascii_alpha(rest_[length]))
            ++length;
        return rest_.substr(0, length);
    }
    std::string_view take_word()
    {
        auto const word = peek_word();
        rest_.remove_prefix(word.size());
        return word;
    }
    bool take(char c)
    {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::size_t skip(std::string_view characters)
    {
        std::size_t const length = std::min(rest_.find_first_not_of(characters), rest_.size());
        rest_.remove_prefix(length);
        return length;
    }
    void remark(std::string_view what)
    {
        if (!remarks_.empty())
            remarks_ += ", ";
        remarks_ += what;
    }

    void take_year(int year)
    {
        date_.time.year = year < 70 ? year + 2000 : year < 1000 ? year + 1900 : year;
        if (year < 100)
            remark("the year has two digits");
        else if (year < 1000)
            remark("the year counts from 1900");
    }
    bool take_date(std::optional<int> year, std::optional<int> month, std::optional<int> day)
    {
        if (!year || !month || !day)
            return false;
        take_year(*year);
        date_.time.month = *month;
        date_.time.day = *day;
        return true;
    }

    bool read_day()
    {
        if (!peek_word().empty())
            return read_month_day();
        if (auto const whole = number(8, 8)) {
            remark("it is an ISO date");
            return take_date(*whole / 10000, *whole / 100 % 100, *whole % 100);
        }
        if (auto const year = number(4, 4))
            return read_year_first(*year);
        auto const first = number(1, 2);
        if (!first)
            return false;
        if (take('/'))
            return read_american(*first, '/');
        if (take('-')) {
            if (peek_word().empty())
                return read_american(*first, '-');
            return read_day_month(*first);
        }
        if (take('.') && !rest_.empty() && is_ascii_digit(rest_.front())) {
            auto const month = number(1, 2);
            remark("it has the day first");
            return take('.') && take_date(number(2, 4), month, *first);
        }
        return read_day_month(*first);
    }
    bool read_year_first(int year)
    {
        char const separator = rest_.empty() ? '\0' : rest_.front();
        if (separator != '-' && separator != '/' && separator != '.')
            return false;
        take(separator);
        auto const month = number(1, 2);
        remark("it has the year first");
        return take(separator) && take_date(year, month, number(1, 2));
    }
    bool read_american(int month, char separator)
    {
        if (separator != '/')
            remark("it has no slashes");
        auto const day = number(1, 2);
        return take(separator) && take_date(number(2, 4), month, day);
    }
    /// "March 8, 2007", "Mar. 8th 2007", and with the clock before the year "Mar  8 06:41:11 2007".
    bool read_month_day()
    {
        auto const month = month_of(take_word());
        skip(" .,");
        auto const day = number(1, 2);
        if (!month || !day)
            return false;
        remark("the month is a name");
        skip_ordinal();
        skip(" ,");
        if (rest_.size() > 2 && (rest_[1] == ':' || rest_[2] == ':')) {
            date_.time.month = *month;
            date_.time.day = *day;
            read_clock();
            return year_after_clock_ = clock_done_ = true;
        }
        return take_date(number(2, 4), month, day);
    }
    /// "8 March 2007", "8-Mar-2007", "8. March 2007".
    bool read_day_month(int day)
    {
        skip_ordinal();
        skip(" .-");
        auto const month = month_of(take_word());
        skip(" .,-");
        remark("the month is a name");
        return take_date(number(2, 4), month, day);
    }
    void skip_ordinal()
    {
        auto const word = peek_word();
        if (word == "st" || word == "nd" || word == "rd" || word == "th")
            take_word();
    }

    void read_clock()
    {
        std::size_t const blanks = skip(" ");
        std::size_t const others = skip(",");
        auto const word = peek_word();
        bool const iso = word == "T" || word == "t";
        if (iso || equal_ignoring_case(word, "at"))
            take_word();
        if (blanks > 1 || others > 0 || (blanks == 1 && !word.empty()))
            remark("more than a blank stands before the time");
        skip(" ");
        auto const hour = number(1, 2);
        if (!hour) {
            remark("it has no time, midnight was taken");
            return;
        }
        date_.time.hour = *hour;
        if (take(':')) {
            date_.time.minute = number(1, 2).value_or(99);
            if (take(':')) {
                date_.time.second = number(1, 2).value_or(99);
                if (take('.') || take(','))
                    number(1, 9);
            } else {
                remark("it has no seconds");
            }
        } else {
            remark("it has no minutes");
        }
        read_half_of_day();
    }
    /// 12 AM is 0, and 15:00 PM stays what it is.
    void read_half_of_day()
    {
        std::string_view const before = rest_;
        skip(" ");
        if (rest_.empty())
            return;
        char const half = to_ascii_lower(rest_.front());
        if (half != 'a' && half != 'p') {
            rest_ = before;
            return;
        }
        std::string_view const as_written = rest_;
        rest_.remove_prefix(1);
        take('.');
        if ((!take('m') && !take('M')) || !peek_word().empty()) {
            rest_ = before;
            return;
        }
        take('.');
        std::string_view const written = as_written.substr(0, as_written.size() - rest_.size());
        if (written != "AM" && written != "PM")
            remark(fmt::format("\"{}\" stands for {}", written, half == 'p' ? "PM" : "AM"));
        if (half == 'p' && date_.time.hour < 12)
            date_.time.hour += 12;
        else if (half == 'a' && date_.time.hour == 12)
            date_.time.hour = 0;
    }

    void read_zone()
    {
        skip(" ");
        if (rest_.empty())
            return;
        std::string_view const before = rest_;
        if (auto const name = take_word(); !name.empty()) {
            for (NamedZone const& zone : named_zones) {
                if (equal_ignoring_case(zone.name, name))
                    date_.offset = std::chrono::hours(zone.hours);
            }
            if (date_.offset && (rest_.empty() || (rest_.front() != '+' && rest_.front() != '-'))) {
                remark("it names its zone");
                return;
            }
            if (!date_.offset) {
                remark("its zone is not known, local time was taken");
                rest_ = {};
                return;
            }
        }
        read_numeric_zone(before);
    }
    void read_numeric_zone(std::string_view before)
    {
        bool const behind = take('-');
        bool const ahead = !behind && take('+');
        std::optional<int> hours;
        int minutes = 0;
        if (auto const both = number(4, 4)) {
            hours = *both / 100;
            minutes = *both % 100;
        } else {
            hours = number(1, 2);
            if (take(':'))
                minutes = number(2, 2).value_or(99);
        }
        if ((!behind && !ahead) || !hours || *hours > 14 || minutes > 59) {
            rest_ = before;
            date_.offset.reset();
            return;
        }
        int const total = *hours * 60 + minutes;
        date_.offset = std::chrono::minutes(behind ? -total : total);
        remark("it names its zone");
    }

    std::string_view rest_;
    ImportDate date_;
    std::string remarks_;
    bool clock_done_ = false;
    bool year_after_clock_ = false;
};

}  // namespace

std::optional<ReadDate> read_import_date(std::string_view text)
{
    text = trimmed(text);
    if (text.empty() || text.size() > date_bytes_max)
        return std::nullopt;
    return DateReader(text).read();
}

}  // namespace backtalk::importers
