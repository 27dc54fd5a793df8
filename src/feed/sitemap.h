#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/date.h"

namespace backtalk::feed {

struct SitemapUrl {
    std::string url;  ///< Absolute, on the host of the sitemap.
    std::optional<Instant> modified;
};

/// More URLs go into several files, named by an index.
inline constexpr std::size_t sitemap_urls_max = 50'000;

/// Spec: https://www.sitemaps.org/protocol.html. At most sitemap_urls_max, what is over is left out.
std::string sitemap_xml(std::span<SitemapUrl const> urls);
/// The index of several sitemaps: their URLs, and when each changed.
std::string sitemap_index(std::span<SitemapUrl const> sitemaps);

/// Spec: RFC 9309. Everybody may read everything but the paths in `disallowed` ("/admin/").
std::string robots_txt(std::string_view sitemap_url, std::span<std::string const> disallowed);

}  // namespace backtalk::feed
