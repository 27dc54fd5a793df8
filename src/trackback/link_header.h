#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backtalk::trackback {

/// The references of links with the relation trackback, in order, from the values of Link headers. A broken link ends the reading of
/// its header.
///
/// Spec: RFC 8288, 3
std::vector<std::string> trackback_links(std::vector<std::string> const& link_headers);

}  // namespace backtalk::trackback
