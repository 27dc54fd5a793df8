#include "importers/movable_type_fields.h"

#include <set>
#include <span>

#include <fmt/format.h>

#include "base/text.h"
#include "importers/movable_type.h"
#include "importers/movable_type_lines.h"
#include "importers/reported_once.h"
#include "importers/shown.h"

namespace backtalk::importers {

namespace {

using Kind = ImportProblem::Kind;

struct FeedbackHeader {
    std::string_view key;
    std::string* value;
    bool taken = false;
};

/// Gives the headers at the front of a section to their fields and returns the text behind them.
std::string_view take_headers(
    std::string_view section, std::size_t line, std::span<FeedbackHeader> headers, std::optional<ImportDate>& date, FieldReader& fields)
{
    bool date_taken = false;
    bool any = false;
    for (Lines lines(section, line + 1); lines.next();) {
        if (is_blank(lines.line())) {
            if (!any)
                continue;
            return section.substr(lines.after());
        }
        any = true;
        HeaderLine const header = header_line(lines.line());
        if (header.key == "DATE" && !date_taken) {
            date_taken = true;
            date = fields.date(header.value, lines.number());
            continue;
        }
        auto const known = std::find_if(headers.begin(), headers.end(), [&](FeedbackHeader const& each) { return each.key == header.key; });
        if (known == headers.end() || known->taken)
            return section.substr(lines.begin());
        known->taken = true;
        *known->value = header.value;
    }
    return {};
}

/// Without blank lines in front; the indentation of the first line stays.
std::string feedback_text(std::string_view text)
{
    for (Lines lines(text, 0); lines.next();)
        if (!is_blank(lines.line()))
            return std::string(text.substr(lines.begin()));
    return {};
}

}  // namespace

MovableTypeStatus FieldReader::status(std::string_view value, std::size_t line)
{
    struct Named {
        std::string_view name;
        MovableTypeStatus status;
    };
    static constexpr Named names[] = {{"publish", MovableTypeStatus::Publish}, {"draft", MovableTypeStatus::Draft},
        {"review", MovableTypeStatus::Review}, {"future", MovableTypeStatus::Future}, {"junk", MovableTypeStatus::Junk},
        {"spam", MovableTypeStatus::Junk}, {"unpublish", MovableTypeStatus::Unpublish}};
    for (Named const& each : names)
        if (equal_ignoring_case(value, each.name))
            return each.status;
    if (equal_ignoring_case(value, "published")) {
        report(line, Kind::Mended, fmt::format("The STATUS {} was taken as Publish.", shown(value)));
        return MovableTypeStatus::Publish;
    }
    report(line, Kind::Mended,
        value.empty() ? "The STATUS is empty; the entry was taken as a draft."
                      : fmt::format("The STATUS {} is not known; the entry was taken as a draft.", shown(value)));
    return MovableTypeStatus::Draft;
}

AllowComments FieldReader::allow_comments(std::string_view value, std::size_t line)
{
    if (value.empty() || value == "0")
        return AllowComments::None;
    if (value == "1")
        return AllowComments::Open;
    if (value != "2")
        report(line, Kind::Mended, fmt::format("ALLOW COMMENTS {} is neither 0, 1 nor 2 and was taken as 2, closed.", shown(value)));
    return AllowComments::Closed;
}

bool FieldReader::allow_pings(std::string_view value, std::size_t line)
{
    if (value != "1" && value != "0" && !value.empty())
        report(line, Kind::Mended, fmt::format("ALLOW PINGS {} is neither 0 nor 1 and was taken as 0.", shown(value)));
    return value == "1";
}

std::optional<ImportDate> FieldReader::date(std::string_view value, std::size_t line)
{
    auto read = read_import_date(value);
    if (!read) {
        report(line, Kind::LeftOut, fmt::format("The DATE {} is not a date that a calendar has and was left out.", shown(value)));
        return std::nullopt;
    }
    read->date.line = line;
    if (!read->remark.empty()) {
        CivilTime const& t = read->date.time;
        report(line, Kind::Mended,
            fmt::format("The DATE {} was read as {:04}-{:02}-{:02} {:02}:{:02}:{:02}: {}.", shown(value), t.year, t.month, t.day, t.hour,
                t.minute, t.second, read->remark));
    }
    return read->date;
}

void FieldReader::report(std::size_t line, Kind kind, std::string text) { sink_.on_problem({line, kind, std::move(text)}); }

void FieldReader::report_once(std::size_t line, Kind kind, std::string_view what, std::string_view is)
{
    if (reported_.first_time(what))
        report(line, kind, fmt::format("{} {} (said once for the file).", what, is));
}

MovableTypeComment read_comment(std::string_view section, std::size_t line, FieldReader& fields)
{
    MovableTypeComment comment;
    comment.line = line;
    FeedbackHeader headers[] = {{"AUTHOR", &comment.author}, {"EMAIL", &comment.email}, {"IP", &comment.ip}, {"URL", &comment.url}};
    comment.text = feedback_text(take_headers(section, line, headers, comment.date, fields));
    return comment;
}

MovableTypePing read_ping(std::string_view section, std::size_t line, FieldReader& fields)
{
    MovableTypePing ping;
    ping.line = line;
    FeedbackHeader headers[] = {{"TITLE", &ping.title}, {"URL", &ping.url}, {"IP", &ping.ip}, {"BLOG NAME", &ping.blog_name}};
    ping.excerpt = feedback_text(take_headers(section, line, headers, ping.date, fields));
    return ping;
}

std::vector<std::string> split_tags(std::string_view list, std::size_t tags_max)
{
    std::vector<std::string> tags;
    std::set<std::string_view> seen;
    bool no_double_quote_left = false;
    bool no_single_quote_left = false;
    list = trimmed(list);
    while (!list.empty() && tags.size() < tags_max) {
        std::string_view tag;
        char const quote = list.front();
        std::size_t end = std::string_view::npos;
        bool& none_left = quote == '"' ? no_double_quote_left : no_single_quote_left;
        if ((quote == '"' || quote == '\'') && !none_left) {
            std::size_t const closing = list.find(quote, 1);
            none_left = closing == std::string_view::npos;
            // 'n' in "'n' roll" does not end a tag.
            if (!none_left) {
                std::size_t const behind = list.find_first_not_of(" \t", closing + 1);
                if (behind == std::string_view::npos || list[behind] == ',') {
                    tag = trimmed(list.substr(1, closing - 1));
                    end = std::min(behind, list.size());
                }
            }
        }
        if (end == std::string_view::npos) {
            end = std::min(list.find(','), list.size());
            tag = trimmed(list.substr(0, end));
        }
        if (!tag.empty() && seen.insert(tag).second)
            tags.emplace_back(tag);
        list = trimmed(list.substr(std::min(end + 1, list.size())));
    }
    return tags;
}

}  // namespace backtalk::importers
