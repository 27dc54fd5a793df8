#include <fmt/format.h>

#include "base/text.h"
#include "weblog/front_matter.h"

namespace backtalk {

namespace {

/// YAML takes these in a text only as escapes: controls, and what it may read as a line end or a byte order mark.
bool needs_escape(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

/// Always in double quotes, so that no text is taken for a number, a date, a truth value or a comment.
std::string quoted(std::string_view text)
{
    std::string const clean = repaired_utf8(text);
    std::string out = "\"";
    for (std::size_t i = 0; i < clean.size();) {
        std::size_t const start = i;
        char32_t const c = next_code_point(clean, i);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (needs_escape(c)) {
            out += fmt::format("\\u{:04X}", static_cast<std::uint32_t>(c));
        } else {
            out.append(clean, start, i - start);
        }
    }
    return out + '"';
}

void write_text(std::string& out, std::string_view key, std::optional<std::string> const& text)
{
    if (text)
        out += fmt::format("{}: {}\n", key, quoted(*text));
}

void write_number(std::string& out, std::string_view key, std::optional<std::int64_t> number)
{
    if (number)
        out += fmt::format("{}: {}\n", key, *number);
}

void write_list(std::string& out, std::string_view key, std::vector<std::string> const& texts)
{
    if (texts.empty())
        return;
    out += fmt::format("{}:\n", key);
    for (std::string const& text : texts)
        out += fmt::format("  - {}\n", quoted(text));
}

std::string date_text(ZonedTime const& date)
{
    std::string text = rfc3339(date.instant, date.offset);
    if (!date.has_zone)
        text.pop_back();  // "Z", since a date without a zone was read as UTC
    return text;
}

}  // namespace

std::string front_matter_yaml(FrontMatter const& front_matter)
{
    std::string out = "---\n";
    write_text(out, "title", front_matter.title);
    if (front_matter.date)
        out += fmt::format("date: {}\n", date_text(*front_matter.date));
    write_text(out, "slug", front_matter.slug);
    write_list(out, "categories", front_matter.categories);
    write_list(out, "tags", front_matter.tags);
    if (front_matter.status)
        out += fmt::format("status: {}\n", to_word(*front_matter.status));
    write_text(out, "excerpt", front_matter.excerpt);
    write_text(out, "author", front_matter.author);
    write_number(out, "id", front_matter.id);
    write_number(out, "trackback_id", front_matter.trackback_id);
    write_text(out, "permalink", front_matter.permalink);
    write_list(out, "trackbacks", front_matter.trackbacks);
    write_text(out, "in-reply-to", front_matter.in_reply_to);
    return out + "---\n";
}

}  // namespace backtalk
