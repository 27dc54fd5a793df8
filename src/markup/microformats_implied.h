#pragma once

#include <optional>
#include <string>

#include "markup/microformats_values.h"

namespace backtalk::markup {

// What an item says without saying it: the name, photo and URL that its element alone gives.
//
// Spec: https://microformats.org/wiki/microformats2-parsing, "parsing for implied properties"

std::string implied_name(HtmlNode const& element, MfValueReader& values);
std::optional<MfValue> implied_photo(HtmlNode const& element, MfValueReader& values);
std::optional<MfValue> implied_url(HtmlNode const& element, MfValueReader& values);

}  // namespace backtalk::markup
