#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/result.h"

namespace backtalk {

/// A region of the IANA time zone database, with its changes of the clock from the past on. There is no invalid TimeZone.
/// Copies are cheap; all threads may ask the same one.
class TimeZone {
public:
    /// "Europe/Berlin", "UTC". Errors: NotFound.
    static Result<TimeZone> named(std::string_view iana);

    std::string const& name() const { return name_; }  ///< As given to named().
    /// How far the region's clocks are ahead of UTC at `instant`.
    std::chrono::minutes offset_at_utc(Instant instant) const;
    /// When the region's clocks show `time`, which must be a date and time that exist (see to_instant()). What they show twice is
    /// the first of both; what they skip is read as if the change had not happened yet: 02:30 is then 03:30 by the new time.
    Instant from_local(CivilTime const& time) const;

private:
    struct Rules;
    TimeZone(std::string name, std::shared_ptr<Rules const> rules) : name_(std::move(name)), rules_(std::move(rules)) { }

    std::string name_;
    std::shared_ptr<Rules const> rules_;
};

}  // namespace backtalk
