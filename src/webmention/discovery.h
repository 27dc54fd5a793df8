#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "url/url.h"

namespace backtalk::webmention {

/// Where a page wants to be told of a mention.
struct Endpoint {
    enum class Found { LinkHeader, LinkElement, Anchor };

    Endpoint(Url the_url, Found the_found) : url(std::move(the_url)), found(the_found) { }

    Url url;  ///< Its query belongs to it (S6); without a fragment.
    Found found;
};

/// The endpoint of a page: the first Link header with the relation webmention, else the first link or a element with it, whichever
/// comes first. After all of them, in the same order, the relation http://webmention.org/ of 2013 (NB: ours).
///
/// An element without href is passed over; an empty one names the page itself, also beside <base> (NB). <base> counts for the other
/// elements and not for headers; an anchor parameter that names another page makes a header speak of that one. What stands in
/// comments, scripts, templates and textareas is no element. Whoever comes first decides: an endpoint that is not http or https, or
/// that holds a password, is none, and no later one takes its place (NB).
///
/// `utf8_html`: empty where the page is not HTML. `page_url`: after redirects.
/// Spec: https://www.w3.org/TR/webmention/#sender-discovers-receiver-webmention-endpoint, S2 to S6
std::optional<Endpoint> find_endpoint(std::string_view utf8_html, std::vector<std::string> const& link_headers, Url const& page_url);

/// Its URL.
std::optional<Url> discover(std::string_view utf8_html, std::vector<std::string> const& link_headers, Url const& page_url);

}  // namespace backtalk::webmention
