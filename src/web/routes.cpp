#include "web/routes.h"

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/entry_html.h"
#include "async/completion.h"
#include "base/text.h"
#include "feed/sitemap.h"
#include "url/form.h"
#include "url/percent.h"
#include "web/page_models.h"
#include "web/response_headers.h"

namespace backtalk::web {

namespace {

/// Takes "page/3/" off the end of a path; 1 where there is none, nothing where it is no number.
std::optional<std::size_t> take_page(std::string& path)
{
    auto const at = path.rfind("page/");
    if (at == std::string::npos || (at > 0 && path[at - 1] != '/'))
        return 1;
    std::string_view number = std::string_view(path).substr(at + 5);
    if (number.ends_with('/'))
        number.remove_suffix(1);
    auto const page = parse_integer<std::size_t>(number);
    if (!page || *page < 1 || *page > 1'000'000)
        return std::nullopt;
    path.resize(at);
    return page;
}

/// "2007/", "2007/03/", "2007/03/08/".
std::optional<ListSubject> date_subject(std::string_view path)
{
    std::array<int, 3> numbers{};
    std::size_t count = 0;
    for (std::string_view const part : split(path.substr(0, path.size() - 1), '/')) {
        bool const right_length = part.size() == (count == 0 ? 4u : 2u);
        auto const number = right_length && count < 3 ? parse_integer<int>(part) : std::nullopt;
        if (!number || *number < 1)
            return std::nullopt;
        numbers[count++] = *number;
    }
    if (numbers[1] > 12 || numbers[2] > 31)
        return std::nullopt;
    ListSubject subject;
    subject.kind = count == 1 ? ListSubject::Kind::Year : count == 2 ? ListSubject::Kind::Month : ListSubject::Kind::Day;
    subject.year = numbers[0];
    subject.month = numbers[1];
    subject.day = numbers[2];
    return subject;
}

/// "category/food-drink/" and what follows it.
std::optional<ListSubject> label_subject(std::string_view path, std::string_view& rest)
{
    ListSubject subject;
    if (path.starts_with("category/"))
        subject.kind = ListSubject::Kind::Category;
    else if (path.starts_with("tag/"))
        subject.kind = ListSubject::Kind::Tag;
    else
        return std::nullopt;
    path.remove_prefix(path.find('/') + 1);
    auto const end = path.find('/');
    subject.slug = percent_decoded(path.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view("no slash") : path.substr(end + 1);
    if (subject.slug.empty())
        return std::nullopt;
    return subject;
}

std::optional<ListSubject> list_subject(std::string_view path)
{
    if (path.empty())
        return ListSubject();
    std::string_view rest;
    if (auto subject = label_subject(path, rest); subject && rest.empty())
        return subject;
    return path.ends_with('/') ? date_subject(path) : std::nullopt;
}

/// "feed.atom", "category/x/feed.rss".
std::optional<std::pair<ListSubject, FeedFormat>> feed_subject(std::string_view path)
{
    FeedFormat format;
    if (path.ends_with("feed.atom"))
        format = FeedFormat::Atom;
    else if (path.ends_with("feed.rss"))
        format = FeedFormat::Rss;
    else
        return std::nullopt;
    std::string_view const folder = path.substr(0, path.rfind("feed."));
    if (!folder.empty() && !folder.starts_with("category/") && !folder.starts_with("tag/"))
        return std::nullopt;
    auto subject = list_subject(folder);
    if (!subject)
        return std::nullopt;
    return std::pair(*std::move(subject), format);
}

std::string_view without_slash(std::string_view path) { return path.starts_with('/') ? path.substr(1) : path; }

bool has_field(std::string_view query, std::string_view name)
{
    FormFields const fields = parse_form(query);
    return std::any_of(fields.begin(), fields.end(), [&](auto const& each) { return each.first == name; });
}

/// What is below the base of every hosted site, and at any Host for external ones.
bool is_endpoint(std::string_view path)
{
    return path == "webmention" || path.starts_with("webmention/") || path == "xmlrpc" || path == "xmlrpc.php" || path == "trackback" ||
        MentionApi::is_address(path);
}

/// At any Host right below "/"; at the Host of an external site also below its base, where its web server may pass them on. Empty: it is
/// none.
std::string external_endpoint(Site const* site, std::string_view path)
{
    if (is_endpoint(without_slash(path)))
        return std::string(without_slash(path));
    if (site && path.starts_with(site->base.prefix()) && is_endpoint(path.substr(site->base.prefix().size())))
        return std::string(path.substr(site->base.prefix().size()));
    return {};
}

std::string about_external(Site const& site)
{
    return fmt::format("The pages of {} are not served here: another server renders them.\n"
                       "This one receives and sends their mentions: by Webmention at /webmention, by Pingback at /xmlrpc, by TrackBack at "
                       "/trackback?target=URL. What came in can be read at /api/mentions.jf2?target=URL.\n",
        site.base.url().str());
}

}  // namespace

Routes::Routes(Store& store, SiteDirectory const& sites, PingReceiver& receiver, Theme theme, std::uint64_t cache_bytes, Executor& work,
    Clock const& clock, Log& log)
    : store_(store), sites_(sites), receiver_(receiver), theme_(std::move(theme)), pages_(store, theme_), cache_(cache_bytes),
      mention_api_(store, sites, log), work_(work), clock_(clock), log_(log)
{
}

std::shared_ptr<http::ReadyPage const> Routes::ready(http::RequestHead const& head) noexcept
{
    std::shared_ptr<CachedPage const> page = cache_.find(head.authority, head.target);
    if (!page)
        return nullptr;
    http::ReadyPage const* const ready_page = &page->ready;
    return std::shared_ptr<http::ReadyPage const>(std::move(page), ready_page);
}

bool Routes::starts_in_memory(http::RequestHead const& head) noexcept
{
    // A ping: small, and its entry known in memory as a rule. A large body may cost more to read than a front thread has time for.
    return head.method == http::Method::Post && !head.chunked && head.content_length.value_or(0) <= 8192;
}

Task<http::Response> Routes::answer(http::Request request)
{
    if (request.method == http::Method::Options) {
        if (MentionApi::ends_in_address(request.path))
            co_return MentionApi::preflight();
        http::Response response;
        response.status = 204;
        response.headers.set("Allow", "GET, HEAD, POST, OPTIONS");
        co_return response;
    }
    SitePtr site = sites_.find(request.authority, request.path);
    if (admin_ && admin_->is_for(request, site.get()))
        co_return co_await admin_->answer(std::move(request), std::move(site));
    bool const hosted = site && site->kind == SiteKind::Hosted;
    if (!hosted && sites_.has_external()) {
        std::string endpoint = external_endpoint(site.get(), request.path);
        if (!endpoint.empty())
            co_return co_await answer_endpoint(std::move(request), nullptr, std::move(endpoint));
    }
    if (!hosted)
        co_return http::text(404, site ? about_external(*site) : "No site of this server has that name.\n");
    Result<Url> const url = site->base.url().resolve(request.path);
    std::optional<std::string> path = url && site->base.contains(*url) ? site->base.relative(*url) : std::nullopt;
    if (!path)
        co_return http::text(404, "Nothing is at this address.\n");
    bool const at_external_trackback = *path == "trackback" && has_field(request.query, "target");
    if (is_endpoint(*path) && (*path != "trackback" || at_external_trackback)) {
        std::string endpoint = *std::move(path);
        co_return co_await answer_endpoint(std::move(request), std::move(site), std::move(endpoint));
    }
    Visit visit(std::move(request), std::move(site), *std::move(path));

    http::Method const method = visit.request.method;
    bool const reads = method == http::Method::Get || method == http::Method::Head;
    if (std::optional<PingDoor> door = ping_door(visit.path, visit.request.query)) {
        if (reads)
            co_return get_ping_url(visit, *door);
        co_return co_await receive_trackback(std::move(visit), *std::move(door));
    }
    if (reads)
        co_return get(visit);
    co_await resume_on(work_);
    http::Response response = pages_.error(*visit.site, method == http::Method::Post ? 405 : 501, "That cannot be done here",
        "This address can be read. Pings go to the TrackBack URL that each entry names.");
    add_page_headers(response.headers);
    response.headers.set("Allow", "GET, HEAD, OPTIONS");
    co_return response;
}

http::Response Routes::get(Visit const& visit)
{
    if (auto generated = get_generated(visit))
        return *std::move(generated);
    if (auto list = get_list(visit))
        return *std::move(list);
    return get_entry(visit);
}

std::optional<http::Response> Routes::get_generated(Visit const& visit)
{
    Site const& site = *visit.site;
    std::string const& path = visit.path;
    std::string const target = local_path(site, path);
    if (path == "theme/" + theme_.style_sheet_name()) {
        http::Response style(200, "text/css; charset=utf-8", std::string(theme_.style_sheet()));
        style.headers.set("Cache-Control", "public, max-age=31536000, immutable");
        return built(visit, target, [&]() -> Pages::Page { return BuiltPage(style, {}); });
    }
    if (path == "robots.txt") {
        std::vector<std::string> const disallowed = {local_path(site, "admin/"), local_path(site, "search")};
        http::Response robots(200, "text/plain; charset=utf-8", feed::robots_txt(site.base.at("sitemap.xml").str(), disallowed));
        return built(visit, target, [&]() -> Pages::Page { return BuiltPage(robots, {}); });
    }
    if (path == "sitemap.xml")
        return built(visit, target, [&] { return pages_.sitemap(site, 0); });
    if (path.starts_with("sitemap-") && path.ends_with(".xml")) {
        auto const part = parse_integer<std::size_t>(std::string_view(path).substr(8, path.size() - 12));
        return part && *part > 0 ? built(visit, target, [&] { return pages_.sitemap(site, *part); }) : not_found(visit);
    }
    if (auto const feed = feed_subject(path))
        return built(visit, target, [&] { return pages_.feed(site, feed->first, feed->second); });
    if (path == "archives/")
        return built(visit, target, [&] { return pages_.archives(site); });
    if (path == "archives")
        return moved(visit, "archives/");
    return std::nullopt;
}

std::optional<http::Response> Routes::get_list(Visit const& visit)
{
    // "?p=17" names an entry, not the home page.
    if (visit.path.empty() && visit.request.query.starts_with("p="))
        return std::nullopt;
    std::string path = visit.path;
    std::optional<std::size_t> const page = take_page(path);
    std::optional<ListSubject> const subject = page ? list_subject(path) : std::nullopt;
    if (!subject) {
        // A list without its slash, unless an entry has that address.
        if (!visit.path.ends_with('/') && list_subject(visit.path + '/')) {
            auto const owner = entry_at(store_, *visit.site, visit.site->base.at(visit.path));
            if (owner && !owner->has_value())
                return moved(visit, visit.path + '/');
        }
        return std::nullopt;
    }
    if (*page == 1 && path != visit.path)
        return moved(visit, path);
    if (*page > 1 && !visit.path.ends_with('/'))
        return moved(visit, visit.path + '/');
    return built(visit, local_path(*visit.site, visit.path), [&] { return pages_.list(*visit.site, *subject, *page); });
}

http::Response Routes::get_entry(Visit const& visit)
{
    Site const& site = *visit.site;
    std::string const address = visit.path + (visit.request.query.empty() ? "" : "?" + visit.request.query);
    Result<std::optional<AddressOwner>> owner = entry_at(store_, site, site.base.at(address));
    if (!owner)
        return failed(visit, owner.error());
    std::size_t mentions_page = 0;
    if (!owner->has_value()) {
        // The pages of an entry's mentions are below it.
        std::string path = visit.path;
        std::optional<std::size_t> const page = take_page(path);
        if (!page || !path.ends_with("mentions/"))
            return not_found(visit);
        path.resize(path.size() - 9);
        owner = path.empty() ? std::nullopt : entry_at(store_, site, site.base.at(path));
        if (!owner)
            return failed(visit, owner.error());
        if (!owner->has_value())
            return not_found(visit);
        mentions_page = *page;
    }
    AddressOwner const& found = **owner;
    if (found.status == EntryStatus::Deleted)
        return gone(visit, found.entry);
    if (!has_page(found.status))
        return not_found(visit);
    if (mentions_page == 0 && visit.path != found.path)
        return moved(visit, found.path);
    Result<std::optional<Entry>> const entry = store_.entry(found.entry);
    if (!entry)
        return failed(visit, entry.error());
    if (!entry->has_value())
        return not_found(visit);
    if (mentions_page > 0)
        return get_mentions(visit, **entry, mentions_page);
    return built(visit, local_path(site, found.path), [&] { return pages_.entry(site, **entry); });
}

http::Response Routes::gone(Visit const& visit, EntryId id)
{
    // The last change of a deleted entry is that it was deleted.
    Result<std::optional<Entry>> const entry = store_.entry(id);
    http::Response response = pages_.gone(*visit.site, entry && entry->has_value() ? std::optional((**entry).updated) : std::nullopt);
    add_page_headers(response.headers);
    return response;
}

http::Response Routes::get_mentions(Visit const& visit, Entry const& entry, std::size_t page)
{
    std::string const canonical = entry.path + "mentions/" + (page > 1 ? fmt::format("page/{}/", page) : "");
    if (visit.path != canonical)
        return moved(visit, canonical);
    return built(visit, local_path(*visit.site, canonical), [&] { return pages_.mentions(*visit.site, entry, page); });
}

http::Response Routes::get_ping_url(Visit const& visit, PingDoor const& door)
{
    Site const& site = *visit.site;
    Result<std::optional<Entry>> const entry = entry_behind(store_, site, door);
    if (!entry)
        return failed(visit, entry.error());
    if (!entry->has_value())
        return not_found(visit);
    std::string const target = site.base.at(fmt::format("trackback/{}", (**entry).trackback_id)).path_and_query().data();
    if (visit.request.query.find("__mode=rss") != std::string::npos)
        return built(visit, target + "?__mode=rss", [&] { return pages_.trackback_listing(site, **entry); });
    return built(visit, target, [&] { return pages_.trackback_page(site, **entry); });
}

http::Response Routes::built(Visit const& visit, std::string const& target, std::move_only_function<Pages::Page()> build)
{
    if (auto const known = cache_.find(visit.request.authority, target))
        return answer_from(*known, visit.request);
    std::uint64_t const version = cache_.version();
    Pages::Page page = build();
    if (!page)
        return failed(visit, page.error());
    if (!page->has_value())
        return not_found(visit);
    http::Response& response = (*page)->response;
    add_page_headers(response.headers);
    if (!response.headers.get("Cache-Control"))
        response.headers.set("Cache-Control", "public, max-age=0, must-revalidate");
    if (response.status != 200)
        return std::move(response);
    auto const cached = make_cached(std::move(response), clock_.now());
    cache_.keep(visit.request.authority + target, cached, std::move((*page)->shows), version);
    return answer_from(*cached, visit.request);
}

http::Response Routes::moved(Visit const& visit, std::string const& relative)
{
    http::Response response = http::redirect(301, visit.site->base.at(relative).str());
    response.headers.set("Cache-Control", "public, max-age=3600");
    return response;
}

http::Response Routes::not_found(Visit const& visit)
{
    http::Response response = pages_.error(*visit.site, 404, "Nothing is here", "No page of this weblog has this address.");
    add_page_headers(response.headers);
    return response;
}

http::Response Routes::failed(Visit const& visit, Error const& error)
{
    log_.error(fmt::format("{}: {}", visit.path, error.text));
    int const status = error.may_pass() ? 503 : 500;
    http::Response response = pages_.error(
        *visit.site, status, "Something is out of order", "This page cannot be shown for the moment. Please try again in a while.");
    add_page_headers(response.headers);
    if (status == 503)
        response.headers.set("Retry-After", "5");
    return response;
}

}  // namespace backtalk::web
