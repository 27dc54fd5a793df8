#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/embedded.h"
#include "web/page_schema.h"
#include "web/template.h"

namespace backtalk::web {

/// The kinds of pages; each is a template of its own, compiled against a Schema of page_schema.h.
enum class PageKind : std::uint8_t {
    Home,       ///< home.mustache: ListPageSchema
    Date,       ///< date.mustache: ListPageSchema; a year, a month, a day
    Category,   ///< category.mustache: ListPageSchema
    Tag,        ///< tag.mustache: ListPageSchema
    Archives,   ///< archives.mustache: ArchivesPageSchema
    Entry,      ///< entry.mustache: EntryPageSchema
    Mentions,   ///< mentions.mustache: EntryPageSchema; all mentions of an entry, page by page
    Trackback,  ///< trackback.mustache: EntryPageSchema; what a person sees at a ping URL
    Announced,  ///< announced.mustache: AnnouncedPageSchema; the answer to the form
    Status,     ///< status.mustache: StatusPageSchema; how it stands with a Webmention
    Endpoint,   ///< endpoint.mustache: EndpointPageSchema; what a person sees at an endpoint
    Gone,       ///< gone.mustache: GonePageSchema; the tombstone of a deleted entry
    Error,      ///< error.mustache: ErrorPageSchema; 404 and the like
};
inline constexpr std::size_t page_kind_count = 13;

Schema const& schema_of(PageKind kind);

/// The looks of a site: its templates, all compiled, and its style sheet.
class Theme {
public:
    /// `defaults` are the files of themes/default; `overrides` are the files of the home's theme by name ("entry.mustache",
    /// "style.css") and win over them, partials too.
    /// Errors: Malformed (a template, with file and line).
    static Result<Theme> load(std::span<EmbeddedFile const> defaults, std::map<std::string, std::string> const& overrides);

    /// Errors: TooLarge (Template::output_bytes_max).
    Result<std::string> render(PageKind kind, View const& page) const;

    // Views are valid while this Theme lives.
    std::string_view style_sheet() const { return style_sheet_; }
    /// "style-0123456789abcdef.css": another name whenever the contents differ, so that it may be cached for ever.
    std::string const& style_sheet_name() const { return style_sheet_name_; }

private:
    Theme() = default;

    std::vector<Template> templates_;  ///< By PageKind.
    std::string style_sheet_;
    std::string style_sheet_name_;
};

}  // namespace backtalk::web
