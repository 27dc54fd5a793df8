#include "judge/judge_rows.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "judge/words.h"

namespace backtalk::judge {

namespace {

namespace json = boost::json;

std::string text_at(json::object const& object, std::string_view name)
{
    json::value const* const value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

void read_source(JudgeRow& row)
{
    Result<Url> const url = Url::parse(row.url);
    if (!url)
        return;
    row.ping.host = std::string(url->host());
    row.ping.path = std::string(url->path_and_query());
}

/// Spam of one template says the same in other places: that of praise and campaigns by its sentence, the rest by what it sells.
std::string template_of(JudgeRow const& row)
{
    if (row.kind == "flattery" || row.kind == "campaign")
        return folded_words(row.ping.excerpt, 60);
    if (row.kind == "scrape")
        return row.target.title;
    return folded_words(row.ping.blog_name, 60);
}

void set_group(JudgeRow& row, json::object const& object)
{
    bool const is_ping = object.contains("type");
    if (object.contains("set")) {
        row.group = text_at(object, "set");
        row.weight = 0.5;
    } else if (object.contains("origin")) {
        row.group = text_at(object, "origin");
        row.weight = is_ping && row.label != "self" ? 2 : 1;
    } else if (is_ping) {
        row.group = template_of(row);
        row.weight = row.kind == "campaign" ? 0.2 : 1;
    } else {
        row.group = row.ping.excerpt;  // messages that have nothing in common
        row.weight = 0.3;
    }
}

Result<JudgeRow> read_row(json::object const& object)
{
    JudgeRow row;
    row.ping.title = text_at(object, "title");
    row.ping.blog_name = text_at(object, "blog_name");
    row.ping.excerpt = text_at(object, object.contains("text") ? "text" : "excerpt");
    row.url = text_at(object, "url");
    row.target.title = text_at(object, "target_title");
    row.target_url = text_at(object, "target_url");
    row.sender = text_at(object, "ip");
    row.label = text_at(object, "label");
    row.kind = text_at(object, "class");
    row.ping.origin = origin_named(text_at(object, "type")).value_or(Origin::Trackback);
    if (json::value const* const time = object.if_contains("time"); time && time->is_int64())
        row.time = time->get_int64();
    if (json::value const* const links = object.if_contains("source_links_back"); links && links->is_bool())
        row.links_back = links->get_bool();
    read_source(row);
    set_group(row, object);
    return row;
}

}  // namespace

Result<std::vector<JudgeRow>> read_judge_rows(std::string_view json_lines)
{
    std::vector<JudgeRow> rows;
    std::size_t number = 0;
    for (std::string_view const line : split(json_lines, '\n')) {
        ++number;
        if (trimmed(line).empty())
            continue;
        boost::system::error_code error;
        json::value const value = json::parse(line, error);
        if (error || !value.is_object())
            return failure(ErrorCode::Malformed,
                fmt::format("line {} is no JSON object: {}", number, error ? error.message() : "it is another value"));
        TRY(JudgeRow row, read_row(value.get_object()));
        rows.push_back(std::move(row));
    }
    return rows;
}

Features features_of(PingEvidence const& ping)
{
    return features_of(PingWords{ping.title, ping.blog_name, ping.excerpt, ping.host, ping.path});
}

}  // namespace backtalk::judge
