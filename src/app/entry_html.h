#pragma once

#include <string>

#include "app/store.h"
#include "url/url.h"

namespace backtalk {

/// The body of an entry as HTML, by its format.
std::string body_html(EntryDraft const& entry);
std::string extended_html(EntryDraft const& entry);
/// What stands in lists and feeds: the author's own, else the first words of the body. Plain text.
std::string excerpt_text(EntryDraft const& entry, std::size_t words_max = 40);

Url permalink(Site const& site, Entry const& entry);
Url ping_url(Site const& site, Entry const& entry);

}  // namespace backtalk
