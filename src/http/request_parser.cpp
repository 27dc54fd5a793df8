#include "http/request_parser.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "http/character_class.h"

namespace backtalk::http {

namespace {

using Outcome = Parsed::Outcome;

constexpr std::size_t leading_empty_bytes_max = 8;

Parsed refused(int status, char const* reason) { return Parsed{Outcome::Refused, 0, status, reason}; }

constexpr Parsed accepted{Outcome::Complete, 0, 0, ""};

std::string_view without_blanks(std::string_view value)
{
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
        value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
        value.remove_suffix(1);
    return value;
}

bool is_port(std::string_view text) { return text.size() <= 5 && std::ranges::all_of(text, is_ascii_digit); }

/// uri-host [":" port]. NB: narrower than RFC 3986: no percent-encoding, no sub-delims. No name in use has them, and they are
/// how one authority is made to look like another.
bool is_authority(std::string_view text)
{
    if (text.empty() || text.size() > 260)
        return false;
    std::size_t host_end;
    if (text.front() == '[') {
        host_end = text.find(']');
        if (host_end == std::string_view::npos)
            return false;
        for (char c : text.substr(1, host_end - 1))
            if (hex_digit_value(c) < 0 && c != ':' && c != '.')
                return false;
        ++host_end;
    } else {
        host_end = std::min(text.find(':'), text.size());
        if (host_end == 0)
            return false;
        for (char c : text.substr(0, host_end))
            if (!is_ascii_alnum(c) && c != '-' && c != '.' && c != '_')
                return false;
    }
    return host_end == text.size() || (text[host_end] == ':' && is_port(text.substr(host_end + 1)));
}

/// Splits "/path?query".
void split_origin_form(std::string_view text, RequestHead& out)
{
    std::size_t const mark = text.find('?');
    out.path = text.substr(0, mark);
    out.query = mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1);
}

/// RFC 9112, 3.2: origin-form, absolute-form, asterisk-form. Authority-form belongs to CONNECT, and we are no proxy.
Parsed parse_target(RequestHead& out)
{
    std::string_view const target = out.target;
    if (has_byte_below(target, 0x21))
        return refused(400, "control character or blank in the target");
    if (target.find('#') != std::string_view::npos)
        return refused(400, "fragment in the target");
    if (target.front() == '/') {
        split_origin_form(target, out);
        return accepted;
    }
    if (target == "*" && out.method == Method::Options) {
        out.path = target;
        return accepted;
    }
    std::size_t const scheme_end = starts_with_ignoring_case(target, "http://") ? 7 : starts_with_ignoring_case(target, "https://") ? 8 : 0;
    if (scheme_end == 0)
        return refused(400, "target in no known form");
    std::size_t const authority_end = std::min(target.find_first_of("/?", scheme_end), target.size());
    out.authority = target.substr(scheme_end, authority_end - scheme_end);
    if (!is_authority(out.authority))
        return refused(400, "malformed authority in the target");
    split_origin_form(target.substr(authority_end), out);
    if (out.path.empty())
        out.path = "/";
    return accepted;
}

Parsed parse_version(std::string_view text, RequestHead& out)
{
    if (text == "HTTP/1.1") {
        out.version_minor = 1;
        return accepted;
    }
    if (text.size() != 8 || !text.starts_with("HTTP/") || !is_ascii_digit(text[5]) || text[6] != '.' || !is_ascii_digit(text[7]))
        return refused(400, "malformed version");
    if (text[5] != '1')
        return refused(505, "not HTTP/1");
    out.version_minor = text[7] - '0';
    out.keep_alive = out.version_minor > 0;
    return accepted;
}

Parsed parse_request_line(std::string_view line, ParseLimits const& limits, RequestHead& out)
{
    std::size_t const method_end = line.find(' ');
    if (method_end == std::string_view::npos || method_end == 0)
        return refused(400, "malformed request line");
    out.method_name = line.substr(0, method_end);
    if (!std::ranges::all_of(out.method_name, is_token_char))
        return refused(400, "malformed method");
    out.method = method_of(out.method_name);
    std::size_t const target_end = line.rfind(' ');
    if (target_end <= method_end + 1)
        return refused(400, "malformed request line");
    out.target = line.substr(method_end + 1, target_end - method_end - 1);
    if (out.target.size() > limits.target_bytes)
        return refused(414, "target too long");
    if (Parsed const version = parse_version(line.substr(target_end + 1), out); version.outcome == Outcome::Refused)
        return version;
    return parse_target(out);
}

/// What the message framing needs to know, gathered line by line.
struct Framing {
    bool has_host = false;
    bool has_transfer_encoding = false;
};

Parsed read_content_length(std::string_view value, RequestHead& out)
{
    if (out.content_length)
        return refused(400, "two Content-Length lines");
    if (value.empty() || !std::ranges::all_of(value, is_ascii_digit))
        return refused(400, "malformed Content-Length");
    out.content_length = parse_integer<std::uint64_t>(value);
    return out.content_length ? accepted : refused(413, "Content-Length beyond all bounds");
}

void read_connection(std::string_view value, RequestHead& out)
{
    for (std::string_view const option : split(value, ',')) {
        if (equal_ignoring_case(trimmed(option), "close"))
            out.keep_alive = false;
        else if (out.version_minor == 0 && equal_ignoring_case(trimmed(option), "keep-alive"))
            out.keep_alive = true;
    }
}

Parsed read_host(std::string_view value, Framing& framing, RequestHead& out)
{
    if (framing.has_host)
        return refused(400, "two Host lines");
    framing.has_host = true;
    if (!is_authority(value))
        return refused(400, "malformed Host");
    if (out.authority.empty())
        out.authority = value;
    return accepted;
}

Parsed read_transfer_encoding(std::string_view value, Framing& framing, RequestHead& out)
{
    // Beast, for one, took "xchunked" as a request without a body, and the body as the next request. Only one spelling is known here.
    if (framing.has_transfer_encoding || !equal_ignoring_case(value, "chunked"))
        return refused(400, "Transfer-Encoding other than chunked");
    framing.has_transfer_encoding = true;
    out.chunked = true;
    return accepted;
}

void keep_first(std::string_view& slot, std::string_view value)
{
    if (slot.empty())
        slot = value;
}

/// The lines that decide how a message is read, and those that every page looks at.
Parsed read_known_header(HeaderView header, Framing& framing, RequestHead& out)
{
    auto const is = [&](std::string_view name) { return equal_ignoring_case(header.name, name); };
    switch (header.name.size()) {
    case 4:
        if (is("host"))
            return read_host(header.value, framing, out);
        break;
    case 6:
        if (is("expect")) {
            if (!equal_ignoring_case(header.value, "100-continue"))
                return refused(417, "unknown expectation");
            out.expects_continue = out.version_minor > 0;
        }
        break;
    case 10:
        if (is("connection"))
            read_connection(header.value, out);
        break;
    case 13:
        if (is("if-none-match"))
            keep_first(out.if_none_match, header.value);
        break;
    case 14:
        if (is("content-length"))
            return read_content_length(header.value, out);
        break;
    case 15:
        if (is("accept-encoding"))
            keep_first(out.accept_encoding, header.value);
        break;
    case 17:
        if (is("transfer-encoding"))
            return read_transfer_encoding(header.value, framing, out);
        if (is("if-modified-since"))
            keep_first(out.if_modified_since, header.value);
        break;
    default: break;
    }
    return accepted;
}

Parsed parse_header_line(std::string_view line, Framing& framing, RequestHead& out)
{
    // A folded line begins with a blank, a blank before the colon is none of the token either: both end here.
    std::size_t name_end = 0;
    while (name_end < line.size() && is_token_char(line[name_end]))
        ++name_end;
    if (name_end == 0 || name_end == line.size() || line[name_end] != ':')
        return refused(400, "malformed header line");
    HeaderView const header{line.substr(0, name_end), without_blanks(line.substr(name_end + 1))};
    if (!is_field_value(header.value))
        return refused(400, "control character in a header");
    if (!out.add(header))
        return refused(431, "too many header lines");
    return read_known_header(header, framing, out);
}

/// RFC 9112, 3.2 (Host) and 6.3 (message body length).
Parsed check_framing(Framing const& framing, RequestHead const& out)
{
    if (!framing.has_host && out.version_minor > 0)
        return refused(400, "no Host");
    if (framing.has_transfer_encoding && out.content_length)
        return refused(400, "Content-Length beside Transfer-Encoding");
    if (framing.has_transfer_encoding && out.version_minor == 0)
        return refused(400, "Transfer-Encoding in HTTP/1.0");
    return accepted;
}

/// `head` holds whole lines only, and no LF without CR before it.
std::string_view take_line(std::string_view& head)
{
    auto const* const end = static_cast<char const*>(std::memchr(head.data(), '\n', head.size()));
    auto const length = static_cast<std::size_t>(end - head.data());
    std::string_view const line = head.substr(0, length - 1);
    head.remove_prefix(length + 1);
    return line;
}

Parsed parse_whole_head(std::string_view head, ParseLimits const& limits, RequestHead& out)
{
    out.clear();
    if (Parsed const line = parse_request_line(take_line(head), limits, out); line.outcome == Outcome::Refused)
        return line;
    Framing framing;
    for (;;) {
        std::string_view const line = take_line(head);
        if (line.empty())
            return check_framing(framing, out);
        if (Parsed const header = parse_header_line(line, framing, out); header.outcome == Outcome::Refused)
            return header;
    }
}

enum class Seen { Nothing, RequestLine, WholeHead, BareLineFeed, TooManyEmptyLines };

/// Looks at the bytes that are new, up to the end of the head.
Seen look_for_end(std::string_view buffer, ParseProgress& progress)
{
    Seen seen = Seen::Nothing;
    while (progress.scanned < buffer.size()) {
        auto const* const found =
            static_cast<char const*>(std::memchr(buffer.data() + progress.scanned, '\n', buffer.size() - progress.scanned));
        if (!found) {
            progress.scanned = buffer.size();
            break;
        }
        auto const at = static_cast<std::size_t>(found - buffer.data());
        if (at == progress.line_start || buffer[at - 1] != '\r')
            return Seen::BareLineFeed;
        bool const empty = at - 1 == progress.line_start;
        progress.scanned = progress.line_start = at + 1;
        if (progress.request_line_seen) {
            if (empty)
                return Seen::WholeHead;
        } else if (!empty) {
            progress.request_line_seen = true;
            seen = Seen::RequestLine;
        } else {
            progress.head_start = at + 1;
            if (progress.head_start > leading_empty_bytes_max)
                return Seen::TooManyEmptyLines;
        }
    }
    return seen;
}

/// A line that is not a request is refused at once, however long its end takes to come.
Parsed judge_beginning(std::string_view buffer, ParseLimits const& limits, ParseProgress const& progress)
{
    std::size_t const start = progress.head_start;
    if (start < buffer.size() && !is_token_char(buffer[start]) && buffer[start] != '\r')
        return refused(400, "no request");
    if (start + 1 < buffer.size() && buffer[start] == '\r')
        return refused(400, "CR without LF");
    std::size_t const beside_target = 32;  // method and version
    if (buffer.size() - start > limits.target_bytes + beside_target)
        return refused(414, "request line too long");
    return Parsed{};
}

}  // namespace

Parsed parse_request_head(std::string_view buffer, ParseLimits const& limits, ParseProgress& progress, RequestHead& out)
{
    Seen const seen = look_for_end(buffer, progress);
    switch (seen) {
    case Seen::BareLineFeed: return refused(400, "LF without CR");
    case Seen::TooManyEmptyLines: return refused(400, "empty lines instead of a request");
    case Seen::WholeHead: {
        if (progress.scanned > limits.header_bytes)
            return refused(431, "head too long");
        Parsed parsed = parse_whole_head(buffer.substr(progress.head_start, progress.scanned - progress.head_start), limits, out);
        parsed.bytes = progress.scanned;
        return parsed;
    }
    case Seen::RequestLine: {
        std::string_view rest = buffer.substr(progress.head_start);
        out.clear();
        if (Parsed const line = parse_request_line(take_line(rest), limits, out); line.outcome == Outcome::Refused)
            return line;
        break;
    }
    case Seen::Nothing: break;
    }
    if (!progress.request_line_seen)
        return judge_beginning(buffer, limits, progress);
    if (buffer.size() > limits.header_bytes)
        return refused(431, "head too long");
    return Parsed{};
}

}  // namespace backtalk::http
