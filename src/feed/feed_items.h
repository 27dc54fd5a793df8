#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "feed/feed_reader.h"

namespace backtalk::feed {

/// Gathers the items of a feed: each URL once, no more than feed_items_max.
class FeedItems {
public:
    explicit FeedItems(ReadFeed& feed) : feed_(feed) { }

    bool full() const { return feed_.items.size() >= feed_items_max; }
    /// An item whose reference is no http or https URL is left out.
    /// Returns the item to be filled in, or nullptr. Valid until the next call.
    FeedItem* add(std::string_view reference, Url const& base);

private:
    ReadFeed& feed_;
    std::unordered_set<std::string> seen_;
};

/// A title as readers see it: markup and character references resolved, on one line.
std::string title_of_html(std::string_view html);
std::string title_of_text(std::string_view text);
std::string kept_content(std::string_view html);
/// The date forms that feeds use: RFC 3339 and relatives, RFC 822.
std::optional<ZonedTime> feed_date(std::string_view text);

// One for each family of formats. `utf8` is decoded.
Result<ReadFeed> read_xml_feed(std::string_view utf8, Url const& url);
Result<ReadFeed> read_json_feed(std::string_view utf8, Url const& url);
Result<ReadFeed> read_h_feed(std::string_view utf8, Url const& url);

}  // namespace backtalk::feed
