#pragma once

#include <optional>
#include <string>

#include "url/site_base.h"

namespace backtalk {

/// The comparison_key() of an address below a site's base: "2007/03/the-harbour", "?p=12", "" for the base itself. Nothing
/// if the site does not contain it.
std::optional<std::string> path_key(SiteBase const& base, Url const& url);

}  // namespace backtalk
