#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "markup/json_ld.h"
#include "markup/page_links.h"
#include "url/url.h"

namespace backtalk::markup {

/// What the head and the body of a page say of it, each in its own words, nothing weighed yet. White space folded, values cut at
/// 1000 bytes, empty where the page says nothing.
struct PageFacts {
    std::string title;  ///< <title>
    std::string first_h1;
    std::string language;        ///< <html lang>
    std::string canonical;       ///< <link rel=canonical>, as written
    std::string rel_author;      ///< Text of the first <a rel=author>.
    std::string rel_author_url;  ///< Its reference, or that of <link rel=author>.
    std::string time_published;  ///< <time pubdate>, itemprop=datePublished
    std::string og_title, og_site_name, article_published, meta_author, meta_date, description;
    std::string http_status;  ///< <meta http-equiv=status>: "410 Gone" is how a page without its own server says it.
};

/// A page, read once from beginning to end.
struct PageContent {
    explicit PageContent(Url the_base) : base(std::move(the_base)) { }

    Url base;  ///< What references are resolved against: <base href>, else the page itself.
    PageFacts facts;
    bool has_microformats = false;  ///< Some element has a class of has_microformat_root().
    JsonLdFacts json_ld;
    std::vector<PageLink> links;
    std::string text;  ///< See plain_text().
};

/// Whether a class attribute names the root of a microformat that says something of a page, its entries or its people: h-entry,
/// h-card, hentry, vcard …
/// NB: not every class of the shape "h-*": pages of style sheet frameworks are full of "h-full" and "h-auto".
bool has_microformat_root(std::string_view classes);

inline constexpr std::size_t page_text_bytes_max = 1 << 20;

/// Reads text, links and metadata in one pass of the tokenizer. Links in comments, scripts, styles, templates, textareas and
/// titles are none; those in noscript are.
///
/// Input:  UTF-8, see decoded_html(). Ill-formed bytes become U+FFFD in what is returned.
/// Limits: LinkCollector::links_max links, page_text_bytes_max of text; what comes after is left out.
PageContent read_page(std::string_view utf8_html, Url const& url, LinkFilter filter = {});

}  // namespace backtalk::markup
