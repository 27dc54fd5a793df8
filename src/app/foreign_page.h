#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/fetcher.h"
#include "base/date.h"

namespace backtalk {

/// A page that something else renders: what it says of itself, and whom it tells.
struct ForeignPage {
    explicit ForeignPage(Url the_url) : url(std::move(the_url)) { }

    Url url;  ///< Its canonical address where it names one on its own host, else the one it was found at.
    std::string title;
    std::string excerpt;
    std::string site_name;  ///< As the page has it; may be empty.
    std::optional<ZonedTime> published;
    std::vector<Url> targets;  ///< With their fragments, each page once, never the page itself.
    std::string version;       ///< Hash of what was read for the targets: another one means that the entry was edited.
};

/// Reads the answer to a GET. The targets are the links of the entry, not of the site around it: where the page has one h-entry those of
/// its e-content and of its in-reply-to, like-of and so on (as the Webmention community asks senders to do, linkbacks S1). NB: else those
/// of its only <article>, else of its <main>, else of all that is in no nav, aside, header or footer; this decision is ours.
///
/// Errors: Refused (neither HTML, JSON nor text), Malformed, TooLarge; of the status nothing is checked.
Result<ForeignPage> read_foreign_page(Fetched const& fetched);

}  // namespace backtalk
