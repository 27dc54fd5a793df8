#include "weblog/front_matter.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "weblog/front_matter_fields.h"
#include "weblog/front_matter_values.h"

namespace backtalk {

namespace {

constexpr std::size_t front_matter_bytes_max = 64 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string with_line_feeds(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r')
            out += text[i];
        else if (i + 1 == text.size() || text[i + 1] != '\n')
            out += '\n';
    }
    return out;
}

std::size_t line_of(std::string_view text, std::size_t position)
{
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

/// The position of the first byte that is not UTF-8, or npos. Lines are valid or not each by itself, since no sequence holds a
/// line feed.
std::size_t first_ill_formed_line(std::string_view text)
{
    if (is_valid_utf8(text))
        return std::string_view::npos;
    for (std::size_t start = 0; start < text.size();) {
        std::size_t const end = std::min(text.find('\n', start), text.size() - 1) + 1;
        if (!is_valid_utf8(text.substr(start, end - start)))
            return start;
        start = end;
    }
    return text.size();
}

/// The line at `start` without its line feed and the blanks at its end.
std::string_view line_at(std::string_view text, std::size_t start)
{
    std::string_view line = text.substr(start, text.find('\n', start) - start);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
    return line;
}

std::size_t next_line(std::string_view text, std::size_t start)
{
    std::size_t const end = text.find('\n', start);
    return end == std::string_view::npos ? text.size() : end + 1;
}

struct Sections {
    std::string_view fence;  ///< "---", "+++", or empty: no front matter.
    std::string_view front_matter;
    std::size_t body_start = 0;
};

bool looks_like_field(std::string_view line)
{
    std::size_t const key_end = line.find_first_of(":=");
    return key_end != std::string_view::npos && key_end > 0 && is_ascii_alpha(line.front());
}

Result<Sections> sections_of(std::string_view text)
{
    Sections sections;
    std::string_view const opening = line_at(text, 0);
    if (opening != "---" && opening != "+++")
        return sections;
    std::size_t const start = next_line(text, 0);
    for (std::size_t at = start; at < text.size(); at = next_line(text, at)) {
        std::string_view const line = line_at(text, at);
        if (line == opening || (opening == "---" && line == "...")) {
            if (at - start > front_matter_bytes_max)
                return failure(ErrorCode::TooLarge,
                    fmt::format("line {}: front matter is longer than {} KiB: move text below the second {}", line_of(text, at),
                        front_matter_bytes_max / 1024, opening));
            sections.fence = opening;
            sections.front_matter = text.substr(start, at - start);
            sections.body_start = next_line(text, at);
            return sections;
        }
    }
    // A text may start with a rule ("---" alone); but what looks like keys was meant as front matter.
    if (looks_like_field(line_at(text, start)))
        return failure(
            ErrorCode::Malformed, fmt::format("line 1: front matter is opened but not closed: add a line of {} after it", opening));
    return sections;
}

std::size_t without_blank_lines(std::string_view text, std::size_t start)
{
    while (start < text.size() && trimmed(line_at(text, start)).empty())
        start = next_line(text, start);
    return start;
}

}  // namespace

Result<ParsedEntryFile> read_entry_file(std::string_view bytes)
{
    if (bytes.starts_with(byte_order_mark))
        bytes.remove_prefix(byte_order_mark.size());
    std::string const text = with_line_feeds(bytes);
    if (std::size_t const ill_formed = first_ill_formed_line(text); ill_formed != std::string_view::npos)
        return failure(
            ErrorCode::Malformed, fmt::format("line {}: this is not UTF-8: save the file in that encoding", line_of(text, ill_formed)));

    TRY(Sections const sections, sections_of(text));
    ParsedEntryFile file;
    if (!sections.fence.empty()) {
        if (std::size_t const zero = sections.front_matter.find('\0'); zero != std::string_view::npos)
            return failure(ErrorCode::Malformed,
                fmt::format("line {}: a zero byte stands in the front matter: remove it", 1 + line_of(sections.front_matter, zero)));
        constexpr std::size_t first_line = 2;
        TRY(auto fields,
            sections.fence == "---" ? front_matter::read_yaml(std::string(sections.front_matter), first_line)
                                    : front_matter::read_toml(sections.front_matter, first_line));
        TRY(file.front_matter, front_matter::from_fields(fields));
    }
    std::size_t const body_start = without_blank_lines(text, sections.body_start);
    file.body = text.substr(body_start);
    file.body_line = line_of(text, body_start);
    return file;
}

}  // namespace backtalk
