#include <cassert>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/text.h"
#include "feed/feed_reader.h"

using namespace backtalk;

/// The bytes as whatever feed they look like.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    Url const url = Url::parse("http://garden.example/feeds/all").value();
    auto const feed = feed::read_feed(input, "", url);
    if (!feed) {
        assert(!feed.error().text.empty());
        return 0;
    }
    assert(feed->items.size() <= feed::feed_items_max && feed->sitemaps.size() <= feed::sitemaps_max);
    std::set<std::string> seen;
    for (feed::FeedItem const& item : feed->items) {
        assert(seen.insert(comparison_key(item.url)).second);
        assert(!item.url.has_credentials() && Url::parse(item.url.str()));
        assert(is_valid_utf8(item.title) && code_point_count(item.title) <= 255);
        assert(item.title.find('\n') == std::string::npos);
        assert(item.content_html.size() <= 64 * 1024);
    }
    for (Url const& sitemap : feed->sitemaps)
        assert(sitemap.host() == url.host());
    return 0;
}
