#include "web/admin_held_form.h"

namespace backtalk::web {

namespace {

/// Spec: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header, https://fetch.spec.whatwg.org/#origin-header
bool is_vouched_for(AdminVisit const& visit)
{
    http::Headers const& headers = visit.request.headers;
    return headers.get("Sec-Fetch-Site") == "same-origin" || headers.get("Origin") == visit.place.origin;
}

}  // namespace

std::optional<http::Response> held_form(AdminFrame& frame, AdminVisit const& visit)
{
    if (visit.form.empty() || !is_vouched_for(visit))
        return std::nullopt;
    auto const& fields = schema<HeldFormPageSchema>();
    auto const& field = schema<HiddenFieldSchema>();
    std::string_view const heading = visit.who ? "The page was too old" : "You are signed out";
    View view(fields);
    view.set(fields.heading, heading).set(fields.is_signed_out, !visit.who).set(fields.sign_in_url, visit.place.at("sign-in"));
    view.set(fields.action, visit.place.at(visit.path));
    for (auto const& [name, value] : visit.form)
        view.add(fields.fields).set(field.name, name).set(field.value, value);
    return frame.page(visit, std::move(view), heading, 403);
}

}  // namespace backtalk::web
