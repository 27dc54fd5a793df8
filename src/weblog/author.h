#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "markup/microformats.h"
#include "url/url.h"

namespace backtalk {

/// Who wrote something. URLs are http or https and without credentials.
struct Author {
    std::string name;  ///< One line, at most 255 characters.
    std::optional<Url> url;
    std::optional<Url> photo;

    bool is_known() const { return !name.empty() || url || photo; }
    bool operator==(Author const&) const = default;
};

/// What an h-card says.
Author author_of_card(markup::MfItem const& card);

/// What a page alone says of the author of its entry.
struct Authorship {
    Author author;            ///< By an h-card, or a name; else by the card on this page for the author page (step 7.4).
    std::optional<Url> page;  ///< The author page (steps 5 and 6), where the entry only points at one.
};

/// Steps 1 to 6, 7.4 and 8 of the authorship algorithm. `feed` is the h-feed around the entry, or null.
///
/// Spec: https://indieweb.org/authorship-spec
Authorship authorship_of(markup::MfItem const& entry, markup::MfItem const* feed, markup::Microformats const& page);

/// Steps 7.2 and 7.3: whom an author page represents. `asked` is the address that was asked for, `answered` the one that answered.
/// NB: also the only card whose url is the page, by the third rule of the representative h-card. Nothing where none fits.
std::optional<Author> author_on(markup::Microformats const& author_page, Url const& asked, Url const& answered);

/// The same from an author page as it was received, by SourcePage::author_page and Mention::with_author().
///
/// Errors: Refused (not HTML), NotFound (nobody is represented there).
Result<Author> read_author_page(std::string_view bytes, std::string_view content_type, Url const& asked, Url const& answered);

}  // namespace backtalk
