#include "web/admin_entry_editor.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/entry_html.h"
#include "async/completion.h"
#include "base/text.h"
#include "web/admin_desk.h"

namespace backtalk::web {

namespace {

using Answer = Completion<Result<Discovered>>;

Task<void> ask(PingSender* sender, Url target, Deadline deadline, Answer::Receiver receiver)
{
    Result<Discovered> answer = co_await sender->discover(std::move(target), deadline);
    receiver.deliver(std::move(answer));
}

std::string_view past_of(EntryStatus before, EntryStatus now)
{
    switch (now) {
    case EntryStatus::Draft: return "saved as a draft";
    case EntryStatus::Scheduled: return "scheduled";
    case EntryStatus::Published:
    case EntryStatus::Unlisted: return has_page(before) ? "updated" : "published";
    case EntryStatus::Deleted: break;
    }
    return "changed";
}

std::string sentence_of(Site const& site, Entry const& entry, std::string_view past)
{
    switch (entry.status) {
    case EntryStatus::Draft: return "Saved as a draft. Nobody sees it yet.";
    case EntryStatus::Scheduled:
        return fmt::format("Scheduled for {}, by the clock of {}.", local_time(entry.published, entry.offset), site.time_zone);
    case EntryStatus::Published: return fmt::format("It is {}. Those it links to are told now.", past);
    case EntryStatus::Unlisted: return fmt::format("It is {}, but stands in no list. Nobody is told of it.", past);
    case EntryStatus::Deleted: break;
    }
    return "Saved.";
}

/// What could not be done, without what only the log should hear. The text of the form stays in the form.
std::string sentence_of_failure(Error const& error)
{
    if (error.may_pass() || error.code == ErrorCode::Internal)
        return "It could not be saved for the moment, and nothing was changed. Try again in a while.";
    return fmt::format("It was not saved: {}.", error.text);
}

}  // namespace

void AdminEntryEditor::add_to(AdminTable& table)
{
    table.get("entries/new", Action::WriteEntries, *this, &AdminEntryEditor::blank);
    table.post("entries/new", Action::WriteEntries, *this, &AdminEntryEditor::save_new);
    table.get("entries/{id}", Action::WriteEntries, *this, &AdminEntryEditor::open);
    table.post("entries/{id}", Action::WriteEntries, *this, &AdminEntryEditor::save_old);
    table.get("entries/style/{key}", Action::WriteEntries, *this, &AdminEntryEditor::style);
}

http::Response AdminEntryEditor::blank(AdminVisit const& visit)
{
    Work work;
    work.site = site_of(parts_.sites, visit, visit.query("site"));
    if (!work.site || work.site->kind == SiteKind::External)
        return frame_.notice(
            visit, 404, "Nothing to write for", "Only sites that Backtalk shows itself have entries that are written here.");
    work.form.title = visit.query("title");
    work.form.body = visit.query("body");
    work.form.in_reply_to = visit.query("in_reply_to");
    return page(visit, work, 200);
}

http::Response AdminEntryEditor::open(AdminVisit const& visit)
{
    Result<Entry> entry = entry_of(parts_.store, parts_.sites, visit);
    if (!entry)
        return not_editable(frame_, visit, entry.error());
    Work work;
    work.site = parts_.sites.find(entry->site);
    work.form = EntryForm::of(*entry);
    work.before = *std::move(entry);
    return page(visit, work, 200);
}

Task<http::Response> AdminEntryEditor::save_new(AdminVisit visit)
{
    Work work;
    work.site = site_of(parts_.sites, visit, visit.field("site"));
    if (!work.site || work.site->kind == SiteKind::External)
        co_return frame_.notice(
            visit, 404, "Nothing to write for", "Only sites that Backtalk shows itself have entries that are written here.");
    work.form = EntryForm::typed(visit);
    co_return co_await save(std::move(visit), std::move(work));
}

Task<http::Response> AdminEntryEditor::save_old(AdminVisit visit)
{
    Result<Entry> entry = entry_of(parts_.store, parts_.sites, visit);
    if (!entry)
        co_return not_editable(frame_, visit, entry.error());
    Work work;
    work.site = parts_.sites.find(entry->site);
    work.before = *std::move(entry);
    work.form = EntryForm::typed(visit);
    co_return co_await save(std::move(visit), std::move(work));
}

EntryFormContext AdminEntryEditor::context_of(AdminVisit const& visit, Work const& work) const
{
    bool const may_name_another = visit.may(Action::WriteAllEntries);
    std::string const& own = visit.user().name.str();
    return EntryFormContext{*work.site, work.before ? &*work.before : nullptr,
        may_name_another && !work.site->author.empty() ? work.site->author : own, may_name_another, parts_.clock.now()};
}

Task<http::Response> AdminEntryEditor::save(AdminVisit visit, Work work)
{
    std::string_view const wished = visit.field("do");
    EntryWish const wish = wished == "draft" ? EntryWish::Draft : wished == "now" ? EntryWish::PublishNow : EntryWish::Publish;
    ReadEntryForm read = read_entry_form(work.form, context_of(visit, work), wish);
    if (!read.problems.empty()) {
        work.problems = std::move(read.problems);
        work.problem = "It was not saved yet: look at what is marked below.";
        co_return page(visit, work, 422);
    }
    // NB: only these words save. A form that comes without its button, by a key or a script, shows what it would do.
    if (wished != "draft" && wished != "publish" && wished != "now")
        co_return co_await preview(std::move(visit), std::move(work), std::move(read.draft));
    EntryStatus const status_before = work.before ? work.before->status : EntryStatus::Draft;
    Result<Publisher::Published> saved = failure(ErrorCode::Internal, "");
    if (work.before) {
        std::string seen = work.form.seen;
        saved = co_await parts_.publisher.rewrite(work.before->id, std::move(read.draft), std::move(read.path), std::move(seen));
    } else {
        std::shared_ptr<Site const> site = work.site;
        saved = co_await parts_.publisher.write(std::move(site), std::move(read.draft));
    }
    if (!saved) {
        Result<std::optional<Entry>> stored =
            work.before ? parts_.store.entry(work.before->id) : Result<std::optional<Entry>>(std::nullopt);
        if (stored && *stored && version_of(**stored) != work.form.seen && !work.form.seen.empty()) {
            // From here on the form knows of their version: saving again is a decision.
            work.form.seen = version_of(**stored);
            work.theirs = *std::move(*stored);
        } else {
            work.problem = sentence_of_failure(saved.error());
        }
        co_return page(visit, work, 409);
    }
    std::string_view const past = past_of(status_before, saved->entry.status);
    Activity activity(visit.actor(), std::string(past), subject_of(saved->entry));
    Result<void> const noted = co_await parts_.people.note(std::move(activity));
    std::string const next = visit.place.at(fmt::format("entries/{}", saved->entry.id.value));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    co_return frame_.done(visit, next, sentence_of(*work.site, saved->entry, past));
}

Result<std::vector<AnnouncedTarget>> AdminEntryEditor::announcement_of(Site const& site, Entry const& entry)
{
    std::vector<Url> targets;
    for (Url const& target : targets_of(site, entry)) {
        TRY(std::optional<AddressOwner> const owner, entry_at(parts_.store, site, target));
        if (!owner || owner->entry != entry.id)
            targets.push_back(target);
    }
    TRY(std::vector<Sent> const sent, parts_.store.sent_of(entry.id));
    return announcement(targets, sent, text_version(site, entry));
}

Task<http::Response> AdminEntryEditor::preview(AdminVisit visit, Work work, EntryDraft draft)
{
    Entry shown = work.before ? *work.before : Entry();
    bool const moves = !work.before || draft.slug != shown.slug;
    static_cast<EntryDraft&>(shown) = std::move(draft);
    shown.site = work.site->id;
    if (moves)
        shown.path.clear();
    shown.path = expected_path(*work.site, shown);
    Result<std::vector<AnnouncedTarget>> targets = announcement_of(*work.site, shown);
    if (!targets)
        co_return frame_.out_of_order(visit, targets.error());
    work.targets = *std::move(targets);
    work.shown = std::move(shown);
    if (visit.field("do") == "ask") {
        std::vector<Url> asked;
        for (AnnouncedTarget const& each : work.targets)
            if (is_told(each.change) && asked.size() < targets_asked_max)
                asked.push_back(each.target);
        work.answers = co_await answers_of(std::move(asked));
    }
    co_return page(visit, work, 200);
}

Task<std::vector<Result<Discovered>>> AdminEntryEditor::answers_of(std::vector<Url> targets)
{
    Deadline const deadline = Deadline::in(asking_max);
    std::vector<Answer> waiting;
    for (Url const& target : targets) {
        Answer answer(parts_.work);
        asking_.start(ask(&parts_.sender, target, deadline, answer.receiver()));
        waiting.push_back(std::move(answer));
    }
    std::vector<Result<Discovered>> answers;
    for (Answer& each : waiting) {
        Result<Discovered> answer = co_await each;
        answers.push_back(std::move(answer));
    }
    co_return answers;
}

}  // namespace backtalk::web
