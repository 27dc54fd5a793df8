#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace backtalk {

/// An absolute http or https URL, normalised. There is no invalid Url: parse() and resolve() are the only ways in, and what
/// is checked is what is fetched.
///
/// Spec:   https://url.spec.whatwg.org/#concept-basic-url-parser
/// Limits: 8192 bytes as given and as normalised (NB: ours; the longest links in use are a quarter of that).
/// Errors: Malformed (not a URL, too long, or relative without a base), Refused (another scheme).
class Url {
public:
    static Result<Url> parse(std::string_view text);
    /// A reference as a page holds it, against this URL as its base.
    Result<Url> resolve(std::string_view reference) const;

    // Views are valid while this Url lives.
    std::string const& str() const { return text_; }
    std::string_view scheme() const;  ///< "http" or "https"
    std::string_view host() const;    ///< "a.example", "192.0.2.1", "[2001:db8::1]"
    std::uint16_t port() const;       ///< 80 and 443 where none is written
    bool has_default_port() const;
    std::string_view authority() const;                ///< Host, and port if it is not the scheme's: what a Host header says.
    std::string host_and_port() const;                 ///< Port always written: "a.example:80"
    std::string_view origin() const;                   ///< "http://a.example:8080"
    std::string_view path() const;                     ///< At least "/"
    std::optional<std::string_view> query() const;     ///< Without "?"; empty and absent differ.
    std::optional<std::string_view> fragment() const;  ///< Without "#"
    std::string_view path_and_query() const;           ///< What a request line says.
    bool has_credentials() const;
    Url without_fragment() const;

    auto operator<=>(Url const& other) const { return text_ <=> other.text_; }
    bool operator==(Url const& other) const { return text_ == other.text_; }

private:
    Url() = default;

    std::string text_;
    // Offsets into text_: "scheme://user:password@host:port/path?query#fragment"
    std::uint32_t host_start_ = 0;
    std::uint32_t host_end_ = 0;
    std::uint32_t path_start_ = 0;
    std::uint32_t query_start_ = 0;     ///< At "?", or at the fragment or end where there is none.
    std::uint32_t fragment_start_ = 0;  ///< At "#", or at the end.
    std::uint16_t port_ = 0;
    std::string origin_;  ///< Only where credentials stand between scheme and host; else it is the start of text_.
    friend class UrlParser;
};

/// A key that is equal for all spellings of one page's address: for comparing and for unique indexes only, never fetched.
/// Folded: scheme (http = https), letter case of the host, the default port, the fragment, trailing slashes, an index file
/// (index.html, index.php, default.htm …), percent-encoding of unreserved characters, tracking parameters (utm_*, fbclid …),
/// an empty query. "a.example/2007/03/the-harbour?p=1"
std::string comparison_key(Url const& url);

}  // namespace backtalk
