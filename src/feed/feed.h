#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/date.h"

namespace backtalk::feed {

/// What a feed says of itself. URLs are absolute, texts UTF-8; characters that XML 1.0 forbids are dropped on writing.
struct FeedInfo {
    std::string id;  ///< Permanent: a tag: or http URI. Empty: the self URL.
    std::string title;
    std::string description;
    std::string home_url;
    std::string self_url;
    std::string language;  ///< BCP 47, may be empty.
    std::string author;    ///< For entries without one; may be empty.
    std::string generator = "Backtalk";
    Instant updated{};  ///< NB: never now(), else each rendering is another document; the newest entry's where it is older.
    std::chrono::minutes offset{};
};

struct FeedEntry {
    std::string id;   ///< Permanent. Empty: the URL.
    std::string url;  ///< The permalink.
    std::string title;
    std::string summary;       ///< Plain text, may be empty.
    std::string content_html;  ///< With absolute URLs; may be empty.
    std::string author;
    std::string author_url;
    std::vector<std::string> categories;
    Instant published{};
    Instant updated{};              ///< Not before `published`.
    std::chrono::minutes offset{};  ///< Of the author's clock, for both.
};

/// Atom 1.0. Spec: RFC 4287.
std::string atom_feed(FeedInfo const& feed, std::span<FeedEntry const> entries);
/// RSS 2.0 with atom:link, dc:creator, content:encoded. Spec: https://www.rssboard.org/rss-specification
std::string rss_feed(FeedInfo const& feed, std::span<FeedEntry const> entries);

/// An id that outlives a change of address. Spec: RFC 4151. "tag:quarters.example,2007-03-08:/17"
std::string tag_uri(std::string_view domain, Instant date, std::string_view specific);

}  // namespace backtalk::feed
