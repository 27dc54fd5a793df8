#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/role.h"
#include "app/sign_in.h"
#include "http/request.h"
#include "url/form.h"

namespace backtalk::web {

using accounts::Action;

/// Where the owner's pages are, as the browser sees it.
struct AdminPlace {
    std::string origin;      ///< "https://a.example"; what a form must come from.
    std::string prefix;      ///< Of the site: "/", "/blog/".
    std::string home_url;    ///< Of the weblog.
    std::string site_title;  ///< Of the weblog; the host where there is none.
    bool is_safe = false;    ///< https, or this machine: nobody on the way reads the cookie.

    /// at("people/3/role"): "/blog/admin/people/3/role"
    std::string at(std::string_view path) const { return prefix + "admin/" + std::string(path); }
};

/// One request for the owner's pages, after the guard: whoever is named may do what the route asks for, and a form is really theirs.
class AdminVisit {
public:
    AdminVisit(http::Request the_request, AdminPlace the_place, std::string the_path, accounts::SecretToken the_cookie)
        : request(std::move(the_request)), place(std::move(the_place)), path(std::move(the_path)), cookie(std::move(the_cookie))
    {
    }

    http::Request request;
    AdminPlace place;
    std::string path;                        ///< Below "admin/": "people/3/role".
    std::vector<std::string> parts;          ///< What {id} and {key} of the route's pattern stand for.
    accounts::SecretToken cookie;            ///< Of the session, or of somebody who has yet to sign in.
    std::shared_ptr<SignedIn const> who;     ///< Null for programs, and on pages for everybody.
    std::shared_ptr<Program const> program;  ///< Who asks by an application token.
    FormFields form;                         ///< Of a POST: valid UTF-8, without the CSRF token.

    /// Who asks; not on pages for everybody.
    User const& user() const { return who ? who->user : program->user; }
    Actor actor() const { return Actor(user().id, user().name.str(), request.peer.str()); }
    Visitor visitor() const;
    bool may(Action action) const;

    /// The number in the path: of "people/{id}/role". 0 if it is none that fits.
    std::int64_t id() const;
    /// A field of the form; empty if absent.
    std::string_view field(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool has(std::string_view name) const;
    /// A field of the query, made valid UTF-8; empty if absent.
    std::string query(std::string_view name) const;
};

}  // namespace backtalk::web
