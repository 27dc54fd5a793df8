#include "web/theme.h"

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

namespace {

constexpr std::string_view suffix = ".mustache";
constexpr std::string_view style_name = "style.css";

struct PageTemplate {
    PageKind kind;
    std::string_view name;
    Schema const* schema;
};

std::array<PageTemplate, page_kind_count> const& page_templates()
{
    Schema const& list = schema<ListPageSchema>();
    Schema const& entry = schema<EntryPageSchema>();
    static std::array<PageTemplate, page_kind_count> const all{{
        {PageKind::Home, "home", &list},
        {PageKind::Date, "date", &list},
        {PageKind::Category, "category", &list},
        {PageKind::Tag, "tag", &list},
        {PageKind::Archives, "archives", &schema<ArchivesPageSchema>()},
        {PageKind::Entry, "entry", &entry},
        {PageKind::Mentions, "mentions", &entry},
        {PageKind::Trackback, "trackback", &entry},
        {PageKind::Announced, "announced", &schema<AnnouncedPageSchema>()},
        {PageKind::Status, "status", &schema<StatusPageSchema>()},
        {PageKind::Endpoint, "endpoint", &schema<EndpointPageSchema>()},
        {PageKind::Gone, "gone", &schema<GonePageSchema>()},
        {PageKind::Error, "error", &schema<ErrorPageSchema>()},
    }};
    return all;
}

}  // namespace

Schema const& schema_of(PageKind kind) { return *page_templates()[static_cast<std::size_t>(kind)].schema; }

Result<Theme> Theme::load(std::span<EmbeddedFile const> defaults, std::map<std::string, std::string> const& overrides)
{
    Theme theme;
    TemplateSources sources;
    auto const take = [&](std::string_view name, std::string_view contents) {
        if (name == style_name)
            theme.style_sheet_ = contents;
        else if (name.ends_with(suffix))
            sources.insert_or_assign(std::string(name.substr(0, name.size() - suffix.size())), std::string(contents));
    };
    for (EmbeddedFile const& file : defaults)
        take(file.name, file.contents);
    for (auto const& [name, contents] : overrides)
        take(name, contents);

    for (PageTemplate const& page : page_templates()) {
        TRY(Template compiled, Template::compile(page.name, sources, *page.schema));
        theme.templates_.push_back(std::move(compiled));
    }
    theme.style_sheet_name_ = fmt::format("style-{:016x}.css", stable_hash(theme.style_sheet_));
    return theme;
}

Result<std::string> Theme::render(PageKind kind, View const& page) const { return templates_[static_cast<std::size_t>(kind)].render(page); }

}  // namespace backtalk::web
