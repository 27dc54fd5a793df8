#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/store.h"

namespace backtalk::web {

inline constexpr std::size_t feed_mentions_default = 20;
inline constexpr std::size_t feed_mentions_max = 10'000;  ///< On one page, whatever is asked for.

/// What a request to the read API asks.
struct MentionApiQuery {
    std::vector<std::string> targets;   ///< As written, a scheme put before "//host/path".
    std::optional<std::string> token;   ///< For asking about whole sites.
    std::optional<std::string> domain;  ///< One of these sites.
    MentionFeedQuery feed;              ///< Its entries and sites are left open.
    std::string callback;               ///< Of JSONP; empty: plain JSON.
};

/// Reads the query of an address, in every spelling that programs use. What is no number counts as not given; unknown fields are ignored.
///
/// Spec:   the API of webmention.io, query parameters
/// Errors: Malformed (`since` is no time, or `jsonp` no name of a function), with a sentence for the one who asked.
Result<MentionApiQuery> read_mention_query(std::string_view query);

}  // namespace backtalk::web
