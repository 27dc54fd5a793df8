#include "importers/import_key.h"

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::importers {

namespace {

std::string date_text(std::optional<CivilTime> const& date)
{
    if (!date)
        return "-";
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", date->year, date->month, date->day, date->hour, date->minute, date->second);
}

std::uint64_t text_hash(std::string_view text) { return stable_hash(folded_space(text)); }

}  // namespace

std::string entry_key(std::optional<CivilTime> const& date, std::string_view title, std::string_view basename)
{
    return fmt::format("{}/{}/{:016x}", date_text(date), basename, text_hash(title));
}

std::string comment_key(std::string_view author, std::optional<CivilTime> const& date, std::string_view text)
{
    return fmt::format("{}/{:016x}/{:016x}", date_text(date), text_hash(author), text_hash(text));
}

}  // namespace backtalk::importers
