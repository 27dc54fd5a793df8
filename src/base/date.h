#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace backtalk {

/// A point in time, UTC, whole seconds since 1970.
using Instant = std::chrono::sys_seconds;

/// A date and time as a wall clock in some time zone shows it.
struct CivilTime {
    int year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;

    bool operator==(CivilTime const&) const = default;
};

/// What a clock `offset` ahead of UTC shows at `instant`.
CivilTime civil_time(Instant instant, std::chrono::minutes offset = {});
/// Nothing if a part is out of its range (13th month, 30 February, 24 o'clock).
std::optional<Instant> to_instant(CivilTime const& time, std::chrono::minutes offset = {});

std::string rfc3339(Instant instant, std::chrono::minutes offset = {});      ///< 2007-03-08T06:41:11-05:00, or …Z
std::string http_date(Instant instant);                                      ///< Thu, 08 Mar 2007 11:41:11 GMT (RFC 9110, 5.6.7)
std::string rfc822_date(Instant instant, std::chrono::minutes offset = {});  ///< Thu, 08 Mar 2007 06:41:11 -0500 (RSS 2.0)
std::string long_date(CivilTime const& time);                                ///< March 8, 2007
std::string_view month_name(int month);                                      ///< "March" for 3.

struct ZonedTime {
    Instant instant;
    std::chrono::minutes offset{};
    bool has_zone = true;  ///< False if the text named no zone; then it was read as UTC.
};

/// RFC 3339 and its looser ISO 8601 relatives: a date alone, a blank for "T", no seconds, a fraction, "+0530", no zone.
std::optional<ZonedTime> parse_rfc3339(std::string_view text);
/// The three forms of RFC 9110, 5.6.7, and RFC 822 dates with zones.
std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace backtalk
