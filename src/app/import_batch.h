#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weblog/entry.h"
#include "weblog/mention.h"
#include "weblog/ping.h"

namespace backtalk {

/// A ping of an archive: what was claimed, and the mention that it becomes.
struct ImportedPing {
    ImportedPing(PingClaim the_claim, Mention the_mention, std::size_t the_line)
        : claim(std::move(the_claim)), mention(std::move(the_mention)), line(the_line)
    {
    }
    PingClaim claim;
    Mention mention;
    std::size_t line;
};

/// An entry of an archive with all that hangs on it.
struct ImportedEntry {
    std::size_t line = 0;      ///< Where its record starts.
    std::string key;           ///< The same for the same record in every run.
    bool attach_only = false;  ///< "NO ENTRY": its comments and pings belong to an entry that is there already.
    EntryDraft draft;
    std::optional<std::int64_t> id;
    std::optional<std::int64_t> trackback_id;
    std::int64_t ids_above = 0;          ///< A new id lies above it: those up to it are promised to other records.
    std::vector<std::string> old_paths;  ///< Comparison paths below the site's base.
    std::vector<Comment> comments;
    std::vector<ImportedPing> pings;
};

/// A sentence for the report.
struct ImportRemark {
    ImportRemark(std::size_t the_line, bool is_left_out, std::string the_text)
        : line(the_line), left_out(is_left_out), text(std::move(the_text))
    {
    }
    std::size_t line;
    bool left_out;  ///< Else mended.
    std::string text;
};

struct ImportCounts {
    std::int64_t entries_added = 0;
    std::int64_t entries_known = 0;
    std::int64_t comments_added = 0;
    std::int64_t comments_known = 0;
    std::int64_t pings_added = 0;
    std::int64_t pings_known = 0;
    std::int64_t mentions_added = 0;
    std::int64_t pings_folded = 0;  ///< Pings of a mention that another ping had announced.
    std::vector<ImportRemark> remarks;
};

}  // namespace backtalk
