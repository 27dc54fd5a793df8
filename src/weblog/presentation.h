#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weblog/source_entry.h"

namespace backtalk {

// How a response is shown. Spec: https://indieweb.org/comments-presentation. NB: the limits are ours.

inline constexpr std::size_t content_characters_max = 5000;        ///< Of text that is kept.
inline constexpr std::size_t shown_content_characters_max = 2000;  ///< Of text in content that is shown with its markup.
inline constexpr std::size_t response_characters_max = 500;        ///< What counts as not too long for an excerpt.

/// At most that many characters, cut at the end of a word with "…"; lines stay as they are.
std::string cut_text(std::string_view text, std::size_t characters_max);

/// Whether the text begins with the name: a note has no name of its own. White space and dots at the end of the name do not count.
/// An empty name repeats nothing.
bool repeats(std::string_view name, std::string_view text);

/// The words of a reply on one line: its content if that is not too long, else its summary, else a short name, else as much of the
/// content as fits.
std::string words_of_reply(SourceEntry const& entry);

/// The own words of a like, repost or bookmark: its content or summary; a name only says what it is ("Ann liked this").
std::string words_of_reaction(SourceEntry const& entry);

/// e-content, sanitised; empty if it is too long to show whole.
std::string shown_content(SourceEntry const& entry, Url const& base);

}  // namespace backtalk
