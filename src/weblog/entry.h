#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "weblog/ids.h"

namespace backtalk {

enum class EntryStatus { Draft, Scheduled, Published, Unlisted, Deleted };
std::string_view to_word(EntryStatus status);
std::optional<EntryStatus> entry_status_named(std::string_view word);
/// Published and unlisted entries have a page; drafts, scheduled and deleted ones do not.
constexpr bool has_page(EntryStatus status) { return status == EntryStatus::Published || status == EntryStatus::Unlisted; }

/// How the text of an entry becomes HTML.
enum class TextFormat {
    Html,           ///< As it stands.
    Markdown,       ///< See markup/markdown.h.
    ConvertBreaks,  ///< HTML whose line breaks are made by Movable Type's "Convert Line Breaks".
};
std::string_view to_word(TextFormat format);
std::optional<TextFormat> text_format_named(std::string_view word);

/// A category or a tag.
struct Label {
    Label(std::string the_name, std::string the_slug) : name(std::move(the_name)), slug(std::move(the_slug)) { }
    bool operator==(Label const&) const = default;

    std::string name;
    std::string slug;
};

/// What an entry is before it is stored: everything but its ids and its final path.
struct EntryDraft {
    EntryStatus status = EntryStatus::Published;
    std::string title;
    std::string slug;  ///< Made unique within its path when stored.
    std::string author;
    Instant published;
    std::chrono::minutes offset{};  ///< Of the author's clock ahead of UTC, for showing and for the permalink's date.
    TextFormat format = TextFormat::Markdown;
    std::string text_filter;  ///< What the archive it came from called its filter; kept for export.
    std::string body;
    std::string extended_body;
    std::string excerpt;  ///< Empty: made from the body.
    std::string keywords;
    bool takes_pings = true;
    bool takes_comments = false;
    std::vector<Label> categories;  ///< The first is the primary one.
    std::vector<Label> tags;
    std::vector<std::string> trackbacks;  ///< Ping URLs or pages the author wants told, beside the links of the text.
    std::string in_reply_to;
};

/// Categories or tags by their names; of those with the same slug the first.
std::vector<Label> labels_of(std::vector<std::string> const& names);

/// Another one after any change that an author can make: who saves an entry says by it which one they had before them.
std::string version_of(EntryDraft const& entry);

struct Entry : EntryDraft {
    EntryId id;
    SiteId site;
    std::int64_t trackback_id = 0;
    std::string path;  ///< Of the permalink, below the site's base: "2007/03/the-harbour-at-night/".
    Instant updated;   ///< Last change of what readers see.
};

/// A comment that came with an archive.
struct Comment {
    std::string author;
    std::string email;  ///< Never shown.
    std::string url;
    std::string address;  ///< The sender's, as the archive had it. Never shown.
    Instant written;
    std::string text;  ///< HTML as the archive had it: sanitised when shown.
};

}  // namespace backtalk
