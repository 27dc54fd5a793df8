#include "web/admin_routes.h"

#include <fmt/format.h>

#include "async/completion.h"
#include "base/text.h"
#include "http/form.h"
#include "url/this_machine.h"
#include "web/admin_cookie.h"
#include "web/admin_headers.h"
#include "web/admin_held_form.h"

namespace backtalk::web {

namespace {

constexpr std::string_view csrf_field = "csrf";

/// "admin", "admin/", "admin/inbox"
bool is_admin_path(std::string_view path) { return path == "admin" || path.starts_with("admin/"); }

bool is_safe_base(Url const& base) { return base.scheme() == "https" || is_this_machine(base.host()); }

/// Where the pages begin: the site's base, or "/" for a Host that is none's.
std::string_view prefix_of(Site const* site) { return site ? site->base.prefix() : std::string_view("/"); }

std::string_view host_of(std::string_view authority)
{
    auto const colon = authority.rfind(':');
    return colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos ? authority : authority.substr(0, colon);
}

/// The browser's own word on where a POST comes from; nothing where an old one says nothing, and the CSRF token decides alone.
///
/// Spec: https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
bool comes_from_elsewhere(http::Request const& request, AdminPlace const& place)
{
    if (auto const site = request.headers.get("Sec-Fetch-Site"); site && *site != "same-origin")
        return true;
    if (auto const origin = request.headers.get("Origin"))
        return *origin != place.origin;
    if (auto const referer = request.headers.get("Referer"))
        return *referer != place.origin && !referer->starts_with(place.origin + "/");
    return false;
}

std::optional<std::string> bearer_of(http::Request const& request)
{
    auto const value = request.headers.get("Authorization");
    std::string_view const scheme = "bearer";
    if (!value || !starts_with_ignoring_case(*value, scheme))
        return std::nullopt;
    return std::string(trimmed(value->substr(scheme.size())));
}

/// The fields of a form, as valid UTF-8.
Result<FormFields> read_fields(http::Request const& request)
{
    TRY(FormFields fields, http::read_form(request.headers.get("Content-Type").value_or(""), request.body));
    for (auto& [name, value] : fields)
        value = repaired_utf8(value);
    return fields;
}

/// Takes the token out of the form.
std::string take_csrf(FormFields& form)
{
    std::string token;
    std::erase_if(form, [&](auto& each) {
        if (each.first != csrf_field)
            return false;
        token = std::move(each.second);
        return true;
    });
    return token;
}

}  // namespace

AdminRoutes::AdminRoutes(AdminParts parts, AdminTheme theme)
    : parts_(parts), frame_(std::move(theme), parts.log), sign_in_(frame_, parts.sign_in, parts.accounts, parts.people),
      inbox_(frame_, parts.store, parts.inbox, parts.sites, parts.moderator, parts.people, [&checker = parts.checker] { checker.wake(); }),
      blocks_(frame_, parts.sites, parts.moderator, parts.people), decisions_(frame_, parts.store, parts.moderator, parts.people),
      entries_(frame_, parts.store, parts.desk, parts.sites, parts.publisher, parts.people),
      editor_(frame_,
          AdminEntryEditor::Parts{
              parts.store, parts.sites, parts.publisher, parts.sender, parts.pages, parts.people, parts.work, parts.clock}),
      sent_(frame_, parts.store, parts.desk, parts.people, [&sender = parts.sender] { sender.wake(); }),
      weblogs_(frame_, parts.store, parts.inbox, parts.sites, parts.site_keeper, parts.hooks, parts.people, parts.clock),
      people_(frame_, parts.people, parts.accounts, parts.sign_in), settings_(frame_, parts.settings, parts.people),
      account_(frame_, parts.people, parts.accounts), activity_(frame_, parts.people),
      digest_(frame_, parts.digests, parts.digest_sender, parts.mailer, parts.store, parts.inbox),
      deeds_(frame_, parts.digests, parts.store, parts.inbox, parts.moderator, parts.people)
{
    sign_in_.add_to(table_);
    inbox_.add_to(table_);
    blocks_.add_to(table_);
    decisions_.add_to(table_);
    entries_.add_to(table_);
    editor_.add_to(table_);
    sent_.add_to(table_);
    weblogs_.add_to(table_);
    people_.add_to(table_);
    settings_.add_to(table_);
    account_.add_to(table_);
    activity_.add_to(table_);
    digest_.add_to(table_);
    deeds_.add_to(table_);
}

Result<std::unique_ptr<AdminRoutes>> AdminRoutes::open(AdminParts parts)
{
    TRY(AdminTheme theme, AdminTheme::load());
    return std::unique_ptr<AdminRoutes>(new AdminRoutes(parts, std::move(theme)));
}

bool AdminRoutes::is_for(http::Request const& request, Site const* site) const
{
    std::string_view const prefix = prefix_of(site);
    return (site || parts_.sites.has_external() || is_this_machine(host_of(request.authority))) && request.path.starts_with(prefix) &&
        is_admin_path(std::string_view(request.path).substr(prefix.size()));
}

AdminPlace AdminRoutes::place_of(http::Request const& request, Site const* site) const
{
    AdminPlace place;
    place.prefix = prefix_of(site);
    if (site) {
        Url const& base = site->base.url();
        place.origin = fmt::format("{}://{}", base.scheme(), base.authority());
        place.home_url = base.str();
        place.site_title = site->title;
        // The address says what the proxy in front speaks, unless that says otherwise.
        bool const here = is_this_machine(base.host());
        place.is_safe = here || (base.scheme() == "https" && request.transport != http::Transport::Plain);
    } else {
        // A Host that no site names: this machine, or some proxy's name for this server, if the proxy says so.
        bool const here = is_this_machine(host_of(request.authority));
        place.origin = fmt::format("{}://{}", here ? "http" : "https", request.authority);
        place.site_title = request.authority;
        place.home_url = "/";
        place.is_safe = here || request.transport == http::Transport::Tls;
    }
    return place;
}

std::optional<http::Response> AdminRoutes::asset(std::string_view path) const
{
    AdminTheme const& theme = frame_.theme();
    http::Response response;
    if (path == theme.style_name())
        response = http::Response(200, "text/css; charset=utf-8", std::string(theme.style()));
    else if (path == theme.script_name())
        response = http::Response(200, "text/javascript; charset=utf-8", std::string(theme.script()));
    else
        return std::nullopt;
    response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

std::string admin_address(SiteDirectory const& sites, std::string_view listening_on, std::string_view path)
{
    for (auto const& site : sites.all())
        if (site->kind == SiteKind::Hosted && is_safe_base(site->base.url()))
            return site->base.at(fmt::format("admin/{}", path)).str();
    auto const colon = listening_on.rfind(':');
    return fmt::format("http://127.0.0.1{}/admin/{}", listening_on.substr(std::min(colon, listening_on.size())), path);
}

Task<http::Response> AdminRoutes::answer(http::Request request, std::shared_ptr<Site const> site)
{
    co_await resume_on(parts_.work);
    AdminPlace place = place_of(request, site.get());
    std::string path = request.path.substr(std::min(request.path.size(), place.prefix.size() + 6));
    if (auto file = asset(path))
        co_return *std::move(file);
    if (path.empty() || path.ends_with('/')) {
        while (path.ends_with('/'))
            path.pop_back();
        http::Response response = http::redirect(303, place.at(path.empty() ? "inbox" : path));
        add_admin_headers(response.headers, path);
        co_return response;
    }
    std::optional<SecretToken> const present = cookie_of(request);
    SecretToken cookie = present ? *present : SecretToken::random();
    AdminTable::Match match = table_.find(request.method, path);
    std::optional<std::string> bearer = bearer_of(request);
    bool const is_program = bearer.has_value();
    bool const reads = request.method == http::Method::Get || request.method == http::Method::Head;
    AdminVisit visit(std::move(request), std::move(place), path, cookie);
    http::Response response;
    if (is_program)
        response = co_await for_program(std::move(visit), std::move(match), *std::move(bearer));
    else
        response = co_await guarded(std::move(visit), std::move(match), present.has_value());
    add_admin_headers(response.headers, path);
    // Only to who reads a page: another site can make a browser send a form, which then comes without the cookie (SameSite), and our answer
    // must not put another in its place.
    if (reads && !present && !is_program && !response.headers.contains("Set-Cookie"))
        response.headers.add("Set-Cookie", visitor_cookie(cookie));
    co_return response;
}

Task<http::Response> AdminRoutes::guarded(AdminVisit visit, AdminTable::Match match, bool has_cookie)
{
    if (!visit.place.is_safe)
        co_return frame_.notice(visit, 403, "Not by this way",
            "This page came by plain http, or nobody whom Backtalk trusts says otherwise, so anybody on the way could read your password "
            "and your cookie. Use the weblog’s address with https: (with a proxy such as Caddy or nginx in front of Backtalk, which is "
            "named "
            "in server.trusted_proxies and sends X-Forwarded-Proto), or sign in on the machine itself, at 127.0.0.1 or localhost.");
    Result<std::shared_ptr<SignedIn const>> const who = co_await parts_.sign_in.find(visit.cookie);
    if (!who)
        co_return frame_.out_of_order(visit, who.error());
    visit.who = *who;
    bool const posts = visit.request.method == http::Method::Post;
    if (posts) {
        if (comes_from_elsewhere(visit.request, visit.place))
            co_return frame_.notice(visit, 403, "That did not come from here",
                "The form was sent from another site, so nothing was done. Open the page here and send it again.");
        if (!has_cookie)
            co_return frame_.notice(visit, 403, "The cookie did not come back",
                "Your browser sent the form without our cookie, so nothing was done. It keeps the cookie only if cookies are allowed and "
                "the "
                "address begins with https:.");
        Result<FormFields> form = read_fields(visit.request);
        if (!form)
            co_return frame_.notice(visit, 400, "That is no form", "What was sent could not be read as a form.");
        visit.form = *std::move(form);
        bool const is_theirs = accounts::is_csrf_token(visit.cookie, take_csrf(visit.form));
        // NB: only what somebody may have written for hours; a password is not written down anywhere.
        if (match.route && match.route->needs == Action::WriteEntries && (!is_theirs || !visit.who))
            if (std::optional<http::Response> held = held_form(frame_, visit))
                co_return *std::move(held);
        if (!is_theirs)
            co_return frame_.notice(visit, 403, "The page was too old",
                "The form belongs to another sign-in, so nothing was done. Go back, load the page again and send it once more.");
    }
    if (!match.route) {
        if (!match.other_method)
            co_return frame_.not_found(visit);
        http::Response response = frame_.notice(visit, 405, "That cannot be done here", "This address does not take that kind of request.");
        response.headers.set("Allow", posts ? "GET, HEAD" : "POST");
        co_return response;
    }
    if (match.route->needs) {
        if (!visit.who && posts)
            co_return frame_.notice(visit, 403, "You are signed out", "Nothing was done. Sign in, and send the form again.");
        if (!visit.who)
            co_return sign_in_.sent_there(visit);
        if (!visit.may(*match.route->needs))
            co_return frame_.notice(visit, 403, "That is for others",
                fmt::format("Your role here is {}. An owner can change that.", to_word(visit.user().role)));
    }
    visit.parts = std::move(match.parts);
    co_return co_await match.route->handler(std::move(visit));
}

Task<http::Response> AdminRoutes::for_program(AdminVisit visit, AdminTable::Match match, std::string bearer)
{
    // NB: whether or not it is one of ours: who sends one in the clear has to hear of it the first time.
    if (!visit.place.is_safe)
        co_return http::text(403,
            "No token is taken over plain http: anybody on the way can read it. If it was one of yours, remove it, make another, and send "
            "that to the address with https:, or to 127.0.0.1 on the machine itself.\n");
    Result<std::shared_ptr<Program const>> const program = co_await parts_.sign_in.find_program(std::move(bearer));
    if (!program)
        co_return http::text(503, "Something is out of order here.\n");
    if (!*program) {
        http::Response response = http::text(401, "This token is not known here.\n");
        response.headers.set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        co_return response;
    }
    visit.program = *program;
    if (!match.route)
        co_return http::text(match.other_method ? 405 : 404, "Nothing is at this address.\n");
    if (!match.route->needs || !visit.may(*match.route->needs)) {
        http::Response response = http::text(403, "This token is not good for that.\n");
        response.headers.set("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
        co_return response;
    }
    if (visit.request.method == http::Method::Post) {
        Result<FormFields> form = read_fields(visit.request);
        if (!form)
            co_return http::text(400, "What was sent could not be read as a form.\n");
        visit.form = *std::move(form);
    }
    visit.parts = std::move(match.parts);
    co_return co_await match.route->handler(std::move(visit));
}

}  // namespace backtalk::web
