#include "weblog/time_zone.h"

#include <cassert>

#include <fmt/format.h>
#include <unicode/basictz.h>
#include <unicode/timezone.h>

namespace backtalk {

struct TimeZone::Rules {
    std::unique_ptr<icu::BasicTimeZone const> zone;
};

namespace {

UDate milliseconds(Instant instant) { return static_cast<UDate>(instant.time_since_epoch().count()) * 1000.0; }

/// Local mean times of the 19th century have seconds; our offsets, as those of RFC 3339, have none.
std::chrono::minutes whole_minutes(std::int32_t offset_milliseconds)
{
    return std::chrono::floor<std::chrono::minutes>(std::chrono::milliseconds(offset_milliseconds));
}

}  // namespace

Result<TimeZone> TimeZone::named(std::string_view iana)
{
    auto const unknown = [&] {
        return failure(ErrorCode::NotFound, fmt::format("\"{}\" is no time zone: write a region such as Europe/Berlin, or UTC", iana));
    };
    // ICU would also take "GMT+5", and three-letter names that mean one place in one country and another elsewhere.
    if (iana.empty() || iana.size() > 64 || (iana != "UTC" && iana.find('/') == std::string_view::npos))
        return unknown();
    icu::UnicodeString const id = icu::UnicodeString::fromUTF8(icu::StringPiece(iana.data(), static_cast<std::int32_t>(iana.size())));
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
    icu::UnicodeString found;
    if (!zone || zone->getID(found) == icu::UnicodeString(UCAL_UNKNOWN_ZONE_ID))
        return unknown();
    auto* const basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
    if (basic == nullptr)
        return unknown();
    (void)zone.release();
    auto rules = std::make_shared<Rules>();
    rules->zone.reset(basic);
    return TimeZone(std::string(iana), std::move(rules));
}

std::chrono::minutes TimeZone::offset_at_utc(Instant instant) const
{
    std::int32_t raw = 0;
    std::int32_t daylight = 0;
    UErrorCode status = U_ZERO_ERROR;
    rules_->zone->getOffset(milliseconds(instant), false, raw, daylight, status);
    return U_SUCCESS(status) ? whole_minutes(raw + daylight) : std::chrono::minutes(0);
}

Instant TimeZone::from_local(CivilTime const& time) const
{
    auto const as_utc = to_instant(time);
    assert(as_utc.has_value());
    std::int32_t raw = 0;
    std::int32_t daylight = 0;
    UErrorCode status = U_ZERO_ERROR;
    rules_->zone->getOffsetFromLocal(milliseconds(*as_utc), UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, daylight, status);
    return U_SUCCESS(status) ? *as_utc - whole_minutes(raw + daylight) : *as_utc;
}

}  // namespace backtalk
