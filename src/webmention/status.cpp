#include "webmention/status.h"

#include <array>
#include <initializer_list>
#include <utility>

#include <boost/json.hpp>

#include "base/text.h"

namespace backtalk::webmention {

namespace {

namespace json = boost::json;

struct Words {
    Status status;
    std::string_view word;
    std::string_view summary;
};

constexpr std::array<Words, 16> table = {{
    {Status::Pending, "pending", "The webmention waits to be checked."},
    {Status::Success, "success", "The webmention was checked and is true."},
    {Status::Deleted, "deleted", "The source no longer mentions the target, and the mention was deleted."},
    {Status::NoLinkFound, "no_link_found", "The source has no link to the target."},
    {Status::InvalidSource, "invalid_source", "The source cannot be fetched."},
    {Status::InvalidTarget, "invalid_target", "The target is no page of this site that takes webmentions."},
    {Status::TargetNotFound, "target_not_found", "The target does not exist."},
    {Status::Blocked, "blocked", "The source is not wanted here."},
    {Status::ParseError, "parse_error", "The source cannot be read."},
    {Status::DnsError, "dns_error", "The host of the source is not known."},
    {Status::ConnectError, "connect_error", "The host of the source cannot be reached."},
    {Status::Timeout, "timeout", "The source took too long to answer."},
    {Status::SslError, "ssl_error", "There is no safe connection to the host of the source."},
    {Status::TooManyRedirects, "too_many_redirects", "The source redirects too often."},
    {Status::NoContent, "no_content", "The source is empty."},
    {Status::InvalidContent, "invalid_content", "The source is of a kind that cannot be read."},
}};

Words const& words_of(Status status)
{
    for (Words const& words : table)
        if (words.status == status)
            return words;
    return table.front();
}

/// JSON text of strings, in that order. Always valid UTF-8.
json::object object_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members)
{
    json::object object;
    for (auto const& [name, text] : members) {
        std::string const valid = is_valid_utf8(text) ? std::string(text) : repaired_utf8(text);
        object.emplace(json::string_view(name.data(), name.size()), json::string(valid.data(), valid.size()));
    }
    return object;
}

constexpr std::string_view queued_summary = "The webmention was accepted and will be checked.";

}  // namespace

std::string_view to_word(Status status) { return words_of(status).word; }

std::optional<Status> status_named(std::string_view word)
{
    for (Words const& words : table)
        if (words.word == word)
            return words.status;
    return std::nullopt;
}

std::string_view summary_of(Status status) { return words_of(status).summary; }

std::string status_json(StatusReport const& report)
{
    json::object object =
        object_of({{"status", to_word(report.status)}, {"summary", report.summary.empty() ? summary_of(report.status) : report.summary}});
    if (!report.location.empty())
        object.emplace("location", json::string(repaired_utf8(report.location)));
    for (auto const& member : object_of({{"source", report.source}, {"target", report.target}}))
        object.emplace(member.key(), member.value());
    object.emplace("private", false);
    return json::serialize(object);
}

std::string queued_json(std::string_view location, std::string_view source, std::string_view target)
{
    return json::serialize(
        object_of({{"status", "queued"}, {"summary", queued_summary}, {"location", location}, {"source", source}, {"target", target}}));
}

std::string queued_text(std::string_view location)
{
    return std::string(queued_summary) + "\nSee how it goes on: " + std::string(location) + "\n";
}

std::string error_json(std::string_view error, std::string_view description)
{
    return json::serialize(object_of({{"error", error}, {"error_description", description}}));
}

std::string error_text(std::string_view description) { return std::string(description) + "\n"; }

}  // namespace backtalk::webmention
