#include "trackback/message.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "markup/charset.h"
#include "markup/html_entities.h"
#include "markup/xml_text.h"

namespace backtalk::trackback {

namespace {

constexpr std::size_t field_bytes_max = 16 * 1024;
constexpr std::size_t url_bytes_max = 2000;
constexpr std::size_t quoted_characters_max = 200;

std::string_view field_of(std::span<std::pair<std::string, std::string> const> form, std::string_view name)
{
    auto const found = std::find_if(form.begin(), form.end(), [&](auto const& field) { return field.first == name; });
    return found == form.end() ? std::string_view() : std::string_view(found->second);
}

/// Whether the bytes can be what their sender says. Only UTF-8 can be proved wrong; the other charsets read nearly anything.
bool fits(markup::Charset const& charset, std::string_view bytes) { return charset != markup::Charset::utf8() || is_valid_utf8(bytes); }

std::optional<markup::Charset> declared_charset(
    std::span<std::pair<std::string, std::string> const> form, std::string_view content_type, std::string_view bytes)
{
    if (auto const charset = markup::Charset::named(trimmed(field_of(form, "charset"))); charset && fits(*charset, bytes))
        return charset;
    if (auto const charset = markup::charset_of_content_type(content_type).and_then(markup::Charset::named);
        charset && fits(*charset, bytes))
        return charset;
    return std::nullopt;
}

std::string line_of(std::string_view utf8)
{
    // References are decoded before controls are dropped: "&#0;" and "&#x202E;" hide there.
    return cut_at_word(without_controls(markup::decoded_references(utf8)), field_characters_max);
}

}  // namespace

PingFields read_ping_fields(std::span<std::pair<std::string, std::string> const> form, std::string_view content_type)
{
    std::string_view const names[] = {"title", "excerpt", "blog_name"};
    std::string all;
    for (std::string_view name : names) {
        all += field_of(form, name).substr(0, field_bytes_max);
        all += '\n';
    }
    std::optional<markup::Charset> charset = declared_charset(form, content_type, all);
    if (!charset)
        charset = markup::guessed_charset(all);
    auto const read = [&](std::string_view name) {
        return line_of(markup::decoded_text(field_of(form, name).substr(0, field_bytes_max), charset));
    };
    PingFields fields;
    fields.url = std::string(trimmed(field_of(form, "url").substr(0, field_bytes_max)));
    fields.title = read("title");
    fields.excerpt = read("excerpt");
    fields.blog_name = read("blog_name");
    return fields;
}

std::string title_or_substitute(PingFields const& fields)
{
    if (!fields.title.empty())
        return fields.title;
    constexpr int words = 5;
    std::size_t end = 0;
    for (int i = 0; i < words && end != std::string::npos; ++i)
        end = fields.excerpt.find(' ', end + (i > 0 ? 1 : 0));
    if (fields.excerpt.empty())
        return cut_at_word(without_controls(repaired_utf8(fields.url)), field_characters_max);
    return end == std::string::npos ? fields.excerpt : fields.excerpt.substr(0, end) + "…";
}

namespace {

/// "ftp" of "ftp://x", "javascript" of "javascript:alert(1)"; nothing of "a.example:8080/" and of what has no colon.
std::optional<std::string_view> scheme_of(std::string_view text)
{
    std::size_t const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_ascii_alpha(text[0]))
        return std::nullopt;
    std::string_view const scheme = text.substr(0, colon);
    bool const plain =
        std::all_of(scheme.begin(), scheme.end(), [](char c) { return is_ascii_alnum(c) || c == '+' || c == '-' || c == '.'; });
    if (!plain)
        return std::nullopt;
    std::string_view rest = text.substr(colon + 1);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    bool const is_port = !rest.empty() && rest.size() <= 5 && std::all_of(rest.begin(), rest.end(), is_ascii_digit);
    return is_port ? std::nullopt : std::optional(scheme);
}

}  // namespace

Result<Url> repaired_source(std::string_view url_field)
{
    std::string_view const text = trimmed(url_field);
    if (text.empty())
        return failure(ErrorCode::Malformed, "the source URL is empty");
    if (text.size() > url_bytes_max)
        return failure(ErrorCode::Malformed, "the source URL is too long");
    for (char c : text)
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\')
            return failure(ErrorCode::Malformed, "the source URL has a blank, a quote or a control character in it");
    if (!is_valid_utf8(text))
        return failure(ErrorCode::Malformed, "the source URL is not UTF-8");

    std::string mended(text);
    for (auto const& [wrong, right] : {std::pair<std::string_view, std::string_view>{"http;//", "http://"}, {"https;//", "https://"},
             {"http//", "http://"}, {"https//", "https://"}})
        if (starts_with_ignoring_case(text, wrong))
            mended = std::string(right) + std::string(text.substr(wrong.size()));
    auto const scheme = scheme_of(mended);
    if (!scheme)
        mended = "http://" + std::string(mended.starts_with("//") ? std::string_view(mended).substr(2) : mended);
    else if (!equal_ignoring_case(*scheme, "http") && !equal_ignoring_case(*scheme, "https"))
        return failure(ErrorCode::Refused, "the source URL is neither http nor https");
    else if (!std::string_view(mended).substr(scheme->size()).starts_with("://"))
        return failure(ErrorCode::Malformed, "the source URL has no host");
    TRY(Url url, Url::parse(mended));
    if (url.has_credentials())
        return failure(ErrorCode::Malformed, "the source URL holds a name or password");
    return url;
}

namespace {

struct Wire {
    int status;
    std::string_view message;  ///< "…" stands for what is quoted.
};

/// Movable Type 3.34 to 6: its words, its HTTP status.
Wire wire_of(Refusal refusal)
{
    switch (refusal) {
    case Refusal::NotPost: return {200, "Trackback pings must use HTTP POST"};
    case Refusal::NoId: return {200, "Need a TrackBack ID (tb_id)."};
    case Refusal::UnknownId: return {200, "Invalid TrackBack ID '…'"};
    case Refusal::Banned: return {200, "You are not allowed to send TrackBack pings."};
    case Refusal::Throttled: return {403, "You are pinging trackbacks too quickly. Please try again later."};
    case Refusal::NoUrl: return {200, "Need a Source URL (url)."};
    case Refusal::BadUrl: return {200, "Invalid URL '…'"};
    case Refusal::Disabled: return {200, "This TrackBack item is disabled."};
    case Refusal::Passphrase: return {200, "This TrackBack item is protected by a passphrase."};
    case Refusal::TooLarge: return {413, "This TrackBack ping is too large."};
    case Refusal::Malformed: return {400, "This is not a form."};
    case Refusal::Overloaded: return {503, "Too many TrackBack pings are waiting. Please try again later."};
    case Refusal::Internal: return {500, "An internal error occurred"};
    }
    return {500, "An internal error occurred"};
}

constexpr std::string_view xml_start = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n";

}  // namespace

Answer accepted() { return {200, success_xml()}; }

Answer refused(Refusal refusal, std::string_view subject)
{
    Wire const wire = wire_of(refusal);
    std::string const quoted =
        cut_at_word(without_controls(repaired_utf8(subject.substr(0, 4 * quoted_characters_max))), quoted_characters_max);
    return {wire.status, error_xml(replaced_all(wire.message, "…", quoted))};
}

std::string success_xml() { return std::string(xml_start) + "<error>0</error>\n</response>\n"; }

std::string error_xml(std::string_view message)
{
    std::string out(xml_start);
    out += "<error>1</error>\n<message>";
    append_xml_text(out, message);
    out += "</message>\n</response>\n";
    return out;
}

}  // namespace backtalk::trackback
