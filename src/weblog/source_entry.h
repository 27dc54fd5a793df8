#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "markup/microformats.h"
#include "markup/page_links.h"
#include "url/url.h"
#include "weblog/author.h"
#include "weblog/response.h"

namespace backtalk {

/// A property of an entry that names another page: "in-reply-to", and what it leads to.
struct Relation {
    Relation(MentionType the_type, Url the_target) : type(the_type), target(std::move(the_target)) { }

    MentionType type;  ///< Reply, Like, Repost or Bookmark; Mention for those that say no more than a link does.
    Url target;
};

/// What the microformats of a page say of the entry that the page is. URLs are http or https and without credentials; lists hold
/// each URL once, in document order.
struct SourceEntry {
    std::string name;          ///< p-name, one line, at most 255 characters; empty of a note, whose name only repeats its content.
    std::string summary;       ///< As text on one line, at most 500 characters.
    std::string content_html;  ///< e-content as its author wrote it, scripts and all; at most 64 KiB, else empty.
    std::string content_text;  ///< The same as text, blocks on lines of their own; at most 5,000 characters.
    std::optional<Url> url;    ///< u-url
    std::optional<ZonedTime> published;    ///< dt-published
    Author author;                         ///< By the authorship algorithm, as far as this page alone can say.
    std::optional<Url> author_page;        ///< Says more of the author, if somebody fetches it.
    std::string rsvp;                      ///< "yes", "no", "maybe", "interested"; else empty.
    std::vector<Relation> relations;       ///< At most 100.
    std::vector<std::string> syndication;  ///< At most 10, as the next three.
    std::vector<std::string> photos, videos, audios;
    std::vector<NestedResponse> responses;  ///< At most 50, each URL once.
};

/// What the microformats of a page say, as far as it is wanted here.
struct SourceMicroformats {
    std::string feed_name;  ///< Of the h-feed that the page is or holds.
    Author feed_author;
    std::optional<SourceEntry> entry;
};

/// Finds the entry that the page is: the one whose u-url is the page, else the only one (of those outside h-feeds, else of all);
/// h-entry before h-event, h-review, h-product, h-recipe and the like. None where there are several.
///
/// `page` and `canonical` are the addresses of the page. Relations to pages that `filter` does not want are left out.
SourceMicroformats read_source_microformats(
    markup::Microformats const& microformats, Url const& page, Url const& canonical, markup::LinkFilter const& filter);

}  // namespace backtalk
