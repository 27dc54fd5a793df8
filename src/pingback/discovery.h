#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "url/url.h"

namespace backtalk::pingback {

/// The XML-RPC server of a page: what the first X-Pingback header says, else the first place in the text that matches
/// `<link rel="pingback" href="([^"]+)" ?/?>` to the letter, in a comment or script as well, with the four entities &amp; &lt; &gt;
/// &quot; expanded once.
///
/// NB: an empty header counts as none; a relative URL, which no server may give, is resolved against the page. Whoever comes first
/// decides: a server that is not http or https, or whose URL holds a password, is none, and no later one takes its place.
///
/// `text`: the page, in any charset that extends ASCII. `x_pingback`: the values of all such headers. `page_url`: after redirects.
/// Spec: P6 to P8
std::optional<Url> discover(std::string_view text, std::vector<std::string> const& x_pingback, Url const& page_url);

/// The link element by which a page advertises its server, in XHTML form. An apostrophe in the URL becomes %27, since there is no
/// entity for it that may be used.
///
/// Spec: P3, P4
std::string link_element(Url const& server);

}  // namespace backtalk::pingback
