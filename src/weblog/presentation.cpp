#include "weblog/presentation.h"

#include "base/text.h"
#include "markup/sanitizer.h"
#include "weblog/page_values.h"

namespace backtalk {

namespace {

constexpr std::size_t shown_content_bytes_max = 32 * 1024;

std::string_view without_last_dots(std::string_view name)
{
    constexpr std::string_view ellipsis = "…";
    for (;;) {
        name = trimmed(name);
        if (name.ends_with('.'))
            name.remove_suffix(1);
        else if (name.ends_with(ellipsis))
            name.remove_suffix(ellipsis.size());
        else
            return name;
    }
}

/// No-break spaces come and go with the markup.
std::size_t skip_space(std::string_view text, std::size_t at)
{
    for (;;) {
        if (at < text.size() && is_ascii_space(text[at]))
            ++at;
        else if (text.substr(at).starts_with("\xC2\xA0"))
            at += 2;
        else
            return at;
    }
}

}  // namespace

std::string cut_text(std::string_view text, std::size_t characters_max)
{
    if (text.size() <= characters_max || code_point_count(text) <= characters_max)
        return std::string(text);
    std::size_t end = 0;
    for (std::size_t kept = 0; kept + 1 < characters_max; ++kept)
        next_code_point(text, end);
    std::size_t const blank = text.find_last_of(" \n", end);
    if (blank != std::string_view::npos && blank > end / 2)
        end = blank;
    return std::string(trimmed(text.substr(0, end))) + "…";
}

bool repeats(std::string_view name, std::string_view text)
{
    std::string_view const words = without_last_dots(name);
    if (words.empty())
        return false;
    std::size_t at = 0;
    for (std::size_t i = skip_space(words, 0); i < words.size(); i = skip_space(words, i + 1)) {
        at = skip_space(text, at);
        if (at >= text.size() || text[at] != words[i])
            return false;
        ++at;
    }
    return true;
}

std::string words_of_reply(SourceEntry const& entry)
{
    bool const is_long = code_point_count(entry.content_text) > response_characters_max;
    if (!entry.content_text.empty() && !is_long)
        return line_of(entry.content_text, response_characters_max);
    if (!entry.summary.empty())
        return entry.summary;
    if (!entry.name.empty())
        return entry.name;
    return line_of(entry.content_text, response_characters_max);
}

std::string words_of_reaction(SourceEntry const& entry)
{
    if (!entry.content_text.empty())
        return line_of(entry.content_text, response_characters_max);
    return entry.summary;
}

std::string shown_content(SourceEntry const& entry, Url const& base)
{
    if (entry.content_html.empty() || code_point_count(entry.content_text) > shown_content_characters_max)
        return {};
    std::string html = markup::sanitized(entry.content_html, &base);
    return html.size() <= shown_content_bytes_max ? html : std::string();
}

}  // namespace backtalk
