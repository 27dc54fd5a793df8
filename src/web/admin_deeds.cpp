#include "web/admin_deeds.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/sign_in.h"
#include "web/admin_desk.h"
#include "web/decided_message.h"
#include "web/mention_models.h"

namespace backtalk::web {

namespace {

using accounts::TokenKind;

/// What is asked and said of one mention, or of all of a campaign.
struct Words {
    std::string heading;
    std::string button;
    std::string consequence;
    std::string done;
    std::string result;
};

Words words_for(Decision decision, std::size_t mentions)
{
    bool const approves = decision == Decision::Approve;
    std::string_view const verb = approves ? "Approve" : "Reject";
    constexpr std::string_view way_back = "In the inbox, under “What was decided”, it can be taken back.";
    if (mentions == 1)
        return {fmt::format("{} this?", verb), fmt::format("{} it", verb),
            approves ? "It is shown under the entry, and its host counts as known." : fmt::format("It is not shown. {}", way_back),
            fmt::format("It is {}", past_of(decision)),
            fmt::format("{} {}", approves ? "Readers see it under the entry." : "Readers do not see it.", way_back)};
    return {fmt::format("{} these {}?", verb, mentions), fmt::format("{} all {}", verb, mentions),
        approves ? "They are shown under their entries, and their hosts count as known."
                 : fmt::format("None of them is shown. {}", way_back),
        fmt::format("{} mentions are {}", mentions, past_of(decision)),
        fmt::format("{} {}", approves ? "Readers see them under their entries." : "Readers do not see them.", way_back)};
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
    Result<std::vector<MentionId>> const held = inbox_.held_alike(id);
    if (!held)
        return frame_.out_of_order(visit, held.error());
    if (held->empty())
        return frame_.notice(visit, 200, "Somebody decided already", what_it_is_now((*found)->state));
    Result<View> view = question(**found, *held, decision);
    if (!view)
        return frame_.out_of_order(visit, view.error());
    auto const& fields = schema<DeedPageSchema>();
    view->set(fields.action, visit.place.at(visit.path)).set(fields.back_url, visit.who ? visit.place.at("inbox") : "");
    return frame_.page(visit, *std::move(view), decision == Decision::Approve ? "Approve" : "Reject");
}

Result<View> AdminDeeds::question(StoredMention const& told, std::vector<MentionId> const& held, Decision decision)
{
    // The one that they were told of, else another that it stood for.
    bool const still_waits = std::ranges::find(held, told.id) != held.end();
    TRY(std::optional<StoredMention> const other, still_waits ? Result<std::optional<StoredMention>>(told) : store_.mention(held.front()));
    StoredMention const& stored = other ? *other : told;
    TRY(std::optional<Entry> const about, store_.entry(stored.entry));
    auto const& fields = schema<DeedPageSchema>();
    std::string const title = title_for_list(stored);
    Words const words = words_for(decision, held.size());
    View view(fields);
    view.set(fields.heading, words.heading).set(fields.title, title.empty() ? stored.mention.url().str() : title);
    view.set(fields.from, from_whom(stored)).set(fields.type, noun_of(stored.mention.type())).set(fields.url, stored.mention.url().str());
    view.set(fields.excerpt, stored.mention.listing().excerpt).set(fields.about, about ? title_or_stand_in(about->title) : "");
    view.set(fields.deed, words.button).set(fields.is_rejection, decision != Decision::Approve).set(fields.consequence, words.consequence);
    std::string campaign;
    if (!still_waits)
        campaign = fmt::format("The one that you were told of waits no more. {} ", what_it_is_now(told.state));
    if (held.size() > 1)
        campaign += fmt::format("This is one of {} that look alike. All of them are {}.", held.size(), past_of(decision));
    else if (!still_waits)
        campaign += "This is the last that looks like it.";
    view.set(fields.campaign, campaign);
    return view;
}

http::Response AdminDeeds::ask_approve(AdminVisit const& visit) { return ask(visit, MentionId(visit.id()), Decision::Approve); }
http::Response AdminDeeds::ask_reject(AdminVisit const& visit) { return ask(visit, MentionId(visit.id()), Decision::Reject); }
Task<http::Response> AdminDeeds::approve(AdminVisit visit) { return act(std::move(visit), Decision::Approve); }
Task<http::Response> AdminDeeds::reject(AdminVisit visit) { return act(std::move(visit), Decision::Reject); }

Task<Result<Decided>> AdminDeeds::decide(Actor actor, MentionId id, Decision decision)
{
    CO_TRY(std::optional<StoredMention> const stored, store_.mention(id));
    if (!stored)
        co_return failure(ErrorCode::NotFound, "it is gone by now");
    CO_TRY(std::vector<MentionId> held, inbox_.held_alike(id));
    if (held.empty())
        co_return failure(ErrorCode::Conflict, fmt::format("somebody decided already. {}", what_it_is_now(stored->state)));
    CO_TRY(Decided made, co_await moderator_.decide(std::move(held), decision, actor.name, MentionState::Held));
    if (made.mentions == 0)
        co_return failure(ErrorCode::Conflict, "somebody decided at the same moment");
    std::string const subject =
        made.mentions == 1 ? fmt::format("mention {}", id.value) : fmt::format("{} mentions like mention {}", made.mentions, id.value);
    Activity activity(std::move(actor), std::string(past_of(decision)), subject + " by a digest");
    CO_TRY_DONE(co_await people_.note(std::move(activity)));
    co_return made;
}

Task<http::Response> AdminDeeds::act(AdminVisit visit, Decision decision)
{
    std::string const next = visit.place.at("inbox");
    Result<Decided> const done = co_await decide(visit.actor(), MentionId(visit.id()), decision);
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    AdminMessage message = decided_message(visit.place, *done, decision);
    co_return frame_.done(visit, next, std::move(message));
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
        "It is older than two weeks, or was never one of ours, or whoever it was for has a new password since, or does not decide here any "
        "more. What waits is in the inbox.");
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
    Result<Decided> const done = co_await decide(std::move(actor), link.mention, link.decision);
    if (!done && done.error().code != ErrorCode::Conflict && done.error().code != ErrorCode::NotFound)
        co_return frame_.out_of_order(visit, done.error());
    if (!done)
        co_return frame_.notice(visit, 409, "Nothing was done", fmt::format("It waits no more: {}", done.error().text));
    Words const words = words_for(link.decision, done->mentions);
    co_return frame_.notice(visit, 200, words.done, words.result);
}

}  // namespace backtalk::web
