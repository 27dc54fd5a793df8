#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "url/url.h"

namespace backtalk {

/// The base URL of a site: where its addresses begin. Its path ends with a slash; query, fragment and credentials are dropped.
class SiteBase {
public:
    explicit SiteBase(Url const& url);

    // Views are valid while this SiteBase lives.
    Url const& url() const { return url_; }                          ///< "https://a.example/blog/"
    std::string_view authority() const { return url_.authority(); }  ///< "a.example", "a.example:8080"
    std::string_view prefix() const { return url_.path(); }          ///< "/" or "/blog/"

    /// The address of something of this site: at("2007/03/the-harbour"), at("trackback?target=…"). Starts with no slash. The
    /// base itself if the result would be longer than a URL may be or would leave the site ("../").
    Url at(std::string_view relative_path) const;

    /// Whether `url` is below the prefix, by http or https. "/blog" belongs to the site "/blog/", "/blogs" does not.
    bool contains(Url const& url) const { return relative(url).has_value(); }
    /// The path below the prefix, percent-encoding normalised, without query: "2007/03/the-harbour", "" for the base itself.
    /// Nothing if the site does not contain `url`.
    std::optional<std::string> relative(Url const& url) const;

    bool operator==(SiteBase const&) const = default;

private:
    Url url_;
};

}  // namespace backtalk
