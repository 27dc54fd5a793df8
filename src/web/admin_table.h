#pragma once

#include <functional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "async/task.h"
#include "http/response.h"
#include "web/admin_visit.h"

namespace backtalk::web {

/// An address of the owner's pages, what may be done there, and who does it. No handler is called before the guard (AdminRoutes) has seen
/// that the visitor may do it, and that a POST is really theirs.
struct AdminRoute {
    http::Method method;          ///< Get (HEAD too) or Post.
    std::string_view pattern;     ///< "people/{id}/role": {id} is a number, {key} any one segment.
    std::optional<Action> needs;  ///< Nothing: for everybody, signed in or not.
    std::function<Task<http::Response>(AdminVisit)> handler;
};

/// All of them. A page is a class whose members answer:
///
///     table.get("people", Action::ManagePeople, *this, &AdminPeople::list);
///     table.post("people/{id}/role", Action::ManagePeople, *this, &AdminPeople::set_role);
///
/// A member is `http::Response list(AdminVisit const& visit)` or, if it waits, `Task<http::Response> set_role(AdminVisit visit)`.
class AdminTable {
public:
    template <class Page, class Member> void get(std::string_view pattern, Action needs, Page& page, Member member)
    {
        add(http::Method::Get, pattern, needs, page, member);
    }
    template <class Page, class Member> void post(std::string_view pattern, Action needs, Page& page, Member member)
    {
        add(http::Method::Post, pattern, needs, page, member);
    }
    // For everybody: signing in, and links that work once.
    template <class Page, class Member> void get_for_everybody(std::string_view pattern, Page& page, Member member)
    {
        add(http::Method::Get, pattern, std::nullopt, page, member);
    }
    template <class Page, class Member> void post_for_everybody(std::string_view pattern, Page& page, Member member)
    {
        add(http::Method::Post, pattern, std::nullopt, page, member);
    }

    struct Match {
        AdminRoute const* route = nullptr;
        std::vector<std::string> parts;
        bool other_method = false;  ///< The address is known, but not for this method.
    };
    Match find(http::Method method, std::string_view path) const;

private:
    template <class Page, class Member>
    void add(http::Method method, std::string_view pattern, std::optional<Action> needs, Page& page, Member member)
    {
        if constexpr (std::is_invocable_r_v<Task<http::Response>, Member, Page&, AdminVisit>)
            routes_.push_back({method, pattern, needs, [&page, member](AdminVisit visit) { return (page.*member)(std::move(visit)); }});
        else
            routes_.push_back(
                {method, pattern, needs, [&page, member](AdminVisit visit) { return at_once(&page, member, std::move(visit)); }});
    }
    template <class Page, class Member> static Task<http::Response> at_once(Page* page, Member member, AdminVisit visit)
    {
        co_return (page->*member)(visit);
    }

    std::vector<AdminRoute> routes_;
};

}  // namespace backtalk::web
