#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "url/url.h"

namespace backtalk::feed {

/// A page that a feed or sitemap names. Texts are UTF-8.
struct FeedItem {
    explicit FeedItem(Url the_url) : url(std::move(the_url)) { }

    Url url;            ///< Without fragment and credentials.
    std::string title;  ///< Plain text on one line, at most 255 characters; may be empty.
    std::optional<ZonedTime> published;
    std::optional<ZonedTime> updated;
    std::string content_html;  ///< As the feed has it, scripts and all: for telling whether it changed. At most 64 KiB of it.
};

enum class FeedKind { Atom, Rss, Json, HFeed, Sitemap, SitemapIndex };
std::string_view to_word(FeedKind kind);

struct ReadFeed {
    FeedKind kind;
    std::vector<FeedItem> items;  ///< In document order, each URL once.
    std::vector<Url> sitemaps;    ///< Of an index: the sitemaps, those that changed last in front.
};

inline constexpr std::size_t feed_items_max = 10'000;
inline constexpr std::size_t sitemaps_max = 20;

/// Reads Atom 1.0, RSS 2.0 (and 0.9x), RSS 1.0, JSON Feed 1.x, a page with an h-feed, a sitemap, or an index of sitemaps: what the
/// bytes are decides, not what they are called. References are resolved against `url` and xml:base.
///
/// Limits: feed_items_max items and sitemaps_max sitemaps; what comes after is left out. Elements at most 64 deep.
/// Errors: Malformed (none of these, or broken), Refused (a document type declaration), TooLarge (deeper).
/// Spec:   RFC 4287; https://www.rssboard.org/rss-specification; https://web.resource.org/rss/1.0/spec;
///         https://www.jsonfeed.org/version/1.1/; https://microformats.org/wiki/h-feed; https://www.sitemaps.org/protocol.html
Result<ReadFeed> read_feed(std::string_view bytes, std::string_view content_type, Url const& url);

}  // namespace backtalk::feed
