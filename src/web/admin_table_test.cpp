#include <catch2/catch.hpp>

#include "async/task_group.h"
#include "web/admin_cookie.h"
#include "web/admin_device.h"
#include "web/admin_table.h"
#include "web/admin_theme.h"

using namespace backtalk;
using namespace backtalk::web;

namespace {

/// A page that says what it was asked.
struct EchoPage {
    http::Response show(AdminVisit const& visit) { return http::text(200, "show " + std::to_string(visit.id())); }
    Task<http::Response> change(AdminVisit visit) { co_return http::text(200, "change " + visit.parts.back()); }
};

struct Pages {
    Pages()
    {
        table.get("people", Action::ManagePeople, page, &EchoPage::show);
        table.post("people", Action::ManagePeople, page, &EchoPage::change);
        table.get("people/new", Action::ManagePeople, page, &EchoPage::show);
        table.post("people/{id}/role", Action::ManagePeople, page, &EchoPage::change);
        table.get_for_everybody("setup/{key}", page, &EchoPage::show);
    }
    EchoPage page;
    AdminTable table;
};

std::optional<accounts::SecretToken> cookie_in(std::string_view header)
{
    http::Request request;
    request.headers.add("Cookie", header);
    return cookie_of(request);
}

}  // namespace

TEST_CASE("an address is found with what stands in its gaps", "[admin]")
{
    Pages pages;
    auto const match = pages.table.find(http::Method::Post, "people/17/role");
    REQUIRE(match.route);
    CHECK(match.parts == std::vector<std::string>{"17"});
    CHECK(match.route->needs == Action::ManagePeople);
    CHECK(pages.table.find(http::Method::Get, "setup/a%20b").parts == std::vector<std::string>{"a b"});
    CHECK_FALSE(pages.table.find(http::Method::Get, "setup/a%20b").route->needs);
    CHECK(pages.table.find(http::Method::Head, "people").route);
}

TEST_CASE("what is no address is none, and a wrong method is told from it", "[admin]")
{
    Pages pages;
    for (std::string_view const path :
        {"", "people/", "people/x/role", "people//role", "people/17/role/", "people/17", "setup/", "setup/a/b"}) {
        auto const match = pages.table.find(http::Method::Get, path);
        CHECK_FALSE(match.route);
        CHECK_FALSE(match.other_method);
    }
    CHECK(pages.table.find(http::Method::Get, "people/17/role").other_method);
    CHECK(pages.table.find(http::Method::Delete, "people").other_method);
}

TEST_CASE("members answer, whether they wait or not", "[admin]")
{
    Pages pages;
    ThreadPool pool{1};
    auto const ask = [&](http::Method method, std::string_view path) {
        auto match = pages.table.find(method, path);
        AdminVisit visit(http::Request(), AdminPlace(), std::string(path), accounts::SecretToken::random());
        visit.parts = std::move(match.parts);
        return run_blocking(pool, match.route->handler(std::move(visit))).body;
    };
    CHECK(ask(http::Method::Get, "people") == "show 0");
    CHECK(ask(http::Method::Post, "people/17/role") == "change 17");
}

TEST_CASE("the cookie is found among others, and only as we write it", "[admin]")
{
    accounts::SecretToken const token = accounts::SecretToken::random();
    CHECK(cookie_in("__Host-backtalk=" + token.str())->str() == token.str());
    CHECK(cookie_in("a=b;  __Host-backtalk=" + token.str() + " ; c=d")->str() == token.str());
    CHECK_FALSE(cookie_in("backtalk=" + token.str()));
    CHECK_FALSE(cookie_in("__host-backtalk=" + token.str()));
    CHECK_FALSE(cookie_in("__Host-backtalk=" + token.str() + "x"));
    CHECK_FALSE(cookie_in("__Host-backtalk"));
    CHECK_FALSE(cookie_in(""));
}

TEST_CASE("a cookie is Secure, for this host and all of it, and no script's", "[admin]")
{
    accounts::SecretToken const token = accounts::SecretToken::random();
    CHECK(visitor_cookie(token) == "__Host-backtalk=" + token.str() + "; Path=/; Secure; HttpOnly; SameSite=Lax");
    CHECK(session_cookie(token) == visitor_cookie(token) + "; Max-Age=7776000");
    CHECK(no_cookie() == "__Host-backtalk=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST_CASE("a device is named as people name it", "[admin]")
{
    CHECK(device_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0") == "Firefox on Linux");
    CHECK(device_of(
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0") ==
        "Edge on Windows");
    CHECK(device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1") ==
        "Safari on iPhone");
    CHECK(device_of("curl/8.0") == "curl/8.0");
    CHECK(device_of("") == "unknown device");
}

TEST_CASE("every template of the owner's pages fits its page", "[admin]")
{
    auto const theme = AdminTheme::load();
    INFO((theme ? std::string() : theme.error().text));
    REQUIRE(theme);
    CHECK(theme->style().size() > 1000);
    CHECK(theme->style_name().ends_with(".css"));
}
