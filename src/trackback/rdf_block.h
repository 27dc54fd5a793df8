#pragma once

#include <optional>
#include <string>

#include "base/date.h"
#include "url/url.h"

namespace backtalk::trackback {

/// What the RDF block of an entry's page tells other programs.
struct EntryRdf {
    EntryRdf(Url the_permalink, Url the_ping_url) : permalink(std::move(the_permalink)), ping_url(std::move(the_ping_url)) { }

    Url permalink;
    Url ping_url;
    std::string title;
    std::string subject;      ///< The primary category.
    std::string description;  ///< The excerpt.
    std::string creator;
    std::optional<ZonedTime> date;
};

/// The block, in an HTML comment: attribute form, double quotes, no blanks around "=", as the senders of 2004 search it by regular
/// expression. Nothing in it can end the comment.
///
/// Spec: T8; Movable Type 1.7 for the order of attributes.
std::string rdf_block(EntryRdf const& entry);

}  // namespace backtalk::trackback
