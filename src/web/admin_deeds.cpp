#include "web/admin_deeds.h"

#include <fmt/format.h>

#include "app/sign_in.h"
#include "web/admin_desk.h"
#include "web/mention_models.h"

namespace backtalk::web {

namespace {

using accounts::TokenKind;

std::string_view past_of(Decision decision) { return decision == Decision::Approve ? "approved" : "rejected"; }

std::string_view what_it_is_now(MentionState state)
{
    switch (state) {
    case MentionState::Held: return "It waits for a decision.";
    case MentionState::Published: return "It is published.";
    case MentionState::Spam: return "It is in the spam.";
    case MentionState::Gone: return "Its source is gone, or does not link here any more.";
    case MentionState::Deleted: break;
    }
    return "It was rejected.";
}

}  // namespace

void AdminDeeds::add_to(AdminTable& table)
{
    table.get("inbox/{id}/approve", Action::Moderate, *this, &AdminDeeds::ask_approve);
    table.post("inbox/{id}/approve", Action::Moderate, *this, &AdminDeeds::approve);
    table.get("inbox/{id}/reject", Action::Moderate, *this, &AdminDeeds::ask_reject);
    table.post("inbox/{id}/reject", Action::Moderate, *this, &AdminDeeds::reject);
    table.get_for_everybody("deed/{key}", *this, &AdminDeeds::ask_by_link);
    table.post_for_everybody("deed/{key}", *this, &AdminDeeds::act_by_link);
}

http::Response AdminDeeds::ask(AdminVisit const& visit, MentionId id, Decision decision)
{
    Result<std::optional<StoredMention>> const found = store_.mention(id);
    if (!found)
        return frame_.out_of_order(visit, found.error());
    if (!*found)
        return frame_.not_found(visit);
    StoredMention const& stored = **found;
    if (stored.state != MentionState::Held)
        return frame_.notice(visit, 200, "Somebody decided already", what_it_is_now(stored.state));
    Result<std::optional<Entry>> const about = store_.entry(stored.entry);
    if (!about)
        return frame_.out_of_order(visit, about.error());
    auto const& fields = schema<DeedPageSchema>();
    Listing const& listing = stored.mention.listing();
    std::string const title = title_for_list(stored);
    bool const approves = decision == Decision::Approve;
    View view(fields);
    view.set(fields.heading, approves ? "Approve this?" : "Reject this?")
        .set(fields.title, title.empty() ? stored.mention.url().str() : title);
    view.set(fields.from, from_whom(stored)).set(fields.type, noun_of(stored.mention.type())).set(fields.url, stored.mention.url().str());
    view.set(fields.excerpt, listing.excerpt).set(fields.about, *about ? title_or_stand_in((*about)->title) : "");
    view.set(fields.deed, approves ? "Approve it" : "Reject it").set(fields.is_rejection, !approves);
    view.set(fields.consequence,
        approves ? "It is shown under the entry, and its host counts as known." : "It is not shown. In the inbox it can be taken back.");
    view.set(fields.action, visit.place.at(visit.path)).set(fields.back_url, visit.who ? visit.place.at("inbox") : "");
    return frame_.page(visit, std::move(view), approves ? "Approve" : "Reject");
}

http::Response AdminDeeds::ask_approve(AdminVisit const& visit) { return ask(visit, MentionId(visit.id()), Decision::Approve); }
http::Response AdminDeeds::ask_reject(AdminVisit const& visit) { return ask(visit, MentionId(visit.id()), Decision::Reject); }
Task<http::Response> AdminDeeds::approve(AdminVisit visit) { return act(std::move(visit), Decision::Approve); }
Task<http::Response> AdminDeeds::reject(AdminVisit visit) { return act(std::move(visit), Decision::Reject); }

Task<Result<void>> AdminDeeds::decide(Actor actor, MentionId id, Decision decision)
{
    CO_TRY(std::optional<StoredMention> const stored, store_.mention(id));
    if (!stored)
        co_return failure(ErrorCode::NotFound, "it is gone by now");
    if (stored->state != MentionState::Held)
        co_return failure(ErrorCode::Conflict, fmt::format("somebody decided already. {}", what_it_is_now(stored->state)));
    std::vector<MentionId> mentions{id};
    CO_TRY_DONE(co_await moderator_.decide(std::move(mentions), decision, actor.name));
    Activity activity(std::move(actor), std::string(past_of(decision)), fmt::format("mention {} by a digest", id.value));
    co_return co_await people_.note(std::move(activity));
}

Task<http::Response> AdminDeeds::act(AdminVisit visit, Decision decision)
{
    std::string const next = visit.place.at("inbox");
    Result<void> const done = co_await decide(visit.actor(), MentionId(visit.id()), decision);
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    co_return frame_.done(visit, next, fmt::format("The mention is {}.", past_of(decision)));
}

Result<std::optional<AdminDeeds::Known>> AdminDeeds::known(AdminVisit const& visit)
{
    auto const token = visit.parts.empty() ? std::nullopt : SecretToken::parse(visit.parts.front());
    if (!token)
        return std::nullopt;
    std::string hash = token->hash(TokenKind::DeedLink);
    TRY(std::optional<DeedLink> const link, digests_.deed_link(hash));
    TRY(std::optional<User> user, link ? people_.user(link->user) : Result<std::optional<User>>(std::nullopt));
    if (!user || !accounts::may(user->role, Action::Moderate))
        return std::nullopt;
    return Known{*link, *std::move(user), std::move(hash)};
}

http::Response AdminDeeds::unknown_link(AdminVisit const& visit)
{
    return frame_.notice(visit, 404, "This link does nothing",
        "It is older than two weeks, or was never one of ours, or whoever it was for does not decide here any more. What waits is in the "
        "inbox.");
}

http::Response AdminDeeds::used_link(AdminVisit const& visit)
{
    return frame_.notice(visit, 410, "This link was used", "It works once, and that was done. What became of it, the inbox says.");
}

http::Response AdminDeeds::ask_by_link(AdminVisit const& visit)
{
    Result<std::optional<Known>> const found = known(visit);
    if (!found)
        return frame_.out_of_order(visit, found.error());
    if (!*found)
        return unknown_link(visit);
    return (*found)->link.used ? used_link(visit) : ask(visit, (*found)->link.mention, (*found)->link.decision);
}

Task<http::Response> AdminDeeds::act_by_link(AdminVisit visit)
{
    Result<std::optional<Known>> const found = known(visit);
    if (!found)
        co_return frame_.out_of_order(visit, found.error());
    if (!*found)
        co_return unknown_link(visit);
    DeedLink const link = (*found)->link;
    std::string hash = (*found)->hash;
    Result<bool> const is_first = co_await digests_.use_deed_link(std::move(hash));
    if (!is_first)
        co_return frame_.out_of_order(visit, is_first.error());
    if (!*is_first)
        co_return used_link(visit);
    User const& user = (*found)->user;
    Actor actor(user.id, user.name.str(), visit.request.peer.str());
    Result<void> const done = co_await decide(std::move(actor), link.mention, link.decision);
    if (!done && done.error().code != ErrorCode::Conflict && done.error().code != ErrorCode::NotFound)
        co_return frame_.out_of_order(visit, done.error());
    if (!done)
        co_return frame_.notice(visit, 409, "Nothing was done", fmt::format("It waits no more: {}", done.error().text));
    co_return frame_.notice(visit, 200, link.decision == Decision::Approve ? "It is approved" : "It is rejected",
        link.decision == Decision::Approve ? "Readers see it under the entry." : "Readers do not see it.");
}

}  // namespace backtalk::web
