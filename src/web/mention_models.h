#pragma once

#include <string>
#include <vector>

#include "app/store.h"
#include "web/page_schema.h"

namespace backtalk::web {

inline constexpr std::size_t responses_shown_max = 10;  ///< Under one mention; the rest is at its source.

/// The mentions of a page (EntryPageSchema): mentions and replies in their order, likes and the like gathered by what they do.
/// Responses of a source are left out where they are the entry itself, or are on this page as mentions of their own.
///
/// Spec: https://indieweb.org/comments-presentation, https://indieweb.org/facepile, https://indieweb.org/Salmention
void fill_mentions(View& page, Url const& permalink, std::vector<StoredMention> const& mentions);

/// What stands for a mention in a list of titles: its title, else "Reply from Ann Rowe".
std::string title_for_list(StoredMention const& stored);

/// "TrackBack", "TrackBack and Webmention", "TrackBack, Pingback and Webmention"; empty for one that was only imported.
std::string origins_text(std::vector<Origin> const& origins);

/// "Mention", "Reply", "Like", "Repost", "Bookmark", "RSVP"
std::string_view noun_of(MentionType type);

/// "Public Square", else the author, else the host.
std::string from_whom(StoredMention const& stored);

}  // namespace backtalk::web
