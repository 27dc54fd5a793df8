#include "web/mention_api.h"

#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "app/addresses.h"
#include "base/text.h"
#include "web/mention_feeds.h"
#include "web/response_headers.h"
#include "webmention/jf2.h"
#include "webmention/status.h"

namespace backtalk::web {

namespace {

namespace json = boost::json;

constexpr std::string_view json_type = "application/json; charset=UTF-8";

/// What follows "api/mentions", or "api/links" as it was called first: "", ".json", ".jf2"; nothing for other addresses.
std::optional<std::string_view> list_format(std::string_view path)
{
    for (std::string_view const name : {"api/mentions", "api/links"})
        if (path.starts_with(name)) {
            std::string_view const format = path.substr(name.size());
            for (std::string_view const known : {"", ".json", ".jf2", ".atom", ".html"})
                if (format == known)
                    return known;
        }
    return std::nullopt;
}

bool is_count(std::string_view path) { return path == "api/count" || path == "api/count.json"; }

/// Without telling by its time how much of the secret was right.
bool is_same_secret(std::string_view given, std::string_view secret)
{
    if (secret.empty())
        return false;
    unsigned difference = given.size() == secret.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i)
        difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(secret[i % secret.size()]);
    return difference == 0;
}

/// What every answer says to pages of other sites and to caches.
http::Response shared(http::Response response)
{
    response.headers.set("Access-Control-Allow-Origin", "*");
    response.headers.set("Access-Control-Expose-Headers", "ETag");
    response.headers.set("X-Content-Type-Options", "nosniff");
    if (!response.headers.contains("Cache-Control"))
        response.headers.set("Cache-Control", response.status == 200 ? "no-cache" : "no-store");
    return response;
}

http::Response refusal(int status, std::string_view error, std::string_view description)
{
    return shared(http::Response(status, json_type, webmention::error_json(error, description)));
}

http::Response json_answer(json::value const& value, std::string const& callback)
{
    std::string text = webmention::script_safe_json(value);
    if (callback.empty())
        return http::Response(200, json_type, std::move(text));
    // The comment keeps the first bytes ours: a chosen name shall not make the answer look like another kind of file.
    return http::Response(200, "text/javascript; charset=UTF-8", fmt::format("/**/{}({});", callback, text));
}

json::value jf2_feed(std::vector<ShownMention> const& mentions)
{
    json::array children;
    for (ShownMention const& shown : mentions)
        children.push_back(webmention::jf2_object(shown.mention, shown.target));
    return json::object{{"type", "feed"}, {"name", "Webmentions"}, {"children", std::move(children)}};
}

json::value classic_links(std::vector<ShownMention> const& mentions)
{
    json::array links;
    for (ShownMention const& shown : mentions)
        links.push_back(webmention::classic_object(shown.mention, shown.target));
    return json::object{{"links", std::move(links)}};
}

/// As webmention.io names what it counts.
std::string counted_as(MentionCount const& count)
{
    if (count.type == MentionType::Mention)
        return "mention";
    std::string const type(webmention::activity_type(count.type));
    return count.rsvp.empty() ? type : type + "-" + count.rsvp;
}

bool is_domain_of(Site const& site, std::string_view domain)
{
    return equal_ignoring_case(domain, site.base.url().host()) || equal_ignoring_case(domain, site.base.authority());
}

}  // namespace

bool MentionApi::is_address(std::string_view path) { return list_format(path).has_value() || is_count(path); }

bool MentionApi::ends_in_address(std::string_view path)
{
    auto const at = path.rfind("/api/");
    return at != std::string_view::npos && is_address(path.substr(at + 1));
}

http::Response MentionApi::preflight()
{
    http::Response response;
    response.status = 204;
    response.headers.set("Allow", "GET, HEAD, OPTIONS");
    response.headers.set("Access-Control-Allow-Origin", "*");
    response.headers.set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    response.headers.set("Access-Control-Allow-Headers", "*");
    response.headers.set("Access-Control-Max-Age", "86400");
    return response;
}

http::Response MentionApi::answer(http::Request const& request, std::string_view path)
{
    if (request.method != http::Method::Get && request.method != http::Method::Head) {
        http::Response response = refusal(405, "invalid_request", "This address can only be read: GET, HEAD or OPTIONS.");
        response.headers.set("Allow", "GET, HEAD, OPTIONS");
        return response;
    }
    http::Response response = shared(is_count(path) ? count(request) : list(request, *list_format(path)));
    return response.status == 200 ? answer_once(std::move(response), request) : response;
}

http::Response MentionApi::list(http::Request const& request, std::string_view format)
{
    Result<MentionApiQuery> const query = read_mention_query(request.query);
    if (!query)
        return failed(query.error());
    Result<std::vector<ShownMention>> const shown = mentions(*query);
    if (!shown)
        return failed(shown.error());
    if (format == ".jf2")
        return json_answer(jf2_feed(*shown), query->callback);
    if (format == ".atom") {
        auto const site = sites_.find(request.authority, request.path);
        std::string const self =
            fmt::format("{}://{}{}?{}", site ? site->base.url().scheme() : "http", request.authority, request.path, request.query);
        return http::Response(200, "application/atom+xml; charset=utf-8", mentions_atom(*shown, self));
    }
    if (format == ".html") {
        http::Response page = http::html(200, mentions_html(*shown));
        add_page_headers(page.headers);
        return page;
    }
    return json_answer(classic_links(*shown), query->callback);
}

http::Response MentionApi::count(http::Request const& request)
{
    Result<MentionApiQuery> const query = read_mention_query(request.query);
    if (!query)
        return failed(query.error());
    if (query->targets.empty())
        return failed(Error(ErrorCode::Malformed, "What is to be counted is named by target."));
    Result<std::vector<EntryId>> const entries = entries_at(query->targets);
    if (!entries)
        return failed(entries.error());
    Result<std::vector<MentionCount>> const counts = store_.mention_counts(*entries);
    if (!counts)
        return failed(counts.error());
    std::int64_t all = 0;
    json::object types;
    for (MentionCount const& each : *counts) {
        all += each.mentions;
        types[counted_as(each)] = each.mentions;
    }
    return json_answer(json::object{{"count", all}, {"type", std::move(types)}}, query->callback);
}

Result<std::vector<ShownMention>> MentionApi::mentions(MentionApiQuery const& query)
{
    MentionFeedQuery feed = query.feed;
    if (!query.targets.empty()) {
        TRY(feed.entries, entries_at(query.targets));
    } else if (query.token) {
        TRY(feed.sites, sites_of(*query.token, query.domain));
    } else {
        return failure(ErrorCode::Malformed, "Mentions are asked for by target; those of whole sites need the token of a site.");
    }
    if (feed.entries.empty() && feed.sites.empty())
        return {};
    TRY(std::vector<FeedMention> found, store_.mention_feed(feed));
    std::vector<ShownMention> shown;
    shown.reserve(found.size());
    for (FeedMention& each : found)
        if (auto const site = sites_.find(each.site))
            shown.push_back(ShownMention{std::move(each.mention), site->base.at(each.path).str()});
    return shown;
}

Result<std::vector<EntryId>> MentionApi::entries_at(std::vector<std::string> const& targets)
{
    std::set<EntryId> entries;  // one entry may be asked for by all of its addresses
    for (std::string const& target : targets) {
        Result<Url> const url = Url::parse(target);
        auto const site = url ? sites_.find_holding(*url) : nullptr;
        if (!site)
            continue;
        TRY(std::optional<AddressOwner> const owner, entry_at(store_, *site, *url));
        if (owner)
            entries.insert(owner->entry);
    }
    return std::vector<EntryId>(entries.begin(), entries.end());
}

Result<std::vector<SiteId>> MentionApi::sites_of(std::string_view token, std::optional<std::string> const& domain)
{
    std::vector<SiteId> found;
    bool is_known = false;
    for (auto const& site : sites_.all()) {
        bool const is_its_token = is_same_secret(token, site->api_token);
        is_known = is_known || is_its_token;
        if (is_its_token && (!domain || is_domain_of(*site, *domain)))
            found.push_back(site->id);
    }
    if (!is_known)
        return failure(ErrorCode::Refused, "No site has this token.");
    return found;
}

http::Response MentionApi::failed(Error const& error)
{
    if (error.code == ErrorCode::Malformed)
        return refusal(400, "invalid_input", error.text);
    if (error.code == ErrorCode::Refused)
        return refusal(401, "forbidden", error.text);
    log_.error(fmt::format("the mentions that were asked for cannot be read: {}", error.text));
    http::Response response =
        refusal(error.may_pass() ? 503 : 500, "server_error", "Something is out of order. Please try again in a while.");
    if (error.may_pass())
        response.headers.set("Retry-After", "5");
    return response;
}

}  // namespace backtalk::web
