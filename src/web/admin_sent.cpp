#include "web/admin_sent.h"

#include <array>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/text.h"
#include "url/form.h"
#include "web/admin_announcement.h"
#include "web/admin_desk.h"

namespace backtalk::web {

namespace {

constexpr std::array states = {SentState::Failed, SentState::Refused, SentState::Queued, SentState::Accepted, SentState::NoEndpoint};

std::optional<EntryId> entry_asked(AdminVisit const& visit)
{
    auto const number = parse_integer<std::int64_t>(visit.query("entry"));
    return number ? std::optional(EntryId(*number)) : std::nullopt;
}

}  // namespace

void AdminSent::add_to(AdminTable& table)
{
    table.get("sent", Action::ReadSent, *this, &AdminSent::list);
    table.post("sent/retry", Action::RetrySent, *this, &AdminSent::retry);
}

void AdminSent::fill_sent(View& row, AdminVisit const& visit, DeskSent const& each)
{
    auto const& fields = schema<SentRowSchema>();
    Sent const& sent = each.sent;
    SentState const state = sent.last.state;
    row.set(fields.id, sent.id.value).set(fields.target, sent.target.str()).set(fields.entry, title_or_stand_in(each.entry_title));
    row.set(fields.entry_url, visit.place.at(fmt::format("sent?entry={}", sent.entry.value)));
    row.set(fields.state, to_word(state)).set(fields.is_accepted, state == SentState::Accepted);
    row.set(fields.has_failed, state == SentState::Failed || state == SentState::Refused).set(fields.is_unlinked, !sent.linked);
    row.set(fields.protocol, protocol_name(sent.last.protocol))
        .set(fields.endpoint, sent.last.endpoint)
        .set(fields.message, sent.last.message);
    row.set(fields.status_url, sent.last.status_url);
    if (sent.attempts > 0)
        row.set(fields.tries, counted(sent.attempts, "1 try", "tries"));
    if (state == SentState::Queued)
        row.set(fields.next_try, shown_time(sent.last.next_try)).set(fields.next_try_iso, rfc3339(sent.last.next_try));
    row.set(fields.updated, shown_time(sent.updated)).set(fields.updated_iso, rfc3339(sent.updated));
}

Result<void> AdminSent::fill(View& view, AdminVisit const& visit)
{
    auto const& fields = schema<SentPageSchema>();
    auto const& choice = schema<ChoiceSchema>();
    std::size_t const page = page_number(visit);
    DeskSentQuery query;
    query.entry = entry_asked(visit);
    query.state = sent_state_named(visit.query("state"));
    query.author = only_author(visit);
    query.limit = sent_a_page + 1;  // one more tells whether there is an older page
    query.offset = (page - 1) * sent_a_page;
    TRY(std::vector<DeskSent> sent, desk_.desk_sent(query));
    bool const has_older = sent.size() > sent_a_page;
    if (has_older)
        sent.pop_back();
    for (DeskSent const& each : sent)
        fill_sent(view.add(fields.sent), visit, each);
    for (SentState const state : states)
        view.add(fields.states)
            .set(choice.value, to_word(state))
            .set(choice.label, to_word(state))
            .set(choice.is_chosen, state == query.state);
    if (sent.empty())
        view.set(fields.empty,
            query.entry || query.state ? "Nothing that was sent is like that."
                                       : "Nothing was sent yet. When an entry is published, those it links to are told.");
    if (query.entry) {
        TRY(std::optional<Entry> const entry, store_.entry(*query.entry));
        if (entry && may_edit(visit, entry->author)) {
            view.set(fields.entry, std::to_string(entry->id.value)).set(fields.entry_title, title_or_stand_in(entry->title));
            view.set(fields.entry_url, visit.place.at(fmt::format("entries/{}", entry->id.value)));
        }
    }
    auto const asked = [&](std::size_t number) {
        return form_encoded({{"entry", visit.query("entry")}, {"state", visit.query("state")}, {"page", std::to_string(number)}});
    };
    view.set(fields.page_url, visit.place.at("sent")).set(fields.retry_url, visit.place.at("sent/retry")).set(fields.back, asked(page));
    view.set(fields.is_filtered, query.entry || query.state).set(fields.all_url, visit.place.at("sent"));
    if (page > 1)
        view.set(fields.newer_url, visit.place.at("sent?" + asked(page - 1)));
    if (has_older)
        view.set(fields.older_url, visit.place.at("sent?" + asked(page + 1)));
    return {};
}

http::Response AdminSent::list(AdminVisit const& visit)
{
    View view(schema<SentPageSchema>());
    if (Result<void> const filled = fill(view, visit); !filled)
        return frame_.out_of_order(visit, filled.error());
    return frame_.page(visit, std::move(view), "Sent");
}

Result<std::vector<SentId>> AdminSent::chosen(AdminVisit const& visit)
{
    // A button beside one of them means that one, whatever else is ticked.
    std::vector<std::string_view> const numbers = visit.has("one") ? visit.all("one") : visit.all("pick");
    std::vector<SentId> ids;
    for (std::string_view const number : numbers) {
        auto const id = parse_integer<std::int64_t>(number);
        if (!id)
            continue;
        TRY(std::optional<Sent> const sent, store_.sent(SentId(*id)));
        if (!sent)
            continue;
        TRY(std::optional<Entry> const entry, store_.entry(sent->entry));
        if (entry && may_edit(visit, entry->author))
            ids.push_back(sent->id);
    }
    if (ids.empty())
        return failure(ErrorCode::Malformed, "nothing was chosen: tick those that are to be told again");
    return ids;
}

Task<http::Response> AdminSent::retry(AdminVisit visit)
{
    std::string const next = visit.place.at("sent?" + form_encoded(parse_form(visit.field("back"))));
    Result<std::vector<SentId>> ids = chosen(visit);
    if (!ids)
        co_return frame_.failed(visit, next, ids.error());
    std::string const subject = ids->size() == 1 ? fmt::format("target {}", ids->front().value) : fmt::format("{} targets", ids->size());
    Result<void> const queued = co_await store_.retry_sent(*std::move(ids));
    if (!queued)
        co_return frame_.failed(visit, next, queued.error());
    wake_sender_();
    Activity activity(visit.actor(), "told again", subject);
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    co_return frame_.done(
        visit, next, subject.starts_with("target") ? "It is told again now." : fmt::format("{} are told again now.", subject));
}

}  // namespace backtalk::web
