#include "weblog/entry.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "weblog/slug.h"
#include "weblog/words.h"

namespace backtalk {

namespace {
constexpr WordTable<EntryStatus, 5> statuses = {{{{EntryStatus::Draft, "draft"}, {EntryStatus::Scheduled, "scheduled"},
    {EntryStatus::Published, "published"}, {EntryStatus::Unlisted, "unlisted"}, {EntryStatus::Deleted, "deleted"}}}};
constexpr WordTable<TextFormat, 3> formats = {
    {{{TextFormat::Html, "html"}, {TextFormat::Markdown, "markdown"}, {TextFormat::ConvertBreaks, "convert_breaks"}}}};
}  // namespace

std::string_view to_word(EntryStatus status) { return statuses.word(status); }
std::optional<EntryStatus> entry_status_named(std::string_view word) { return statuses.named(word); }
std::string_view to_word(TextFormat format) { return formats.word(format); }
std::optional<TextFormat> text_format_named(std::string_view word) { return formats.named(word); }

std::vector<Label> labels_of(std::vector<std::string> const& names)
{
    std::vector<Label> all;
    for (std::string const& name : names) {
        Label label(name, category_slug(name));
        if (std::none_of(all.begin(), all.end(), [&](Label const& each) { return each.slug == label.slug; }))
            all.push_back(std::move(label));
    }
    return all;
}

std::string version_of(EntryDraft const& entry)
{
    std::uint64_t hash = stable_hash("entry");
    auto const add = [&](std::string_view part) { hash = stable_hash(part, stable_hash(fmt::format("|{}|", part.size()), hash)); };
    for (std::string_view const part : {to_word(entry.status), to_word(entry.format)})
        add(part);
    add(fmt::format("{} {} {}", rfc3339(entry.published, entry.offset), entry.takes_pings, entry.takes_comments));
    for (std::string const* const part :
        {&entry.title, &entry.slug, &entry.author, &entry.body, &entry.extended_body, &entry.excerpt, &entry.keywords, &entry.in_reply_to})
        add(*part);
    for (auto const* const labels : {&entry.categories, &entry.tags}) {
        add(std::to_string(labels->size()));
        for (Label const& label : *labels)
            add(label.name);
    }
    for (std::string const& trackback : entry.trackbacks)
        add(trackback);
    return fmt::format("{:016x}", hash);
}

}  // namespace backtalk
