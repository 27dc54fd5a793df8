#include "web/admin_entries.h"

#include <array>

#include <fmt/format.h>

#include "app/entry_html.h"
#include "base/text.h"
#include "url/form.h"
#include "web/admin_desk.h"

namespace backtalk::web {

namespace {

constexpr std::size_t words_max = 10;
constexpr std::array statuses = {
    EntryStatus::Draft, EntryStatus::Scheduled, EntryStatus::Published, EntryStatus::Unlisted, EntryStatus::Deleted};

std::vector<EntryStatus> statuses_wanted(Site const& site, std::string_view word)
{
    if (auto const status = entry_status_named(word))
        return {*status};
    // Strangers name the drafts of an external site, and nobody has seen those.
    if (site.kind == SiteKind::External)
        return {EntryStatus::Published};
    return {EntryStatus::Draft, EntryStatus::Scheduled, EntryStatus::Published, EntryStatus::Unlisted};
}

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    std::string const folded = folded_space(text);
    for (std::string_view const word : split(folded, ' '))
        if (!word.empty() && words.size() < words_max)
            words.emplace_back(word);
    return words;
}

}  // namespace

void AdminEntries::add_to(AdminTable& table)
{
    table.get("entries", Action::WriteEntries, *this, &AdminEntries::list);
    table.get("entries/{id}/delete", Action::WriteEntries, *this, &AdminEntries::ask);
    table.post("entries/{id}/delete", Action::WriteEntries, *this, &AdminEntries::remove);
}

void AdminEntries::fill_filter(View& view, AdminVisit const& visit, Site const& site)
{
    auto const& fields = schema<EntriesPageSchema>();
    auto const& choice = schema<ChoiceSchema>();
    auto const all = sites_.all();
    view.set(fields.has_sites, all.size() > 1);
    for (auto const& each : all)
        view.add(fields.sites)
            .set(choice.value, std::to_string(each->id.value))
            .set(choice.label, name_of(*each))
            .set(choice.is_chosen, each->id == site.id);
    std::string const status = visit.query("status");
    for (EntryStatus const each : statuses)
        view.add(fields.statuses)
            .set(choice.value, to_word(each))
            .set(choice.label, to_word(each))
            .set(choice.is_chosen, to_word(each) == status);
    std::string words = visit.query("words");
    view.set(fields.is_filtered, !status.empty() || !words.empty()).set(fields.words, std::move(words));
    view.set(fields.page_url, visit.place.at("entries")).set(fields.all_url, visit.place.at(fmt::format("entries?site={}", site.id.value)));
}

void AdminEntries::fill_entry(View& row, AdminVisit const& visit, Site const& site, DeskEntry const& entry)
{
    auto const& fields = schema<EntryRowSchema>();
    auto const at = [&](std::string_view path) { return visit.place.at(path); };
    row.set(fields.title, title_or_stand_in(entry.title)).set(fields.status, to_word(entry.status));
    row.set(fields.is_published, entry.status == EntryStatus::Published);
    row.set(fields.date, local_time(entry.published, entry.offset)).set(fields.date_iso, rfc3339(entry.published, entry.offset));
    row.set(fields.author, entry.author).set(fields.mentions, entry.mentions).set(fields.sent_failed, entry.sent_failed);
    row.set(fields.mentions_url, at(fmt::format("inbox?state=published&entry={}", entry.id.value)));
    row.set(fields.sent_url, at(fmt::format("sent?entry={}", entry.id.value)));
    if (has_page(entry.status))
        row.set(fields.view_url, site.base.at(entry.path).str());
    if (site.kind == SiteKind::External)
        return;
    row.set(fields.edit_url, at(fmt::format("entries/{}", entry.id.value)));
    if (entry.status != EntryStatus::Deleted)
        row.set(fields.delete_url, at(fmt::format("entries/{}/delete", entry.id.value)));
}

http::Response AdminEntries::list(AdminVisit const& visit)
{
    auto const& fields = schema<EntriesPageSchema>();
    View view(fields);
    auto const site = site_of(sites_, visit, visit.query("site"));
    if (!site) {
        view.set(fields.empty, "There is no site yet.");
        return frame_.page(visit, std::move(view), "Entries");
    }
    std::size_t const page = page_number(visit);
    DeskEntryQuery query(site->id);
    query.statuses = statuses_wanted(*site, visit.query("status"));
    query.words = words_of(visit.query("words"));
    query.author = only_author(visit);
    query.limit = entries_a_page + 1;  // one more tells whether there is an older page
    query.offset = (page - 1) * entries_a_page;
    Result<std::vector<DeskEntry>> entries = desk_.desk_entries(query);
    if (!entries)
        return frame_.out_of_order(visit, entries.error());
    bool const has_older = entries->size() > entries_a_page;
    if (has_older)
        entries->pop_back();
    fill_filter(view, visit, *site);
    for (DeskEntry const& entry : *entries)
        fill_entry(view.add(fields.entries), visit, *site, entry);
    bool const is_hosted = site->kind == SiteKind::Hosted;
    view.set(fields.is_external, !is_hosted);
    if (is_hosted)
        view.set(fields.new_url, visit.place.at(fmt::format("entries/new?site={}", site->id.value)));
    if (entries->empty())
        view.set(
            fields.empty, query.words.empty() && visit.query("status").empty() ? "Nothing was written yet." : "No entry is like that.");
    auto const at = [&](std::size_t number) {
        FormFields const asked = {{"site", std::to_string(site->id.value)}, {"status", visit.query("status")},
            {"words", visit.query("words")}, {"page", std::to_string(number)}};
        return visit.place.at("entries?" + form_encoded(asked));
    };
    if (page > 1)
        view.set(fields.newer_url, at(page - 1));
    if (has_older)
        view.set(fields.older_url, at(page + 1));
    return frame_.page(visit, std::move(view), "Entries");
}

http::Response AdminEntries::ask(AdminVisit const& visit)
{
    Result<Entry> const found = entry_of(store_, sites_, visit);
    if (!found)
        return not_editable(frame_, visit, found.error());
    if (found->status == EntryStatus::Deleted)
        return frame_.not_found(visit);
    Result<std::vector<Sent>> const sent = store_.sent_of(found->id);
    if (!sent)
        return frame_.out_of_order(visit, sent.error());
    std::int64_t told = 0;
    std::int64_t untold = 0;
    for (Sent const& each : *sent)
        if (each.linked && each.last.state == SentState::Accepted)
            ++(each.last.protocol == "webmention" ? told : untold);
    auto const& fields = schema<EntryDeletePageSchema>();
    View view(fields);
    view.set(fields.title, title_or_stand_in(found->title))
        .set(fields.action, visit.place.at(fmt::format("entries/{}/delete", found->id.value)));
    view.set(fields.back_url, visit.place.at(fmt::format("entries/{}", found->id.value))).set(fields.has_page, has_page(found->status));
    if (auto const site = sites_.find(found->site))
        view.set(fields.address, permalink(*site, *found).str());
    view.set(fields.told, told).set(fields.has_one_told, told == 1).set(fields.untold, untold);
    return frame_.page(visit, std::move(view), "Delete an entry");
}

Task<http::Response> AdminEntries::remove(AdminVisit visit)
{
    std::string const next = visit.place.at("entries");
    Result<Entry> const found = entry_of(store_, sites_, visit);
    if (!found)
        co_return not_editable(frame_, visit, found.error());
    Result<void> const removed = co_await publisher_.remove(found->id);
    if (!removed)
        co_return frame_.failed(visit, next, removed.error());
    Activity activity(visit.actor(), "deleted", subject_of(*found));
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    co_return frame_.done(visit, next, fmt::format("“{}” is deleted.", title_or_stand_in(found->title)));
}

}  // namespace backtalk::web
