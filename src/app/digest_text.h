#pragma once

#include <string>
#include <vector>

#include "app/digest_store.h"

namespace backtalk {

/// One thing that waits, as a mail tells of it. Texts are those of strangers.
struct DigestItem {
    std::string title;
    std::string from;   ///< May be empty.
    std::string about;  ///< The entry.
    std::string url;
    std::string excerpt;
    std::size_t alike = 1;  ///< Of a campaign: how many wait.
    std::string approve_url;
    std::string reject_url;
};

struct DigestLetter {
    std::string subject;
    std::string text;
};

/// What a mail says. `site`: the weblog's title; empty where the items are of several. `more`: what waits beyond the items. Nothing that a
/// stranger wrote gets into the subject, and in the text none of it can begin a line, so that no title passes for one of our links.
DigestLetter digest_letter(
    std::vector<DigestItem> const& items, std::size_t more, std::string_view site, DigestRhythm rhythm, std::string_view admin_url);

}  // namespace backtalk
