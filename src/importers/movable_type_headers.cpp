#include "importers/movable_type_headers.h"

#include <set>

#include <fmt/format.h>

#include "importers/convert_breaks.h"
#include "importers/movable_type.h"
#include "importers/shown.h"

namespace backtalk::importers {

using Kind = ImportProblem::Kind;

RecordHeaders::RecordHeaders(MovableTypeRecord& record, FieldReader& fields, MovableTypeOptions const& options)
    : record_(record), fields_(fields), options_(options)
{
    record_.status = options.status_if_absent;
}

void RecordHeaders::take(std::string_view line, std::size_t number)
{
    HeaderLine const header = header_line(line);
    if (!is_record_key(header.key) && !could_be_key(header.key)) {
        if (without_key_++ == 0)
            first_without_key_ = number;
        return;
    }
    any_known_ = any_known_ || is_record_key(header.key);
    take_named(header.key, header.value, number);
}

/// A key that comes twice: the later value holds.
void RecordHeaders::take_named(std::string_view key, std::string_view value, std::size_t line)
{
    if (key == "AUTHOR") {
        record_.author = value;
    } else if (key == "AUTHOR EMAIL") {
        record_.author_email = value;
    } else if (key == "TITLE") {
        record_.title = std::string(value);
    } else if (key == "BASENAME") {
        record_.basename = value;
    } else if (key == "STATUS") {
        has_status_ = true;
        record_.status = fields_.status(value, line);
    } else if (key == "ALLOW COMMENTS") {
        record_.allow_comments = fields_.allow_comments(value, line);
    } else if (key == "ALLOW PINGS") {
        record_.allow_pings = fields_.allow_pings(value, line);
    } else if (key == "CONVERT BREAKS") {
        take_convert_breaks(value, line);
    } else if (key == "PRIMARY CATEGORY") {
        record_.primary_category = value;
    } else if (key == "CATEGORY") {
        categories_.push_back(value);
    } else if (key == "DATE") {
        has_date_ = true;
        record_.date = fields_.date(value, line);
    } else if (key == "TAGS") {
        tags_ = value;
    } else if (key == "NO ENTRY") {
        record_.no_entry = true;
    } else if (key == "UNIQUE URL") {
        record_.unique_url = value;
    } else {
        take_other(key, value, line);
    }
}

void RecordHeaders::take_convert_breaks(std::string_view value, std::size_t line)
{
    record_.convert_breaks = std::string(value);
    if (!text_filter(value).known)
        fields_.report_once(line, Kind::Mended, fmt::format("The text filter {}", shown(value)),
            "is not known here: entries with it are rendered with converted line breaks");
}

void RecordHeaders::take_other(std::string_view key, std::string_view value, std::size_t line)
{
    fields_.report_once(line, Kind::LeftOut, fmt::format("The header {}", shown(key)), "is not known and was left out");
    if (record_.others.size() < options_.labels_max)
        record_.others.push_back({line, std::string(key), std::string(value)});
}

void RecordHeaders::finish()
{
    if (without_key_ > 0)
        fields_.report(first_without_key_, Kind::LeftOut,
            without_key_ == 1 ? "A line without a key among the headers was left out."
                              : fmt::format("{} lines without a key among the headers were left out.", without_key_));
    finish_categories();
    finish_tags();
    report_what_is_missing();
}

void RecordHeaders::finish_categories()
{
    for (std::string_view const label : categories_) {
        if (!record_.primary_category.empty())
            break;
        record_.primary_category = label;
    }
    std::set<std::string_view> seen;
    categories_.insert(categories_.begin(), record_.primary_category);
    for (std::string_view const label : categories_) {
        if (label.empty() || seen.contains(label))
            continue;
        if (record_.categories.size() == options_.labels_max) {
            fields_.report(record_.line, Kind::LeftOut, fmt::format("Categories beyond {} were left out.", options_.labels_max));
            return;
        }
        seen.insert(label);
        record_.categories.emplace_back(label);
    }
}

void RecordHeaders::finish_tags()
{
    record_.tags = split_tags(tags_, options_.labels_max + 1);
    if (record_.tags.size() <= options_.labels_max)
        return;
    record_.tags.pop_back();
    fields_.report(record_.line, Kind::LeftOut, fmt::format("Tags beyond {} were left out.", options_.labels_max));
}

void RecordHeaders::report_what_is_missing()
{
    if (!has_date_)
        fields_.report(record_.line, Kind::Mended, "The record has no DATE.");
    if (!has_status_ && !record_.no_entry && options_.status_if_absent == MovableTypeStatus::Draft)
        fields_.report(record_.line, Kind::Mended, "The record has no STATUS and was taken as a draft.");
}

}  // namespace backtalk::importers
