#include "web/admin_desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

bool may_edit(AdminVisit const& visit, std::string_view author)
{
    return visit.may(Action::WriteAllEntries) || (visit.may(Action::WriteEntries) && equal_ignoring_case(author, visit.user().name.str()));
}

std::string only_author(AdminVisit const& visit) { return visit.may(Action::WriteAllEntries) ? std::string() : visit.user().name.str(); }

Result<Entry> entry_of(Store& store, SiteDirectory const& sites, AdminVisit const& visit)
{
    TRY(std::optional<Entry> found, store.entry(EntryId(visit.id())));
    auto const site = found ? sites.find(found->site) : nullptr;
    if (!site)
        return failure(ErrorCode::NotFound, "there is no entry of that number any more");
    if (!may_edit(visit, found->author))
        return failure(ErrorCode::Refused, "The entry bears another author’s name: only they and the owners may change it.");
    if (site->kind == SiteKind::External)
        return failure(ErrorCode::Refused, "That is a page of another program: it is written and deleted there.");
    return *std::move(found);
}

http::Response not_editable(AdminFrame& frame, AdminVisit const& visit, Error const& error)
{
    if (error.code == ErrorCode::NotFound)
        return frame.not_found(visit);
    if (error.code == ErrorCode::Refused)
        return frame.notice(visit, 403, "Not yours to change", error.text);
    return frame.out_of_order(visit, error);
}

std::shared_ptr<Site const> site_of(SiteDirectory const& sites, AdminVisit const& visit, std::string_view number)
{
    if (auto const id = parse_integer<std::int64_t>(number))
        if (auto site = sites.find(SiteId(*id)))
            return site;
    if (auto site = sites.find(visit.request.authority, visit.request.path))
        return site;
    auto const all = sites.all();
    return all.empty() ? nullptr : all.front();
}

std::vector<std::shared_ptr<Site const>> hosted_sites(SiteDirectory const& sites)
{
    auto all = sites.all();
    std::erase_if(all, [](auto const& site) { return site->kind != SiteKind::Hosted; });
    return all;
}

std::string name_of(Site const& site) { return site.title.empty() ? site.base.url().str() : site.title; }

std::string title_or_stand_in(std::string_view title) { return title.empty() ? "Untitled" : std::string(title); }

std::string subject_of(Entry const& entry)
{
    return fmt::format("entry {} “{}”", entry.id.value, title_or_stand_in(cut_at_word(entry.title, 80)));
}

std::string local_time(Instant instant, std::chrono::minutes offset)
{
    CivilTime const time = civil_time(instant, offset);
    return fmt::format("{} {} {}, {:02}:{:02}", time.day, month_name(time.month).substr(0, 3), time.year, time.hour, time.minute);
}

std::size_t page_number(AdminVisit const& visit)
{
    return std::clamp<std::size_t>(parse_integer<std::size_t>(visit.query("page")).value_or(1), 1, 1'000'000);
}

}  // namespace backtalk::web
