#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "markup/microformats.h"
#include "url/url.h"

namespace backtalk {

// What a stranger's page says, as our types or not at all.

inline constexpr std::size_t name_characters_max = 255;

/// An absolute http or https URL without credentials.
std::optional<Url> url_in(std::string_view text);
/// What a value leads to: the url of a nested item, else the URL that it is.
std::optional<Url> url_in(markup::MfValue const& value);
/// The first of the property's values that leads somewhere.
std::optional<Url> url_in(markup::MfItem const& item, std::string_view property);
/// Each once, in document order.
std::vector<Url> urls_in(markup::MfItem const& item, std::string_view property, std::size_t count_max);

/// On one line, without controls, cut at a word.
std::string line_of(std::string_view text, std::size_t characters_max = name_characters_max);

/// "de-AT" as a page writes it; empty for what cannot be a language tag (RFC 5646).
std::string language_tag(std::string_view text);

/// All items, nested ones too, those of properties before children. Valid while the argument lives.
std::vector<markup::MfItem const*> all_items(std::vector<markup::MfItem> const& items);

}  // namespace backtalk
