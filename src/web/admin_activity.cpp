#include "web/admin_activity.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

void AdminActivity::add_to(AdminTable& table) { table.get("activity", Action::ReadActivity, *this, &AdminActivity::list); }

http::Response AdminActivity::list(AdminVisit const& visit)
{
    std::size_t const page = std::clamp<std::size_t>(parse_integer<std::size_t>(visit.query("page")).value_or(1), 1, 1'000'000);
    // One more tells whether there is an older page.
    Result<std::vector<Activity>> activity = people_.activity(deeds_a_page + 1, (page - 1) * deeds_a_page);
    if (!activity)
        return frame_.out_of_order(visit, activity.error());
    bool const has_older = activity->size() > deeds_a_page;
    if (has_older)
        activity->pop_back();
    auto const& fields = schema<ActivityPageSchema>();
    auto const& deed = schema<DeedSchema>();
    View view(fields);
    for (Activity const& each : *activity) {
        View& shown = view.add(fields.deeds).set(deed.at, shown_time(each.at)).set(deed.at_iso, rfc3339(each.at));
        shown.set(deed.who, each.who.name).set(deed.what, each.what).set(deed.address, each.who.address);
        shown.set(deed.subject, each.times > 1 ? fmt::format("{}, {} times", each.subject, each.times) : each.subject);
    }
    view.set(fields.is_empty, activity->empty());
    auto const at = [&](std::size_t number) { return visit.place.at(fmt::format("activity?page={}", number)); };
    if (page > 1)
        view.set(fields.newer_url, at(page - 1));
    if (has_older)
        view.set(fields.older_url, at(page + 1));
    return frame_.page(visit, std::move(view), "Activity");
}

}  // namespace backtalk::web
