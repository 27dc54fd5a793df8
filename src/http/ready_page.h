#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "http/headers.h"
#include "http/negotiation.h"
#include "http/request.h"
#include "http/response.h"

namespace backtalk::http {

/// What a ReadyPage is made of.
struct ReadyPageParts {
    ReadyPageParts() = default;
    /// A page from an answer; its bodies in other encodings can be added.
    explicit ReadyPageParts(Response response)
        : status(response.status), headers(std::move(response.headers)), body(std::move(response.body))
    {
    }

    int status = 200;
    Headers headers;  ///< Without Content-Length, Content-Encoding, ETag, Last-Modified, Vary: Accept-Encoding, Date, Connection.
    std::string body;
    std::optional<std::string> gzip;  ///< The body once more, encoded; none if not worth it.
    std::optional<std::string> brotli;
    std::string etag;  ///< Letters and digits without quotes, e.g. a hash of the body; empty: none is sent.
    std::optional<Instant> last_modified;
};

/// An answer kept ready in memory, in each encoding: its bytes are sent as they are, with only Date and Connection put in.
///
/// Immutable, so that threads share it without a lock. No ranges.
class ReadyPage {
public:
    struct Form {
        std::string head;     ///< Status line and header lines, without Date and Connection and without the empty line.
        std::string head304;  ///< The same for 304 (RFC 9110, 15.4.5); empty if the page is never conditional.
        std::string body;
        std::string etag;  ///< With quotes; empty: none.
    };
    struct Choice {
        Form const* form;  ///< Valid while the page lives.
        bool not_modified;
    };

    explicit ReadyPage(ReadyPageParts parts);

    int status() const { return status_; }
    /// The form for this request: encoding by q-value (br before gzip before identity), 304 by If-None-Match, else by
    /// If-Modified-Since (RFC 9110, 13.2.2). Only a page of status 200 is ever "not modified".
    Choice choose(RequestHead const& head) const { return choose(head.accept_encoding, head.if_none_match, head.if_modified_since); }
    Choice choose(std::string_view accept_encoding, std::string_view if_none_match = {}, std::string_view if_modified_since = {}) const;
    Form const& identity() const { return identity_; }
    /// Memory that it holds, for a bounded cache.
    std::size_t bytes() const;

private:
    bool is_fresh(Form const& form, std::string_view if_none_match, std::string_view if_modified_since) const;

    int status_;
    std::optional<Instant> last_modified_;
    std::string last_modified_text_;
    Form identity_;
    std::unique_ptr<Form const> gzip_;
    std::unique_ptr<Form const> brotli_;
};

/// Whether one of the entity tags in an If-None-Match value weakly equals `etag` (with quotes), or the value is "*".
bool matches_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace backtalk::http
