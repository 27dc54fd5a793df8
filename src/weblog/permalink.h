#pragma once

#include <string>
#include <string_view>

#include "base/date.h"
#include "base/result.h"

namespace backtalk {

/// A pattern of permalinks, below the site's base: "{year}/{month}/{slug}/". Fields: year, month, day, slug, id.
class PermalinkPattern {
public:
    /// Errors: Malformed (an unknown field, no slug and no id, characters or folders that a path cannot hold).
    static Result<PermalinkPattern> parse(std::string_view text);
    std::string path(CivilTime const& published, std::string_view slug, std::int64_t id) const;
    std::string const& str() const { return text_; }

private:
    explicit PermalinkPattern(std::string text) : text_(std::move(text)) { }
    std::string text_;
};

}  // namespace backtalk
