#include "web/admin_visit.h"

#include <algorithm>

#include "base/text.h"
#include "web/admin_cookie.h"

namespace backtalk::web {

namespace {

constexpr std::size_t user_agent_characters_max = 300;

}  // namespace

Visitor AdminVisit::visitor() const
{
    std::string const agent = without_controls(repaired_utf8(request.headers.get("User-Agent").value_or("")));
    Visitor visitor(request.peer.str(), request.peer.network(), cut_at_word(agent, user_agent_characters_max));
    visitor.device = device_of(request);
    return visitor;
}

bool AdminVisit::may(Action action) const
{
    if (program && !accounts::covers(program->token.scopes, action))
        return false;
    return (who || program) && accounts::may(user().role, action);
}

std::int64_t AdminVisit::id() const { return parts.empty() ? 0 : parse_integer<std::int64_t>(parts.front()).value_or(0); }

std::string_view AdminVisit::field(std::string_view name) const
{
    auto const found = std::ranges::find(form, name, [](auto const& each) -> std::string const& { return each.first; });
    return found == form.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string_view> AdminVisit::all(std::string_view name) const
{
    std::vector<std::string_view> values;
    for (auto const& [key, value] : form)
        if (key == name)
            values.push_back(value);
    return values;
}

bool AdminVisit::has(std::string_view name) const
{
    return std::ranges::any_of(form, [&](auto const& each) { return each.first == name; });
}

std::string AdminVisit::query(std::string_view name) const
{
    for (auto const& [key, value] : parse_form(request.query))
        if (key == name)
            return repaired_utf8(value);
    return {};
}

}  // namespace backtalk::web
