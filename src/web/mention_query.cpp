#include "web/mention_query.h"

#include "base/text.h"
#include "url/form.h"
#include "webmention/jf2.h"

namespace backtalk::web {

namespace {

/// "target", "target[]", "target[3]" are all `name`.
bool is_named(std::string_view field, std::string_view name)
{
    if (!field.starts_with(name))
        return false;
    std::string_view const rest = field.substr(name.size());
    return rest.empty() || (rest.starts_with('[') && rest.ends_with(']'));
}

/// A time in any form that a JSON member of ours, a clock or a header may have given.
std::optional<Instant> read_time(std::string_view text)
{
    text = trimmed(text);
    if (auto const time = parse_rfc3339(text))
        return time->instant;
    // "+02:00" that nobody escaped has become " 02:00".
    if (auto const blank = text.rfind(' '); blank != std::string_view::npos && blank > 10)
        if (auto const time = parse_rfc3339(std::string(text.substr(0, blank)) + "+" + std::string(text.substr(blank + 1))))
            return time->instant;
    constexpr std::int64_t latest = 253'402'300'799;  // 31 December 9999
    if (auto const seconds = parse_integer<std::int64_t>(text); seconds && *seconds >= 0 && *seconds <= latest)
        return Instant(std::chrono::seconds(*seconds));
    return parse_http_date(text);
}

/// Such as "jQuery1234_5", "widget.show", "callbacks[3]": a name and nothing that could be a program.
bool is_function_name(std::string_view name)
{
    auto const may_stand = [](char c) { return is_ascii_alnum(c) || c == '_' || c == '$' || c == '.' || c == '[' || c == ']'; };
    return name.size() <= 128 && !is_ascii_digit(name.front()) && std::all_of(name.begin(), name.end(), may_stand);
}

MentionFeedQuery::Sort sort_named(std::string_view name)
{
    using enum MentionFeedQuery::Sort;
    return name == "updated" ? Updated : name == "published" ? Published : name == "rsvp" ? Rsvp : Listed;
}

Result<void> read_field(MentionApiQuery& query, std::string const& name, std::string const& value)
{
    if (is_named(name, "wm-property")) {
        if (!query.feed.types)
            query.feed.types.emplace();
        if (auto const type = webmention::mention_type_of_property(value))  // an unknown one is a kind that we have none of
            query.feed.types->push_back(*type);
    } else if (name == "sort-by") {
        query.feed.sort = sort_named(value);
    } else if (name == "sort-dir") {
        query.feed.ascending = value != "down";
    }
    if (value.empty())
        return {};
    if (is_named(name, "target")) {
        query.targets.push_back(value.starts_with("//") ? "http:" + value : value);
    } else if (name == "token" || name == "access_token") {
        query.token = value;
    } else if (name == "domain") {
        query.domain = value;
    } else if (name == "since") {
        query.feed.since = read_time(value);
        if (!query.feed.since)
            return failure(ErrorCode::Malformed, "The value of since is no time. It may be written as 2024-05-02T07:31:12Z.");
    } else if (name == "since_id") {
        if (auto const id = parse_integer<std::int64_t>(value))
            query.feed.since_id = MentionId(*id);
    } else if (name == "jsonp") {
        if (!is_function_name(value))
            return failure(ErrorCode::Malformed, "The value of jsonp is no name of a function.");
        query.callback = value;
    }
    return {};
}

}  // namespace

Result<MentionApiQuery> read_mention_query(std::string_view text)
{
    MentionApiQuery query;
    std::size_t per_page = feed_mentions_default;
    std::size_t page = 0;
    for (auto const& [name, value] : parse_form(text)) {
        TRY_DONE(read_field(query, name, value));
        if (auto const number = parse_integer<std::uint32_t>(value)) {
            if (name == "per-page" || name == "perPage")
                per_page = *number;
            else if (name == "page")
                page = *number;
        }
    }
    query.feed.limit = std::min(per_page > 0 ? per_page : feed_mentions_default, feed_mentions_max);
    query.feed.offset = page * query.feed.limit;
    return query;
}

}  // namespace backtalk::web
