#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/entry_html.h"
#include "base/text.h"
#include "web/admin_desk.h"
#include "web/admin_entry_editor.h"

// How the form and its preview are shown: the half of AdminEntryEditor that makes pages. The other half is in admin_entry_editor.cpp.

namespace backtalk::web {

namespace {

constexpr std::size_t known_categories_max = 12;

std::string_view label_of(TextFormat format)
{
    switch (format) {
    case TextFormat::Markdown: return "Markdown";
    case TextFormat::Html: return "HTML";
    case TextFormat::ConvertBreaks: return "HTML, line breaks converted";
    }
    return {};
}

/// "Categories: Walks · Tags: water · Excerpt: …": what else somebody has saved.
std::string facts_of(Entry const& entry)
{
    EntryForm const form = EntryForm::of(entry);
    std::string facts = fmt::format("Status: {}", to_word(entry.status));
    for (auto const& [name, value] : {std::pair("Date", form.date), {"Categories", form.categories}, {"Tags", form.tags},
             {"Slug", form.slug}, {"Excerpt", form.excerpt}})
        if (!value.empty())
            facts += fmt::format(" · {}: {}", name, value);
    return facts;
}

/// Why nobody is told of the entry, as it would be published.
std::string silence_of(Entry const& entry, std::vector<AnnouncedTarget> const& targets)
{
    if (entry.status == EntryStatus::Unlisted)
        return "Nobody: an unlisted entry is announced to nobody.";
    return targets.empty() ? "Nobody: it links to no other page." : std::string();
}

/// A frame where nothing can run, and from where nothing leads away: without scripts, forms or windows, and under this page's own policy,
/// by which nothing is loaded from elsewhere. NB: allow-same-origin lets its style sheet load, and runs nothing.
std::string frame_with(std::string_view html)
{
    return fmt::format(
        "<iframe class=\"preview\" title=\"Preview of the entry\" sandbox=\"allow-same-origin\" srcdoc=\"{}\"></iframe>", escaped(html));
}

}  // namespace

http::Response AdminEntryEditor::page(AdminVisit const& visit, Work const& work, int status)
{
    View view(schema<EntryFormPageSchema>());
    fill_standing(view, visit, work);
    fill_fields(view, visit, work);
    if (work.shown)
        fill_preview(view, visit, work);
    auto const title = work.shown ? "Preview" : work.before ? "Edit an entry" : "Write an entry";
    http::Response response = frame_.page(visit, std::move(view), title, status);
    // Not "no-store", with which browsers forget what was typed when they come back to the page.
    response.headers.set("Cache-Control", "private, no-cache");
    return response;
}

void AdminEntryEditor::fill_standing(View& view, AdminVisit const& visit, Work const& work)
{
    auto const& fields = schema<EntryFormPageSchema>();
    view.set(fields.is_unsaved, work.shown || work.theirs || !work.problem.empty()).set(fields.problem, work.problem);
    if (!work.before) {
        view.set(fields.heading, "Write")
            .set(fields.action, visit.place.at("entries/new"))
            .set(fields.is_new, true)
            .set(fields.is_draft, true);
        return;
    }
    Entry const& entry = *work.before;
    auto const at = [&](std::string_view what) { return visit.place.at(fmt::format("entries/{}{}", entry.id.value, what)); };
    view.set(fields.heading, title_or_stand_in(entry.title)).set(fields.action, at("")).set(fields.status, to_word(entry.status));
    bool const is_deleted = entry.status == EntryStatus::Deleted;
    view.set(fields.is_draft, entry.status == EntryStatus::Draft || is_deleted).set(fields.is_deleted, is_deleted);
    view.set(fields.is_scheduled, entry.status == EntryStatus::Scheduled).set(fields.has_page, has_page(entry.status));
    if (has_page(entry.status))
        view.set(fields.view_url, permalink(*work.site, entry).str());
    if (!is_deleted)
        view.set(fields.delete_url, at("/delete"));
    view.set(fields.sent_url, visit.place.at(fmt::format("sent?entry={}", entry.id.value)));
    if (!work.theirs)
        return;
    auto const& other = schema<OtherVersionSchema>();
    View& theirs = view.make(fields.theirs);
    theirs.set(other.title, work.theirs->title).set(other.body, work.theirs->body).set(other.extended_body, work.theirs->extended_body);
    theirs.set(other.facts, facts_of(*work.theirs))
        .set(other.updated, shown_time(work.theirs->updated))
        .set(other.updated_iso, rfc3339(work.theirs->updated));
}

void AdminEntryEditor::fill_fields(View& view, AdminVisit const& visit, Work const& work)
{
    auto const& fields = schema<EntryFormPageSchema>();
    auto const& choice = schema<ChoiceSchema>();
    EntryForm const& form = work.form;
    view.set(fields.title, form.title).set(fields.body, form.body).set(fields.extended_body, form.extended_body);
    view.set(fields.has_extended, !form.extended_body.empty() || (work.before && !work.before->extended_body.empty()));
    for (TextFormat const format : {TextFormat::Markdown, TextFormat::Html, TextFormat::ConvertBreaks})
        if (format != TextFormat::ConvertBreaks || (work.before && work.before->format == format))
            view.add(fields.formats)
                .set(choice.value, to_word(format))
                .set(choice.label, label_of(format))
                .set(choice.is_chosen, to_word(format) == form.format);
    view.set(fields.excerpt, form.excerpt).set(fields.categories, form.categories).set(fields.tags, form.tags).set(fields.slug, form.slug);
    view.set(fields.date, form.date).set(fields.time_zone, work.site->time_zone).set(fields.author, form.author);
    view.set(fields.may_name_author, visit.may(Action::WriteAllEntries))
        .set(fields.trackbacks, form.trackbacks)
        .set(fields.in_reply_to, form.in_reply_to);
    view.set(fields.is_unlisted, form.is_unlisted).set(fields.takes_pings, form.takes_pings).set(fields.seen, form.seen);
    if (auto const known = parts_.store.categories(work.site->id)) {
        std::string names;
        for (std::size_t i = 0; i < std::min(known->size(), known_categories_max); ++i)
            names += (names.empty() ? "" : ", ") + (*known)[i].label.name;
        view.set(fields.known_categories, std::move(names));
    }
    auto const sites = hosted_sites(parts_.sites);
    view.set(fields.has_sites, !work.before && sites.size() > 1);
    for (auto const& site : sites)
        view.add(fields.sites)
            .set(choice.value, std::to_string(site->id.value))
            .set(choice.label, name_of(*site))
            .set(choice.is_chosen, site->id == work.site->id);
    struct Place {
        std::string_view field;
        TextField const& at;
        bool is_folded;
    };
    std::array const places = {Place{"title", fields.title_problem, false}, Place{"format", fields.format_problem, true},
        Place{"date", fields.date_problem, true}, Place{"trackbacks", fields.trackbacks_problem, true},
        Place{"in_reply_to", fields.in_reply_to_problem, true}};
    for (FormProblem const& problem : work.problems)
        for (Place const& place : places)
            if (place.field == problem.field) {
                view.set(place.at, problem.sentence);
                if (place.is_folded)
                    view.set(fields.is_open, true);
            }
}

void AdminEntryEditor::fill_preview(View& view, AdminVisit const& visit, Work const& work)
{
    auto const& fields = schema<EntryPreviewSchema>();
    auto const& target = schema<AnnouncedTargetSchema>();
    Entry const& entry = *work.shown;
    view.set(schema<EntryFormPageSchema>().is_previewed, true);
    View& preview = view.make(schema<EntryFormPageSchema>().preview);
    Result<std::optional<BuiltPage>> const built = parts_.pages.entry(*work.site, entry);
    if (built && *built) {
        // The style sheet of the site is loaded from here: the site may have another host than these pages.
        std::string const& name = parts_.pages.theme().style_sheet_name();
        std::string const there = escaped(fmt::format("{}theme/{}", work.site->base.prefix(), name));
        preview.set(
            fields.page, frame_with(replaced_all((*built)->response.body, there, escaped(visit.place.at("entries/style/" + name)))));
    }
    preview.set(fields.address, permalink(*work.site, entry).str()).set(fields.is_update, work.before && has_page(work.before->status));
    preview.set(fields.silence, silence_of(entry, work.targets));
    if (entry.status == EntryStatus::Unlisted)
        return;
    bool const was_asked = !work.answers.empty();
    auto const told = std::ranges::count_if(work.targets, [](AnnouncedTarget const& each) { return is_told(each.change); });
    preview.set(fields.may_ask, told > 0 && !was_asked);
    for (std::size_t i = 0; i < work.targets.size(); ++i) {
        AnnouncedTarget const& each = work.targets[i];
        View& shown = preview.add(fields.targets).set(target.url, each.target.str()).set(target.change, word_of(each.change));
        shown.set(target.is_new, each.change == AnnouncedTarget::Change::New).set(target.sentence, web::sentence_of(each));
        if (i >= work.answers.size())
            continue;
        Result<Discovered> const& answer = work.answers[i];
        auto const route = answer ? answer->best() : std::nullopt;
        bool const is_listed = std::ranges::find(entry.trackbacks, each.target.str()) != entry.trackbacks.end();
        if (route)
            shown.set(target.answer, protocol_name(to_word(route->protocol)))
                .set(target.endpoint, route->endpoint.str())
                .set(target.is_found, true);
        else if (is_listed)
            shown.set(target.answer, "TrackBack, at the address itself").set(target.is_found, true);
        else
            shown.set(target.answer,
                answer ? "It names no endpoint: it cannot be told." : fmt::format("No answer now: {}.", answer.error().text));
    }
    if (was_asked)
        preview.set(fields.left_out, told - static_cast<std::int64_t>(work.answers.size()));
}

http::Response AdminEntryEditor::style(AdminVisit const& visit)
{
    if (visit.parts.front() != parts_.pages.theme().style_sheet_name())
        return frame_.not_found(visit);
    http::Response response(200, "text/css; charset=utf-8", std::string(parts_.pages.theme().style_sheet()));
    response.headers.set("Cache-Control", "private, max-age=31536000, immutable");
    return response;
}

}  // namespace backtalk::web
