#include "trackback/reply.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "markup/charset.h"
#include "trackback/xml_reader.h"

namespace backtalk::trackback {

namespace {

constexpr std::size_t message_characters_max = 255;
constexpr std::size_t value_bytes_max = 16 * 1024;
constexpr std::size_t body_bytes_max = 256 * 1024;  ///< A listing may come with the answer; what is said comes first.

/// What a document says, whatever the HTTP status around it.
struct Statement {
    bool is_error = false;
    std::string message;
};

std::optional<markup::Charset> declared_in_xml(std::string_view body)
{
    std::string_view head = trimmed(body.substr(0, 256));
    if (!head.starts_with("<?xml"))
        return std::nullopt;
    head = head.substr(0, head.find("?>"));
    std::size_t const found = head.find("encoding");
    if (found == std::string_view::npos)
        return std::nullopt;
    std::size_t const open = head.find_first_of("\"'", found);
    std::size_t const close = open == std::string_view::npos ? open : head.find(head[open], open + 1);
    return close == std::string_view::npos ? std::nullopt : markup::Charset::named(head.substr(open + 1, close - open - 1));
}

std::string decoded(std::string_view content_type, std::string_view body)
{
    // Many servers say "encoding=iso-8859-1" by habit and write UTF-8; text that is UTF-8 by accident is rare.
    if (is_valid_utf8(body))
        return std::string(body);
    auto charset = markup::charset_of_content_type(content_type).and_then(markup::Charset::named);
    if (!charset)
        charset = declared_in_xml(body);
    return markup::decoded_text(body, charset);
}

/// "0", " 1 ": the digits of `error`. Nothing else is a yes or a no.
std::optional<bool> error_flag(std::string_view text)
{
    std::string_view const digits = trimmed(text);
    if (digits.empty() || digits.size() > 9 || !std::all_of(digits.begin(), digits.end(), is_ascii_digit))
        return std::nullopt;
    return digits.find_first_not_of('0') != std::string_view::npos;
}

/// The members of the root that count here, as text.
struct Members {
    bool is_wordpress_error = false;  ///< <error><code>…</code><message>…</message></error>
    std::optional<std::string> error;
    std::optional<std::string> message;
};

std::optional<Members> members_of(std::string_view document)
{
    XmlReader reader(document);
    Members members;
    std::size_t depth = 0;
    std::optional<std::string>* open = nullptr;
    for (;;) {
        XmlToken const token = reader.next();
        switch (token.kind) {
        case XmlToken::Kind::Start:
            if (depth == 0) {
                members.is_wordpress_error = equal_ignoring_case(token.name, "error");
                if (!members.is_wordpress_error && !equal_ignoring_case(token.name, "response"))
                    return std::nullopt;
            } else if (depth == 1) {
                open = equal_ignoring_case(token.name, "error")  ? &members.error
                    : equal_ignoring_case(token.name, "message") ? &members.message
                                                                 : nullptr;
                // Of two answers in one document the first was meant.
                if (open != nullptr && open->has_value())
                    open = nullptr;
                else if (open != nullptr)
                    open->emplace();
            }
            ++depth;
            break;
        case XmlToken::Kind::End:
            if (depth <= 1)
                return members;
            if (--depth == 1)
                open = nullptr;
            break;
        case XmlToken::Kind::Text:
            if (depth == 0 && !trimmed(token.text).empty())
                return std::nullopt;
            if (open != nullptr && (*open)->size() < value_bytes_max)
                **open += token.text;
            break;
        case XmlToken::Kind::Finish:
        case XmlToken::Kind::Broken:
            // A document that ends early may have cut the digits of its error.
            return open == nullptr && depth > 0 ? std::optional(members) : std::nullopt;
        }
    }
}

std::optional<Statement> statement_of(std::string_view content_type, std::string_view body)
{
    auto const members = members_of(decoded(content_type, body.substr(0, body_bytes_max)));
    if (!members)
        return std::nullopt;
    Statement statement;
    if (members->is_wordpress_error) {
        if (!members->message)
            return std::nullopt;
        statement.is_error = true;
    } else {
        auto const flag = members->error ? error_flag(*members->error) : std::nullopt;
        if (!flag)
            return std::nullopt;
        statement.is_error = *flag;
    }
    if (statement.is_error)
        statement.message = cut_at_word(without_controls(repaired_utf8(members->message.value_or(""))), message_characters_max);
    return statement;
}

ErrorCode code_of(int status)
{
    if (status == 404)
        return ErrorCode::NotFound;
    if (status == 410)
        return ErrorCode::Gone;
    if (status == 408 || status == 425 || status == 429 || status >= 500)
        return ErrorCode::Unavailable;
    return ErrorCode::Refused;
}

}  // namespace

Result<Reply> read_reply(int status, std::string_view content_type, std::string_view body)
{
    bool const is_success = status >= 200 && status <= 299;
    auto const statement = statement_of(content_type, body);
    if (!statement || (!is_success && !statement->is_error)) {
        if (is_success)
            return failure(
                ErrorCode::Malformed, body.empty() ? "an empty body instead of a TrackBack reply" : "the answer is no TrackBack reply");
        return failure(code_of(status), fmt::format("HTTP status {}", status));
    }
    Reply reply;
    reply.accepted = !statement->is_error;
    reply.message = statement->message;
    // Movable Type throttles with 403 and these words, WordPress with 429.
    bool const too_quick = ascii_lower(reply.message).find("too quickly") != std::string::npos;
    reply.may_pass = !reply.accepted && (status == 429 || status == 503 || too_quick);
    return reply;
}

}  // namespace backtalk::trackback
