#pragma once

#include <memory>

#include "app/door.h"
#include "app/receive_ping.h"
#include "app/site_directory.h"
#include "app/store.h"
#include "base/log.h"
#include "web/admin_routes.h"
#include "web/mention_api.h"
#include "web/page_cache.h"
#include "web/pages.h"
#include "web/theme.h"
#include "xmlrpc/introspection.h"

namespace backtalk::web {

/// Every door of the hosted sites: what an address means, and who answers there.
class Routes final : public Door {
public:
    /// `work`: where whatever reads the store or renders runs.
    Routes(Store& store, SiteDirectory const& sites, PingReceiver& receiver, Theme theme, std::uint64_t cache_bytes, Executor& work,
        Clock const& clock, Log& log);

    std::shared_ptr<http::ReadyPage const> ready(http::RequestHead const& head) noexcept override;
    bool starts_in_memory(http::RequestHead const& head) noexcept override;
    Task<http::Response> answer(http::Request request) override;
    http::Response refuse(http::RequestHead const* head, int status) override;

    PageCache& cache() { return cache_; }
    Pages& pages() { return pages_; }
    /// Serves the owner's pages too. Before the first request.
    void open_admin(std::unique_ptr<AdminRoutes> admin) { admin_ = std::move(admin); }

private:
    using SitePtr = std::shared_ptr<Site const>;

    /// A request, its site, and where in it.
    struct Visit {
        Visit(http::Request the_request, SitePtr the_site, std::string the_path)
            : request(std::move(the_request)), site(std::move(the_site)), path(std::move(the_path))
        {
        }
        http::Request request;
        SitePtr site;
        std::string path;  ///< Below the site's base: "2007/03/the-harbour/".
    };

    http::Response get(Visit const& visit);
    std::optional<http::Response> get_generated(Visit const& visit);
    std::optional<http::Response> get_list(Visit const& visit);
    http::Response get_entry(Visit const& visit);
    http::Response get_mentions(Visit const& visit, Entry const& entry, std::size_t page);
    http::Response gone(Visit const& visit, EntryId id);  ///< The tombstone of a deleted entry.
    http::Response get_ping_url(Visit const& visit, PingDoor const& door);
    Task<http::Response> receive_trackback(Visit visit, PingDoor door);
    /// The endpoints that do not belong to one entry: Webmention, its status pages, XML-RPC, the read API, and TrackBack for external
    /// sites. `site`: whose Host was asked, null for one that only external sites use.
    Task<http::Response> answer_endpoint(http::Request request, SitePtr site, std::string path);
    Task<http::Response> receive_webmention(http::Request request, SitePtr site);
    Task<http::Response> webmention_status(http::Request request, SitePtr site, std::string key);
    Task<http::Response> receive_xmlrpc(http::Request request);
    /// What the server itself refuses at the doors of Webmention and Pingback, in their form; nothing at other addresses.
    static std::optional<http::Response> refused_linkback(http::RequestHead const& head, int status);
    Task<xmlrpc::Response> call_method(xmlrpc::Call call, PingSenderAddress sender);
    Task<http::Response> receive_external_trackback(http::Request request);
    /// What a person hears who sent a Webmention by hand.
    http::Response announced_page(SitePtr const& site, Announced announced);
    /// A page for this request only.
    static http::Response uncached(http::Response page);
    /// A short page for people, or plain text where there is no site whose face it could have.
    http::Response notice(SitePtr const& site, int status, std::string_view heading, std::string_view message);

    /// Builds a page, keeps it if it is to be kept, and answers this request with it.
    http::Response built(Visit const& visit, std::string const& target, std::move_only_function<Pages::Page()> build);
    http::Response not_found(Visit const& visit);
    http::Response moved(Visit const& visit, std::string const& relative);
    http::Response failed(Visit const& visit, Error const& error);

    Store& store_;
    SiteDirectory const& sites_;
    PingReceiver& receiver_;
    Theme theme_;
    Pages pages_;
    PageCache cache_;
    MentionApi mention_api_;
    std::unique_ptr<AdminRoutes> admin_;
    Executor& work_;
    Clock const& clock_;
    Log& log_;
};

}  // namespace backtalk::web
