#include "web/admin_decisions.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "base/text.h"
#include "web/admin_inbox_query.h"
#include "web/decided_message.h"
#include "web/mention_models.h"

namespace backtalk::web {

namespace {

constexpr std::string_view page_path = "inbox/decisions";

}  // namespace

void AdminDecisions::add_to(AdminTable& table)
{
    table.get(page_path, Action::ReadInbox, *this, &AdminDecisions::list);
    table.post("inbox/undo", Action::Moderate, *this, &AdminDecisions::undo);
}

http::Response AdminDecisions::list(AdminVisit const& visit)
{
    auto const& fields = schema<DecisionsPageSchema>();
    Result<std::vector<PastDecision>> const decisions = moderator_.decisions(decisions_shown);
    if (!decisions)
        return frame_.out_of_order(visit, decisions.error());
    View view(fields);
    for (PastDecision const& past : *decisions)
        if (Result<void> const filled = fill(view, visit, past); !filled)
            return frame_.out_of_order(visit, filled.error());
    view.set(fields.is_empty, decisions->empty()).set(fields.undo_url, visit.place.at("inbox/undo"));
    view.set(fields.inbox_url, visit.place.at("inbox"));
    return frame_.page(visit, std::move(view), "What was decided");
}

Result<void> AdminDecisions::fill(View& view, AdminVisit const& visit, PastDecision const& past)
{
    auto const& decision = schema<PastDecisionSchema>();
    View& shown =
        view.add(schema<DecisionsPageSchema>().decisions).set(decision.id, past.id.value).set(decision.what, past_of(past.decision));
    shown.set(decision.actor, past.actor).set(decision.made, shown_time(past.made)).set(decision.made_iso, rfc3339(past.made));
    shown.set(decision.is_undone, past.undone);
    if (past.mentions.empty())
        return {};
    MentionId const first = past.mentions.front();
    TRY(std::optional<StoredMention> const stored, store_.mention(first));
    if (stored) {
        std::string const title = title_for_list(*stored);
        shown.set(decision.title, title.empty() ? stored->mention.url().str() : title);
        shown.set(decision.detail_url, visit.place.at(fmt::format("inbox/{}", first.value)));
    }
    shown.set(decision.others, static_cast<std::int64_t>(past.mentions.size()) - 1);
    return {};
}

Task<http::Response> AdminDecisions::undo(AdminVisit visit)
{
    bool const is_from_the_list = visit.field("from") == "decisions";
    std::string const next =
        visit.place.at(is_from_the_list ? std::string(page_path) : "inbox?" + InboxQuery::parse(visit.field("back")).str());
    DecisionId const decision(parse_integer<std::int64_t>(visit.field("decision")).value_or(0));
    Result<TakenBack> const undone = co_await moderator_.undo(decision, visit.user().name.str());
    if (!undone)
        co_return frame_.failed(visit, next, undone.error());
    Activity activity(visit.actor(), "took back", "a decision");
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    std::string sentence = "That is taken back.";
    if (undone->withdrawn > 0)
        sentence += fmt::format(" {} not as before, since {} not link here any more: see “Gone”.",
            counted(undone->withdrawn, "A mention is", "mentions are"), undone->withdrawn == 1 ? "its source does" : "their sources do");
    co_return frame_.done(visit, next, std::move(sentence));
}

}  // namespace backtalk::web
