#include "webmention/message.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::webmention {

namespace {

constexpr std::size_t url_bytes_max = 2000;

std::optional<std::string_view> field_of(FormFields const& form, std::string_view name)
{
    auto const found = std::find_if(form.begin(), form.end(), [&](auto const& field) { return field.first == name; });
    return found == form.end() ? std::nullopt : std::optional(trimmed(found->second));
}

/// "ftp" of "ftp://x"; nothing of what cannot begin a URL.
std::optional<std::string_view> scheme_of(std::string_view text)
{
    std::size_t const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_ascii_alpha(text[0]))
        return std::nullopt;
    std::string_view const scheme = text.substr(0, colon);
    bool const plain =
        std::all_of(scheme.begin(), scheme.end(), [](char c) { return is_ascii_alnum(c) || c == '+' || c == '-' || c == '.'; });
    return plain ? std::optional(scheme) : std::nullopt;
}

/// A browser would mend these; in a request they are a mistake that the sender should hear of.
bool has_impossible_character(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || c == '"' || c == '<' || c == '>' || c == '\\'; });
}

Result<Url> read_url(std::string_view name, std::string_view text)
{
    if (text.size() > url_bytes_max)
        return failure(ErrorCode::Malformed, fmt::format("The {} is longer than {} bytes.", name, url_bytes_max));
    auto const not_a_url = [&] { return failure(ErrorCode::Malformed, fmt::format("The {} is not a URL.", name)); };
    auto const scheme = scheme_of(text);
    if (!scheme || has_impossible_character(text) || !is_valid_utf8(text))
        return not_a_url();
    if (!equal_ignoring_case(*scheme, "http") && !equal_ignoring_case(*scheme, "https"))
        return failure(ErrorCode::Refused, fmt::format("The {} is neither an http nor an https URL.", name));
    if (!text.substr(scheme->size()).starts_with("://"))
        return not_a_url();
    auto url = Url::parse(text);
    if (!url)
        return not_a_url();
    if (url->has_credentials())
        return failure(ErrorCode::Malformed, fmt::format("The {} holds a name or a password.", name));
    return *std::move(url);
}

}  // namespace

Result<Notification> read_notification(FormFields const& form)
{
    std::string_view const source_field = field_of(form, "source").value_or("");
    std::string_view const target_field = field_of(form, "target").value_or("");
    if (source_field.empty())
        return failure(ErrorCode::Malformed, "The source is missing.");
    if (target_field.empty())
        return failure(ErrorCode::Malformed, "The target is missing.");
    TRY(Url source, read_url("source", source_field));
    TRY(Url target, read_url("target", target_field));
    if (source.without_fragment() == target.without_fragment())
        return failure(ErrorCode::Refused, "The source and the target are the same page.");
    Notification notification(std::move(source), std::move(target));
    if (auto const vouch_field = field_of(form, "vouch"); vouch_field && !vouch_field->empty()) {
        TRY(Url vouch, read_url("vouch", *vouch_field));
        notification.vouch = std::move(vouch);
    }
    notification.source_as_received = source_field;
    notification.target_as_received = target_field;
    return notification;
}

std::string form_of(std::string_view source, std::string_view target, std::string_view vouch)
{
    FormFields fields = {{"source", std::string(source)}, {"target", std::string(target)}};
    if (!vouch.empty())
        fields.emplace_back("vouch", vouch);
    return form_encoded(fields);
}

}  // namespace backtalk::webmention
