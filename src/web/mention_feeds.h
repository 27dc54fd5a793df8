#pragma once

#include <span>
#include <string>
#include <string_view>

#include "web/mention_api.h"

namespace backtalk::web {

/// The API's list for people, as an h-feed.
std::string mentions_html(std::span<ShownMention const> mentions);
/// The same for feed readers. `self_url`: of the feed.
std::string mentions_atom(std::span<ShownMention const> mentions, std::string_view self_url);

}  // namespace backtalk::web
