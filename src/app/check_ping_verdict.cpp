#include <algorithm>

#include <fmt/format.h>

#include "app/check_ping.h"
#include "app/verdict_json.h"
#include "judge/memory.h"

// What a ping that was found true comes to: the judge's verdict, moderation, and who vouches for it.
namespace backtalk {

namespace {

MentionState state_after(judge::Outcome outcome)
{
    switch (outcome) {
    case judge::Outcome::Published: break;
    case judge::Outcome::Held: return MentionState::Held;
    case judge::Outcome::Spam: return MentionState::Spam;
    }
    return MentionState::Published;
}

/// What speaks most for spam.
std::string chief_sentence(judge::Verdict const& verdict)
{
    auto const chief = std::ranges::find_if(verdict.reasons, [](judge::Reason const& reason) { return reason.weight > 0; });
    return chief == verdict.reasons.end() ? std::string() : chief->sentence;
}

std::string note_of(judge::Verdict const& verdict)
{
    std::string note = "its source links to the entry";
    if (verdict.outcome != judge::Outcome::Published)
        note += fmt::format("; judged {}: {}", to_word(verdict.outcome), chief_sentence(verdict));
    return note;
}

std::function<std::optional<Reassessed>(PingId, std::string const&)> reassessment_by(Judgement const& judgement)
{
    if (judgement.earlier.empty())
        return {};
    return [judgement](PingId ping, std::string const& verdict) -> std::optional<Reassessed> {
        auto const earlier = std::ranges::find(judgement.earlier, ping.value, &judge::CampaignWatch::Earlier::token);
        auto before = read_verdict(verdict);
        if (earlier == judgement.earlier.end() || !before)
            return std::nullopt;
        auto const now = judgement.with_its_crowd(*earlier, *std::move(before));
        if (!now)
            return std::nullopt;
        return Reassessed{state_after(now->outcome), note_of(*now), verdict_json(*now)};
    };
}

}  // namespace

/// Spec: https://indieweb.org/Vouch
Task<Result<bool>> PingChecker::is_vouched(Ping ping, std::shared_ptr<Site const> site, Deadline deadline)
{
    auto const vouch = Url::parse(ping.vouch);
    if (!vouch)
        co_return false;
    CO_TRY(bool const linked_to, store_.has_told(site->id, vouch->host()));
    CO_TRY(bool const approved, store_.approved_before(ping.entry, vouch->host()));
    if (!linked_to && !approved)
        co_return false;
    FetchRequest request = unverified(*vouch, std::make_shared<ReflectionCap::Charges>());
    Result<Fetched> const fetched = co_await fetcher_.fetch(std::move(request), deadline);
    if (!fetched || fetched->status != 200)
        co_return false;
    std::string const content_type(fetched->headers.get("Content-Type").value_or(""));
    auto const page = read_source(fetched->body, content_type, fetched->url, LinkFilter({std::string(ping.source.host())}));
    co_return page&& std::any_of(page->links.begin(), page->links.end(),
        [&](SourceLink const& link) { return !link.nofollow && link.url.host() == ping.source.host(); });
}

Task<Result<PingVerified>> PingChecker::judged(CaseToJudge the_case, std::shared_ptr<Site const> site, Deadline deadline)
{
    if (lists_) {
        std::string domain = judge::registrable_domain(the_case.mention.url().host());
        std::string sender = the_case.ping.sender;
        the_case.dns = co_await lists_->asked(std::move(domain), std::move(sender), deadline);
    }
    CO_TRY(Judgement const judgement, judge_.judged(the_case));
    MentionState state = state_after(judgement.verdict.outcome);
    std::string note = note_of(judgement.verdict);
    // Moderation holds more than the judge does, never less.
    Ping const& ping = the_case.ping;
    if (state == MentionState::Published && moderation_ == Moderation::All) {
        state = MentionState::Held;
        note += "; held: mentions.moderation is \"all\"";
    } else if (state == MentionState::Published && moderation_ == Moderation::Known) {
        CO_TRY(bool const approved, store_.approved_before(ping.entry, the_case.mention.url().host()));
        bool vouched = false;
        if (!approved && !ping.vouch.empty()) {
            CO_TRY(vouched, co_await is_vouched(ping, site, deadline));
        }
        if (vouched) {
            note += fmt::format("; vouched for by {}", ping.vouch);
        } else if (!approved) {
            state = MentionState::Held;
            note += "; held: nothing from this host was approved before";
        }
    }
    PingVerified verified{std::move(the_case.mention), state, std::move(note), {}};
    verified.verdict = verdict_json(judgement.verdict);
    verified.campaign = judgement.campaign;
    for (judge::CampaignWatch::Earlier const& earlier : judgement.earlier)
        verified.earlier.emplace_back(earlier.token);
    verified.reassess = reassessment_by(judgement);
    co_return verified;
}

}  // namespace backtalk
