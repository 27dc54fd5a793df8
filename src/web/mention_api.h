#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/site_directory.h"
#include "app/store.h"
#include "base/log.h"
#include "http/request.h"
#include "http/response.h"
#include "web/mention_query.h"

namespace backtalk::web {

/// A mention to be shown, with the absolute address of its entry.
struct ShownMention {
    StoredMention mention;
    std::string target;
};

/// webmention.io's read API: the listed mentions of entries, or of whole sites for those who have the site's token.
///
/// Spec: the API of webmention.io. NB: by contrast to it, any number of targets, an ETag, and `since` in the order in which mentions came
///       to be shown, so that nothing is missed that its owner approved late.
class MentionApi {
public:
    MentionApi(Store& store, SiteDirectory const& sites, Log& log) : store_(store), sites_(sites), log_(log) { }

    /// Whether a path below a site's base, without its first slash, is one of the API: "api/mentions.jf2".
    static bool is_address(std::string_view path);
    /// The same for the path of a request, whatever base it is below.
    static bool ends_in_address(std::string_view path);
    /// Tells browsers that pages of any site may ask (https://fetch.spec.whatwg.org/#http-cors-protocol).
    static http::Response preflight();

    /// Blocks on the store.
    http::Response answer(http::Request const& request, std::string_view path);

private:
    http::Response list(http::Request const& request, std::string_view format);
    http::Response count(http::Request const& request);
    Result<std::vector<ShownMention>> mentions(MentionApiQuery const& query);
    Result<std::vector<EntryId>> entries_at(std::vector<std::string> const& targets);
    /// Errors: Refused (no site has that token).
    Result<std::vector<SiteId>> sites_of(std::string_view token, std::optional<std::string> const& domain);
    http::Response failed(Error const& error);

    Store& store_;
    SiteDirectory const& sites_;
    Log& log_;
};

}  // namespace backtalk::web
