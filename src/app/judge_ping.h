#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "app/dns_lists.h"
#include "app/moderation_store.h"
#include "app/settings.h"
#include "app/store.h"
#include "base/clock.h"
#include "judge/campaign.h"
#include "judge/judge.h"
#include "judge/learner.h"

namespace backtalk {

/// A ping that was found true, and what is known of it.
struct CaseToJudge {
    CaseToJudge(Ping the_ping, Mention the_mention, SiteId the_site, judge::TargetEvidence the_target, judge::PageEvidence the_page)
        : ping(std::move(the_ping)), mention(std::move(the_mention)), site(the_site), target(std::move(the_target)),
          page(std::move(the_page))
    {
    }
    Ping ping;
    Mention mention;
    SiteId site;
    judge::TargetEvidence target;
    judge::PageEvidence page;
    DnsFindings dns;
};

struct Judgement {
    judge::Verdict verdict;
    std::int64_t campaign = 0;  ///< 0: of none.
    /// Pings judged before that turn out to be of the same campaign.
    std::vector<judge::CampaignWatch::Earlier> earlier;
    /// The verdict on one of these is this now; nothing: it stays as it is.
    std::optional<judge::Verdict> with_its_crowd(judge::CampaignWatch::Earlier const& ping, judge::Verdict before) const;
    judge::Strictness strictness = judge::Strictness::Balanced;  ///< By which it was judged.
};

/// Gathers the evidence and asks the judge; and turns what owners decide into lessons. For several threads at once. Blocks on the
/// store for a moment.
class PingJudge {
public:
    PingJudge(Store& store, ModerationStore& decisions, Clock const& clock, Settings::Judge settings);

    Result<Judgement> judged(CaseToJudge const& the_case);
    void set(Settings::Judge settings);

    /// What the decision teaches; one lesson for each mention, as if they were decided one after the other.
    /// Errors: NotFound (names the mention).
    Result<std::vector<Lesson>> lessons(std::vector<MentionId> const& mentions, Decision decision);
    /// Something was learnt, or taken back: what is in memory is out of date.
    void learnt_anew();

private:
    using Weights = std::shared_ptr<judge::SiteWeights const>;

    Result<Weights> weights_of(SiteId site);
    Result<judge::MemoryEvidence> memory_of(SiteId site, Mention const& mention, std::string const& sender);
    Result<judge::ListEvidence> lists_of(SiteId site, Mention const& mention);
    Result<std::string> sender_of(MentionId mention);
    /// Tells the watch, once, what came before we started.
    Result<void> recall_arrivals();

    Store& store_;
    ModerationStore& decisions_;
    Clock const& clock_;
    std::mutex mutex_;
    Settings::Judge settings_;
    judge::CampaignWatch watch_;
    bool has_recalled_ = false;
    std::map<SiteId, Weights> weights_;
    std::uint64_t lessons_ = 0;  ///< Grows with each; what was read before one of them is not kept.
};

}  // namespace backtalk
