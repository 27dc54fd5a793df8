#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "importers/import_date.h"

namespace backtalk::importers {

/// What STATUS says. Only Publish and Unpublish were ever public; only Publish is.
enum class MovableTypeStatus { Draft, Publish, Review, Future, Junk, Unpublish };

enum class AllowComments {
    None,    ///< Takes none and shows none.
    Open,    ///< Takes and shows them.
    Closed,  ///< Shows those it has.
};

struct MovableTypeComment {
    std::size_t line = 0;
    std::string author{};
    std::string email{};
    std::string url{};
    std::string ip{};
    std::optional<ImportDate> date{};
    std::string text{};

    bool operator==(MovableTypeComment const&) const = default;
};

/// A TrackBack ping that the weblog had received and shown.
struct MovableTypePing {
    std::size_t line = 0;
    std::string title{};
    std::string url{};  ///< Never empty; as the file has it, not yet a Url.
    std::string ip{};
    std::string blog_name{};
    std::optional<ImportDate> date{};
    std::string excerpt{};

    bool operator==(MovableTypePing const&) const = default;
};

/// A header or a section under a name that is not the format's own (of a plug-in, or of another program).
struct MovableTypeField {
    std::size_t line = 0;
    std::string name{};
    std::string text{};

    bool operator==(MovableTypeField const&) const = default;
};

/// One record of a Movable Type export: an entry with its comments and pings, or with NO ENTRY only comments and pings for
/// the entry of that DATE. Texts are as the file has them (HTML in titles and labels is HTML), with line feeds for every
/// kind of line end and without control characters.
struct MovableTypeRecord {
    std::size_t line = 0;  ///< Of its first header.
    bool no_entry = false;
    std::string author{};
    std::string author_email{};
    std::optional<std::string> title{};  ///< Nothing if there is no TITLE line, which is not the same as an empty one.
    std::string basename{};
    MovableTypeStatus status = MovableTypeStatus::Draft;
    std::optional<AllowComments> allow_comments{};  ///< Nothing: not said.
    std::optional<bool> allow_pings{};              ///< Nothing: not said.
    std::optional<std::string> convert_breaks{};    ///< As it stands; text_filter() of convert_breaks.h reads it.
    std::string primary_category{};                 ///< Empty if it has no category.
    std::vector<std::string> categories{};          ///< Each once, the primary one first.
    std::vector<std::string> tags{};                ///< Each once, without quotes.
    std::optional<ImportDate> date{};               ///< Nothing: not said, or not readable (then a problem was reported).
    std::string unique_url{};                       ///< The old permalink, as the file has it.
    std::string body{};
    std::string extended_body{};
    std::string excerpt{};
    std::string keywords{};
    std::vector<MovableTypeComment> comments{};
    std::vector<MovableTypePing> pings{};
    std::vector<MovableTypeField> others{};

    bool operator==(MovableTypeRecord const&) const = default;
};

/// The title, or where there is no TITLE line the first five words of the body without its tags.
std::string title_of(MovableTypeRecord const& record);

}  // namespace backtalk::importers
