#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/judge_ping.h"
#include "app/moderation_store.h"
#include "app/store.h"
#include "async/executor.h"
#include "judge/judge.h"

namespace backtalk {

/// What people decide about mentions. Commands and the owner's pages both go through here, so that every decision is written down,
/// teaches the judge, and can be taken back. `actor`: the name of who decides, as the list of decisions shall show it.
///
/// Every member that writes ends when the change is on stable storage. Errors: those of the store, and as said below.
class Moderator {
public:
    /// Resumes on `work`, where the store is read.
    Moderator(Store& store, ModerationStore& decisions, PingJudge& judge, Executor& work)
        : store_(store), decisions_(decisions), judge_(judge), work_(work)
    {
    }

    /// One DecisionId for all: they are taken back together. `seen`: the state that who decides saw them in; what is in another by now is
    /// left alone, and told. An approved mention whose source does not link here any more is not shown before a check finds that it
    /// does again: see Decided::withdrawn, and wake the checker. Errors: NotFound (names the id; then nothing is changed).
    Task<Result<Decided>> decide(
        std::vector<MentionId> mentions, Decision decision, std::string actor, std::optional<MentionState> seen = std::nullopt);
    /// Each mention gets the state back that it had, unless it was decided again since, or its source withdrew the link; what the decision
    /// taught is forgotten. Errors: NotFound, Conflict (it was taken back already, or is older than 30 days).
    Task<Result<TakenBack>> undo(DecisionId decision, std::string actor);
    /// The newest first.
    Result<std::vector<PastDecision>> decisions(std::size_t limit);
    /// What the judge said of it when it was last checked; nothing if it was never judged.
    Result<std::optional<judge::Verdict>> verdict(MentionId mention);

    /// From now on, what comes from there, or says this, goes to spam. `subject`: a host (with all below it), an author (URL or name),
    /// or a word or phrase. Blocking what is blocked already gives the same id. Errors: Malformed (empty, longer than 200 bytes, no host).
    Task<Result<BlockId>> block(SiteId site, BlockKind kind, std::string subject, std::string actor);
    /// The host or the author of a mention, on its own site. On hosts where everybody can have a weblog (the public suffix list
    /// knows many) the host is that one weblog. Errors: NotFound; Malformed (its author has neither a URL nor a name).
    Task<Result<BlockId>> block_host_of(MentionId mention, std::string actor);
    Task<Result<BlockId>> block_author_of(MentionId mention, std::string actor);
    /// What it was. Errors: NotFound.
    Task<Result<Block>> unblock(BlockId block);
    Result<std::vector<Block>> blocks(SiteId site);  ///< By kind, then subject.

private:
    struct KnownMention {
        StoredMention mention;
        SiteId site;
    };
    Result<KnownMention> known_mention(MentionId id);

    Store& store_;
    ModerationStore& decisions_;
    PingJudge& judge_;
    Executor& work_;
};

}  // namespace backtalk
