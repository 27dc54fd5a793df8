#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "http/headers.h"
#include "url/address.h"

namespace backtalk::http {

enum class Method { Get, Head, Post, Put, Delete, Patch, Options, Other };

/// Method names are compared as they are, with letter case (RFC 9110, 9.1).
Method method_of(std::string_view name);

struct HeaderView {
    std::string_view name;
    std::string_view value;  ///< Without blanks around it.
};

/// A request up to its body, as views into the buffer it was read into. Made by parse_request_head().
///
/// A reader keeps one and uses it again for each request; it is large (3 KB) and not for a connection.
class RequestHead {
public:
    static constexpr std::size_t headers_max = 96;

    Method method = Method::Get;
    std::string_view method_name;
    std::string_view target;  ///< As sent: "/a?b", "http://a.example/a?b", "*".
    std::string_view path;    ///< As sent, not decoded: begins with "/", or is "*".
    std::string_view query;   ///< Without "?"; empty if none.
    std::string_view
        authority;  ///< Host and perhaps port, as sent: of the target if it has one, else of the Host line. Empty in HTTP/1.0 without.
    int version_minor = 1;  ///< HTTP/1.x

    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true;
    bool expects_continue = false;

    // The headers that every page looks at. Empty where absent.
    std::string_view if_none_match;
    std::string_view if_modified_since;
    std::string_view accept_encoding;

    bool has_body() const { return chunked || content_length.value_or(0) > 0; }

    /// The first value of that name. NB: two lines of one name are not joined.
    std::optional<std::string_view> find(std::string_view name) const;
    HeaderView const* begin() const { return headers_.data(); }
    HeaderView const* end() const { return headers_.data() + header_count_; }
    std::size_t header_count() const { return header_count_; }

    void clear();
    /// False if there is no more room.
    bool add(HeaderView header);

private:
    std::array<HeaderView, headers_max> headers_;
    std::size_t header_count_ = 0;
};

/// How a request came over the network, as far as anybody can say.
enum class Transport { Unknown, Plain, Tls };

/// A whole request that owns what it says.
class Request {
public:
    Request() = default;
    /// Copies the head.
    Request(RequestHead const& head, std::string the_body, Address the_peer, Instant the_received);

    Method method = Method::Get;
    std::string method_name = "GET";
    std::string path = "/";  ///< As sent, not decoded.
    std::string query;       ///< Without "?".
    std::string authority;   ///< Lower case; may be empty.
    Headers headers;
    std::string body;                          ///< Chunks already joined.
    Address peer = Address::from_ipv4(0);      ///< Whose connection it is, or whom a trusted proxy names (http/forwarded.h).
    Transport transport = Transport::Unknown;  ///< By a trusted proxy's word (http/forwarded.h).
    Instant received{};                        ///< When its last byte came.
};

}  // namespace backtalk::http
