#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "url/url.h"

namespace backtalk::trackback {

/// Where a page wants to be told of a link.
struct Endpoint {
    enum class Found {
        Rdf,          ///< An RDF block that speaks of the linked page.
        LinkHeader,   ///< Link: <…>; rel="trackback" (NB: no draft names it; some sites send it)
        LinkElement,  ///< <link rel="trackback">
        Anchor,       ///< <a rel="trackback">
    };

    Endpoint(Url the_url, Found the_found) : url(std::move(the_url)), found(the_found) { }

    Url url;
    Found found;
    std::string title;  ///< What the block calls the page; may be empty.
};

/// The TrackBack endpoints of a page, the one to use first; empty where the page offers none for what was linked to.
///
/// RDF blocks count in comments and outside of them, with attributes or elements, in either kind of quotes, in any letter case. Only a
/// block whose dc:identifier (else rdf:about) names the linked page counts: the URL that was linked to, the final one, or
/// the rel=canonical one on the same host, as comparison_key() compares. A page that lists many entries gives the right block or none:
/// where only the fragment tells blocks apart, it has to be the linked one. Of several different anchors none counts, and
/// none beside blocks that all speak of other pages.
///
/// `page_url`: after redirects; endpoints are resolved against it (or <base>). `linked_url`: as the link had it.
/// Spec:   T8, T9 and the drafts of 2005
/// Limits: 1000 blocks.
std::vector<Endpoint> discover(
    std::string_view utf8_html, std::vector<std::string> const& link_headers, Url const& page_url, Url const& linked_url);

}  // namespace backtalk::trackback
