#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"

namespace backtalk::importers {

/// A date as an export gives it. Exports are in the weblog's local time and name no zone; a few writers add one.
struct ImportDate {
    CivilTime time;                                ///< Always a time that a calendar and a clock can show.
    std::optional<std::chrono::minutes> offset{};  ///< Ahead of UTC, if the text named a zone that we know.
    std::size_t line = 0;                          ///< Where it stands in the file.

    bool operator==(ImportDate const&) const = default;
};

struct ReadDate {
    ImportDate date;
    std::string remark{};  ///< Empty for the format's own spelling, else what was unusual, as the end of a sentence.
};

/// Reads MM/DD/YYYY hh:mm:ss AM|PM and everything near it that is met in exports: one-digit parts, no seconds, 24 hours, no
/// time, ISO 8601, YYYY/MM/DD, "March 8, 2007 6:41 am", "Thu, 8 Mar 2007 06:41:11 -0500", a zone behind any of them.
/// A year of two digits is 2000 to 2069 or 1970 to 1999; one of three digits counts from 1900 (what Perl's localtime gives).
/// An impossible time on a possible day becomes midnight. Nothing if no day can be read, or the calendar does not have it.
std::optional<ReadDate> read_import_date(std::string_view text);

}  // namespace backtalk::importers
