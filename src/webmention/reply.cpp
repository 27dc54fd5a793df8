#include "webmention/reply.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "http/form.h"
#include "markup/charset.h"
#include "markup/plain_text.h"

namespace backtalk::webmention {

namespace {

namespace json = boost::json;

constexpr std::size_t message_characters_max = 200;
constexpr std::size_t body_bytes_max = 32 * 1024;  ///< An error page says what it has to say at its beginning.

/// Nothing where it is no JSON object; empty where it has no words.
std::optional<std::string> words_of_json(std::string_view text)
{
    json::error_code error;
    json::value const document = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !document.is_object())
        return std::nullopt;
    for (char const* const name : {"error_description", "summary", "message", "error"})
        if (json::value const* const value = document.get_object().if_contains(name); value != nullptr && value->is_string())
            if (json::string const& words = value->get_string(); !words.empty())
                return std::string(words.data(), words.size());
    return std::string();
}

std::string words_of(std::string_view content_type, std::string_view body)
{
    body = body.substr(0, body_bytes_max);
    http::ContentType const type = http::parse_content_type(content_type);
    std::string_view const start = trimmed(body.substr(0, 256));
    std::string const text = markup::decoded_text(body, markup::charset_of_content_type(content_type).and_then(markup::Charset::named));
    // Frameworks label their JSON as HTML more often than one would think.
    if (auto words = start.starts_with('{') ? words_of_json(text) : std::nullopt)
        return *std::move(words);
    if (type.media_type == "text/html" || type.media_type == "application/xhtml+xml" || start.starts_with('<'))
        return markup::plain_text(markup::decoded_html(body, content_type));
    return type.media_type.empty() || type.media_type == "text/plain" ? text : std::string();
}

}  // namespace

Result<Reply> read_reply(int status, http::Headers const& headers, std::string_view body, Url const& endpoint)
{
    if (status < 200 || (status >= 300 && status < 400) || status > 599)
        return failure(ErrorCode::Refused, fmt::format("HTTP status {}", status));
    Reply reply;
    reply.accepted = status < 300;
    reply.message = cut_at_word(without_controls(words_of(headers.get("Content-Type").value_or(""), body)), message_characters_max);
    if (reply.message.empty() && !reply.accepted)
        reply.message = fmt::format("HTTP status {}", status);
    reply.may_pass = status == 408 || status == 425 || status == 429 || status >= 500;
    reply.wants_vouch = status == 449;
    if (auto const location = headers.get("Location"); status == 201 && location && !trimmed(*location).empty())
        if (auto url = endpoint.resolve(*location); url && !url->has_credentials())
            reply.status_url = *std::move(url);
    return reply;
}

}  // namespace backtalk::webmention
