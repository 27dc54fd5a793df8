#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "url/url.h"

namespace backtalk::judge {

/// The links and signs of life of a page, counted without resolving each of them.
struct PageOutline {
    std::size_t links_out = 0;
    std::set<std::string> hosts_out;  ///< As written, in lower case; at most 150.
    std::size_t own_pages = 0;        ///< Different references within the site; at most 500.
    std::size_t own_years = 0;        ///< Different years in these: "/2009/03/…".
    bool has_feed = false;
    bool hides_link = false;  ///< A link to the target host stands where no reader sees it, and none where one does.
};

/// Reads at most the first 2 MiB.
PageOutline outline_of(std::string_view html, Url const& page, std::string_view target_host);

}  // namespace backtalk::judge
