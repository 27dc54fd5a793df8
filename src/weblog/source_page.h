#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "markup/page_links.h"
#include "url/url.h"
#include "weblog/source_entry.h"

namespace backtalk {

using SourceLink = markup::PageLink;
using markup::LinkElement;
using markup::LinkFilter;

/// What a source page says. All text is plain, without controls, on one line, cut on word borders.
struct SourcePage {
    explicit SourcePage(Url the_url) : url(std::move(the_url)) { }

    Url url;                       ///< After redirects.
    std::optional<Url> canonical;  ///< NB: only on the same host (with or without "www."): nobody speaks for another site.
    std::string title;             ///< At most 255 characters, as the names below.
    std::string site_name;
    std::string author_name;
    std::optional<Url> author_url;
    std::optional<Url> author_photo;
    std::optional<Url> author_page;  ///< Says more of the author, if somebody fetches it: see Mention::with_author().
    std::optional<ZonedTime> published;
    std::string language;     ///< As in <html lang>, "" where unknown.
    std::string description;  ///< The page's own summary, at most 500 characters.
    bool is_gone = false;     ///< It says that it was deleted: <meta http-equiv="status" content="410 Gone">.
    std::optional<SourceEntry> entry;
    std::vector<SourceLink> links;
    std::string text;  ///< Each block on a line of its own.
};

/// Reads a page in UTF-8 that was fetched from `url`. Title, author, date and site name come from the microformats of the entry,
/// else from JSON-LD, else from Open Graph and meta elements, else from <title>, h1 and rel=author.
/// NB: on a page with several entries none of them is the page, unless its u-url says so or the others stand in feeds; then the page's own
/// title counts.
SourcePage read_source_page(std::string_view utf8_html, Url const& url, LinkFilter filter = {});

/// The same for a text without markup: its links are the http and https URLs that are written out in it.
SourcePage read_source_text(std::string_view utf8_text, Url const& url, LinkFilter filter = {});

/// The same for JSON: its links are the string values that are http or https URLs, and those of the HTML in its content. mf2 JSON is
/// read like microformats; of JF2, JSON Feed and ActivityStreams what has an obvious counterpart.
///
/// Errors: Malformed (not JSON, too deep), TooLarge.
Result<SourcePage> read_source_json(std::string_view utf8_json, Url const& url, LinkFilter filter = {});

/// The same from bytes as they were received; finds the charset and the kind of page.
///
/// Errors: Refused (neither HTML, XHTML, JSON nor plain text); for JSON also Malformed and TooLarge.
Result<SourcePage> read_source(std::string_view bytes, std::string_view content_type, Url const& url, LinkFilter filter = {});

/// An excerpt, and where in it the link's own words stand.
struct LinkExcerpt {
    std::string text;
    std::size_t link_position = 0;  ///< In bytes.
    std::size_t link_bytes = 0;     ///< 0: it has no words, as a picture.
};

/// The words around a link, from the block that it stands in (and the block before it, if the link stands alone), as weblogs quote:
/// "[…] what we read yesterday about the harbour […]". One line, at most `characters_max` characters with its marks.
LinkExcerpt excerpt_around(SourcePage const& page, SourceLink const& link, std::size_t characters_max = 255);

}  // namespace backtalk
