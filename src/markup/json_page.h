#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "markup/microformats.h"
#include "url/url.h"

namespace backtalk::markup {

/// A source that is JSON, as microformats: mf2 JSON as it stands; of JF2, JSON Feed, ActivityStreams and schema.org what has an
/// obvious counterpart (title, url, author, content, published, inReplyTo …).
struct JsonPage {
    Microformats microformats;
    std::vector<Url> urls;  ///< Every string value, at any depth, that is an http or https URL; each once, in document order.
    std::string language;
};

inline constexpr std::size_t json_page_bytes_max = 2 << 20;

/// Reads a page of JSON.
///
/// Input:  UTF-8, without byte order mark; ill-formed bytes become U+FFFD.
/// Limits: 64 levels, json_page_bytes_max, `urls_max` URLs, 1,000 items, 20,000 values; values of properties over 64 KiB are left out.
/// Errors: Malformed (not JSON), TooLarge.
/// Spec:   https://microformats.org/wiki/microformats2-parsing (canonical JSON), https://www.jsonfeed.org/version/1.1/,
///         https://www.w3.org/TR/activitystreams-vocabulary/
Result<JsonPage> read_json_page(std::string_view utf8_json, std::size_t urls_max);

}  // namespace backtalk::markup
