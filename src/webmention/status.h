#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backtalk::webmention {

/// How it stands with a notification: the names that webmention.io gives, which programs read.
enum class Status {
    Pending,
    Success,  ///< Verified.
    Deleted,  ///< Was verified, and its source withdrew it.
    NoLinkFound,
    InvalidSource,
    InvalidTarget,
    TargetNotFound,
    Blocked,
    ParseError,
    DnsError,
    ConnectError,
    Timeout,
    SslError,
    TooManyRedirects,
    NoContent,
    InvalidContent,
};
std::string_view to_word(Status status);
std::optional<Status> status_named(std::string_view word);
/// A sentence for people: "The source has no link to the target."
std::string_view summary_of(Status status);

/// What is known of one notification.
struct StatusReport {
    Status status = Status::Pending;
    std::string source;
    std::string target;
    std::string location;  ///< Of the status page itself; left out where it is empty.
    std::string summary;   ///< Instead of summary_of().
};

inline constexpr std::string_view json_content_type = "application/json; charset=utf-8";

/// {"status":"pending","summary":…,"location":…,"source":…,"target":…,"private":false}
///
/// Spec: the API of webmention.io, status of a notification. NB: its member data (what is shown of the mention) is missing.
std::string status_json(StatusReport const& report);

/// The answer 201 to an accepted notification: {"status":"queued","summary":…,"location":…,"source":…,"target":…}
///
/// Spec: R2; webmention.io
std::string queued_json(std::string_view location, std::string_view source, std::string_view target);
std::string queued_text(std::string_view location);

/// What an answer 4xx says for programs: {"error":"invalid_request","error_description":…}. `error`: invalid_request, not_found,
/// invalid_target, rate_limit_exceeded.
///
/// Spec: R15; webmention.io
std::string error_json(std::string_view error, std::string_view description);
std::string error_text(std::string_view description);

}  // namespace backtalk::webmention
