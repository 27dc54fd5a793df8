#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "weblog/entry.h"

namespace backtalk {

/// What stands above the text of an entry's file. What is absent was not given, or was given empty.
/// Texts are well-formed UTF-8 without control characters; all but the excerpt are a single line.
struct FrontMatter {
    std::optional<std::string> title;
    std::optional<ZonedTime> date;  ///< Without a zone it is meant in the site's: see TimeZone.
    std::optional<std::string> slug;
    std::vector<std::string> categories;  ///< Names, the primary one first.
    std::vector<std::string> tags;
    std::optional<EntryStatus> status;
    std::optional<std::string> excerpt;
    std::optional<std::string> author;
    std::optional<std::int64_t> id;  ///< At least 1, as is trackback_id.
    std::optional<std::int64_t> trackback_id;
    std::optional<std::string> permalink;  ///< An absolute http or https URL, or a path that starts with "/".
    std::vector<std::string> trackbacks;   ///< Absolute http or https URLs, as in_reply_to is.
    std::optional<std::string> in_reply_to;

    std::vector<std::string> unknown_keys;  ///< As written; to warn of.
};

/// A file of an entry, taken apart.
struct ParsedEntryFile {
    FrontMatter front_matter;
    std::string body;           ///< Without blank lines before it, and with line feeds alone as line ends.
    std::size_t body_line = 1;  ///< Where it starts in the file, from 1.
};

/// Reads an entry's file: YAML between two lines of `---`, or TOML between two lines of `+++`, and the text after it. A file that
/// starts with neither is text from its first line on.
///
/// Keys: `title date slug categories tags status excerpt author id trackback_id permalink trackbacks in-reply-to`, in any
///   letter case, "-" and "_" alike. Also understood, since other programs write them: `category`, `tag`, lists as text with
///   commas, `draft: true`, `published: false`, `description` and `summary` where there is no excerpt; `lastmod` is ignored.
/// Input:  UTF-8 with or without byte order mark, any line ends.
/// Limits: front matter of 64 KiB; YAML anchors and aliases are refused.
/// Errors: Malformed (not UTF-8, not YAML or TOML, a value that its key cannot have), TooLarge. The text names the line of the
///   file, the key, the value, and what to write instead.
Result<ParsedEntryFile> read_entry_file(std::string_view bytes);

/// Front matter in YAML, from `---` to `---`, that read_entry_file() reads back as the same.
std::string front_matter_yaml(FrontMatter const& front_matter);

}  // namespace backtalk
