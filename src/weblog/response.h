#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"

namespace backtalk {

enum class MentionType { Mention, Reply, Like, Repost, Bookmark, Rsvp };
std::string_view to_word(MentionType type);
std::optional<MentionType> mention_type_named(std::string_view word);

/// A response to a source, read from the source itself (Salmention): shown under it, never a mention of its own.
struct NestedResponse {
    MentionType type = MentionType::Reply;
    std::string url;  ///< An http or https URL.
    std::string author_name;
    std::string author_url;  ///< An http or https URL, or empty, as the next.
    std::string author_photo;
    std::string text;  ///< One line, as an excerpt.
    std::optional<Instant> published;
    std::chrono::minutes published_offset{};

    bool operator==(NestedResponse const&) const = default;
};

}  // namespace backtalk
