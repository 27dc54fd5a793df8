#include "url/url_parser.h"

#include "base/text.h"
#include "url/host.h"
#include "url/percent.h"

namespace backtalk {
namespace {

// A browser turns a backslash into a slash, so every delimiter that is a slash has both.
constexpr std::string_view slashes = "/\\";
constexpr std::string_view authority_end = "/\\?#";

constexpr bool is_c0_control_or_space(char c) { return static_cast<unsigned char>(c) <= 0x20; }
constexpr bool is_slash(char c) { return c == '/' || c == '\\'; }

std::string_view without_outer_controls(std::string_view text)
{
    while (!text.empty() && is_c0_control_or_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_c0_control_or_space(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string without_tabs_and_newlines(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char const c : text)
        if (c != '\t' && c != '\n' && c != '\r')
            out.push_back(c);
    return out;
}

/// The scheme before the first ":", or nothing if `input` does not start with one.
std::optional<std::string_view> scheme_of(std::string_view input)
{
    if (input.empty() || !is_ascii_alpha(input[0]))
        return std::nullopt;
    for (std::size_t i = 1; i < input.size(); ++i) {
        char const c = input[i];
        if (c == ':')
            return input.substr(0, i);
        if (!is_ascii_alnum(c) && c != '+' && c != '-' && c != '.')
            return std::nullopt;
    }
    return std::nullopt;
}

std::string_view up_to_any(std::string_view text, std::string_view delimiters) { return text.substr(0, text.find_first_of(delimiters)); }

/// The number of dots that a path segment means as a dot segment: 0, 1 or 2; "%2e" is a dot.
int dots_of(std::string_view segment)
{
    int dots = 0;
    while (!segment.empty() && dots < 3) {
        if (segment[0] == '.')
            segment.remove_prefix(1);
        else if (starts_with_ignoring_case(segment, "%2e"))
            segment.remove_prefix(3);
        else
            return 0;
        ++dots;
    }
    return dots <= 2 ? dots : 0;
}

/// https://url.spec.whatwg.org/#shorten-a-urls-path
void shorten(std::string& path)
{
    if (std::size_t const slash = path.rfind('/'); slash != std::string::npos)
        path.erase(slash);
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

}  // namespace

Result<Url> UrlParser::parse(std::string_view text, Url const* base)
{
    if (text.size() > url_bytes_max)
        return failure(ErrorCode::Malformed, "URL is too long");
    std::string cleaned;
    std::string_view input = without_outer_controls(text);
    if (input.find_first_of("\t\n\r") != std::string_view::npos) {
        cleaned = without_tabs_and_newlines(input);
        input = cleaned;
    }
    if (!is_valid_utf8(input)) {
        cleaned = repaired_utf8(input);
        input = cleaned;
    }
    return UrlParser(base).run(input);
}

/// Scheme start state, scheme state, no scheme state, special relative or authority state.
Result<Url> UrlParser::run(std::string_view input)
{
    std::optional<std::string_view> const scheme = scheme_of(input);
    if (!scheme) {
        if (base_ == nullptr)
            return failure(ErrorCode::Malformed, "relative URL without a base");
        scheme_ = base_->scheme();
        return relative(input);
    }
    scheme_ = ascii_lower(*scheme);
    if (scheme_ != "http" && scheme_ != "https")
        return failure(ErrorCode::Refused, "URL is neither http nor https");
    std::string_view const rest = input.substr(scheme->size() + 1);
    // "http:page.html" is relative where the base has the same scheme.
    if (base_ != nullptr && base_->scheme() == scheme_ && !rest.starts_with("//"))
        return relative(rest);
    return special_authority(rest);
}

void UrlParser::copy_authority_of_base()
{
    std::string_view userinfo = base_->str();
    userinfo = userinfo.substr(base_->scheme().size() + 3, base_->host_start_ - base_->scheme().size() - 3);
    if (!userinfo.empty()) {
        userinfo.remove_suffix(1);  // "@"
        std::size_t const colon = userinfo.find(':');
        username_ = userinfo.substr(0, colon);
        password_ = colon == std::string_view::npos ? std::string_view() : userinfo.substr(colon + 1);
    }
    host_ = base_->host();
    if (!base_->has_default_port())
        port_ = base_->port();
}

/// Relative state.
Result<Url> UrlParser::relative(std::string_view rest)
{
    if (!rest.empty() && is_slash(rest[0]))
        return relative_slash(rest.substr(1));
    copy_authority_of_base();
    path_ = base_->path();
    if (rest.empty() || rest[0] == '#') {
        query_ = base_->query();
        return after_path(rest);
    }
    if (rest[0] == '?')
        return after_path(rest);
    shorten(path_);
    std::string_view const segments = up_to_any(rest, "?#");
    path(segments);
    return after_path(rest.substr(segments.size()));
}

/// Relative slash state, behind the first slash.
Result<Url> UrlParser::relative_slash(std::string_view rest)
{
    if (!rest.empty() && is_slash(rest[0]))
        return special_authority(rest);
    copy_authority_of_base();
    std::string_view const segments = up_to_any(rest, "?#");
    path(segments);
    return after_path(rest.substr(segments.size()));
}

/// Special authority slashes state, special authority ignore slashes state, authority state.
Result<Url> UrlParser::special_authority(std::string_view rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(slashes), rest.size()));
    std::string_view authority = up_to_any(rest, authority_end);
    rest.remove_prefix(authority.size());
    // The last "@" counts: all before it are part of the user's name or password.
    if (std::size_t const at = authority.rfind('@'); at != std::string_view::npos) {
        credentials(authority.substr(0, at));
        authority.remove_prefix(at + 1);
    }
    TRY(host_, host_and_port(authority));
    return path_start(rest);
}

void UrlParser::credentials(std::string_view text)
{
    std::size_t const colon = text.find(':');
    append_percent_encoded(username_, text.substr(0, colon), userinfo_percent_encode_set);
    if (colon != std::string_view::npos)
        append_percent_encoded(password_, text.substr(colon + 1), userinfo_percent_encode_set);
}

/// Host state, port state.
Result<std::string> UrlParser::host_and_port(std::string_view text)
{
    bool in_brackets = false;
    std::size_t colon = 0;
    for (; colon < text.size(); ++colon) {
        if (text[colon] == '[')
            in_brackets = true;
        else if (text[colon] == ']')
            in_brackets = false;
        else if (text[colon] == ':' && !in_brackets)
            break;
    }
    if (colon == 0)
        return failure(ErrorCode::Malformed, "URL without a host");
    if (colon + 1 < text.size()) {
        unsigned port = 0;
        for (char const c : text.substr(colon + 1)) {
            if (!is_ascii_digit(c))
                return failure(ErrorCode::Malformed, "port is not a number");
            port = port * 10 + static_cast<unsigned>(c - '0');
            if (port > 65535)
                return failure(ErrorCode::Malformed, "port is too large");
        }
        if (port != default_port(scheme_))
            port_ = static_cast<std::uint16_t>(port);
    }
    return parse_host(text.substr(0, colon));
}

/// Path start state.
Result<Url> UrlParser::path_start(std::string_view rest)
{
    std::string_view segments = up_to_any(rest, "?#");
    rest.remove_prefix(segments.size());
    if (!segments.empty() && is_slash(segments[0]))
        segments.remove_prefix(1);
    path(segments);
    return after_path(rest);
}

/// Path state: appends the segments of `text`, whose first stands behind a slash already taken.
void UrlParser::path(std::string_view text)
{
    for (;;) {
        std::string_view const segment = up_to_any(text, slashes);
        bool const last = segment.size() == text.size();
        int const dots = dots_of(segment);
        if (dots == 2)
            shorten(path_);
        if (dots == 0 || last)
            path_ += '/';
        if (dots == 0)
            append_percent_encoded(path_, segment, path_percent_encode_set);
        if (last)
            return;
        text.remove_prefix(segment.size() + 1);
    }
}

/// Query state and fragment state: `rest` is empty or starts with "?" or "#".
Result<Url> UrlParser::after_path(std::string_view rest)
{
    if (rest.starts_with('?')) {
        std::string_view const query = up_to_any(rest.substr(1), "#");
        append_percent_encoded(query_.emplace(), query, special_query_percent_encode_set);
        rest.remove_prefix(query.size() + 1);
    }
    if (rest.starts_with('#'))
        append_percent_encoded(fragment_.emplace(), rest.substr(1), fragment_percent_encode_set);
    return serialised();
}

/// https://url.spec.whatwg.org/#concept-url-serializer
Result<Url> UrlParser::serialised() const
{
    Url url;
    std::string& text = url.text_;
    auto const here = [&text] { return static_cast<std::uint32_t>(text.size()); };
    text.reserve(scheme_.size() + host_.size() + path_.size() + (query_ ? query_->size() : 0) + (fragment_ ? fragment_->size() : 0) + 16);
    text.append(scheme_).append("://");
    bool const has_credentials = !username_.empty() || !password_.empty();
    if (has_credentials) {
        text += username_;
        if (!password_.empty())
            text.append(":").append(password_);
        text += '@';
    }
    url.host_start_ = here();
    text += host_;
    url.host_end_ = here();
    if (port_)
        text.append(":").append(std::to_string(*port_));
    url.port_ = port_.value_or(default_port(scheme_));
    url.path_start_ = here();
    text += path_;
    url.query_start_ = here();
    if (query_)
        text.append("?").append(*query_);
    url.fragment_start_ = here();
    if (fragment_)
        text.append("#").append(*fragment_);
    if (text.size() > url_bytes_max)
        return failure(ErrorCode::Malformed, "URL is too long");
    if (has_credentials)
        url.origin_.append(scheme_).append("://").append(url.authority());
    return url;
}

}  // namespace backtalk
