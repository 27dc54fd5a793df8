#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"

namespace backtalk::importers {

// Keys by which a second import knows what the first brought in. They are stored: what they are made of never changes.
// White space is folded before hashing, so that a file saved with other line ends has the same keys. (The key of a ping is its
// normalised URL.)

/// 2007-03-08T06:41:11/the_basename/0123456789abcdef, the last part from the title. An unknown date is "-".
std::string entry_key(std::optional<CivilTime> const& date, std::string_view title, std::string_view basename);

/// 2007-03-08T07:15:00/0123456789abcdef/0123456789abcdef, from author and text. For comments of one entry.
std::string comment_key(std::string_view author, std::optional<CivilTime> const& date, std::string_view text);

}  // namespace backtalk::importers
