#include "weblog/entry.h"

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

}  // namespace backtalk
