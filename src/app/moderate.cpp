#include "app/moderate.h"

#include <fmt/format.h>

#include "app/verdict_json.h"
#include "async/completion.h"
#include "base/text.h"
#include "judge/memory.h"

namespace backtalk {

std::string_view to_word(Decision decision)
{
    switch (decision) {
    case Decision::Approve: return "approve";
    case Decision::Reject: return "reject";
    case Decision::Spam: return "spam";
    case Decision::Delete: break;
    }
    return "delete";
}

std::optional<Decision> decision_named(std::string_view word)
{
    using enum Decision;
    for (Decision const decision : {Approve, Reject, Spam, Delete})
        if (to_word(decision) == word)
            return decision;
    return std::nullopt;
}

MentionState state_after(Decision decision)
{
    switch (decision) {
    case Decision::Approve: return MentionState::Published;
    case Decision::Spam: return MentionState::Spam;
    case Decision::Reject:
    case Decision::Delete: break;
    }
    return MentionState::Deleted;
}

std::string_view to_word(BlockKind kind)
{
    switch (kind) {
    case BlockKind::Host: return "host";
    case BlockKind::Author: return "author";
    case BlockKind::Word: break;
    }
    return "word";
}

std::optional<BlockKind> block_kind_named(std::string_view word)
{
    using enum BlockKind;
    for (BlockKind const kind : {Host, Author, Word})
        if (to_word(kind) == word)
            return kind;
    return std::nullopt;
}

Task<Result<Decided>> Moderator::decide(
    std::vector<MentionId> mentions, Decision decision, std::string actor, std::optional<MentionState> seen)
{
    co_await resume_on(work_);
    DecisionMade made;
    made.decision = decision;
    made.actor = std::move(actor);
    made.seen = seen;
    CO_TRY(made.lessons, judge_.lessons(mentions, decision));
    Result<Decided> decided = co_await decisions_.add_decision(std::move(made));
    judge_.learnt_anew();
    co_return decided;
}

Task<Result<TakenBack>> Moderator::undo(DecisionId decision, std::string actor)
{
    Result<TakenBack> const undone = co_await decisions_.undo_decision(decision, std::move(actor));
    judge_.learnt_anew();
    co_return undone;
}

Result<std::vector<PastDecision>> Moderator::decisions(std::size_t limit) { return decisions_.decisions(limit); }

Result<std::optional<judge::Verdict>> Moderator::verdict(MentionId mention)
{
    TRY(std::string const kept, decisions_.verdict(mention));
    if (kept.empty())
        return std::nullopt;
    TRY(judge::Verdict verdict, read_verdict(kept));
    return verdict;
}

Task<Result<BlockId>> Moderator::block(SiteId site, BlockKind kind, std::string subject, std::string actor)
{
    std::string lower = ascii_lower(folded_space(subject));
    if (lower.empty() || lower.size() > 200)
        co_return failure(ErrorCode::Malformed, fmt::format("\"{}\" cannot be blocked: give a host, an author or a word", subject));
    if (kind == BlockKind::Host) {
        Result<Url> const url = Url::parse("http://" + lower + "/");
        if (!url)
            co_return failure(ErrorCode::Malformed, fmt::format("\"{}\" is no host: give a name such as shop.example", subject));
        lower = std::string(url->host());
    }
    Block block(BlockId(0), site, kind, std::move(lower));
    block.actor = std::move(actor);
    co_return co_await decisions_.add_block(std::move(block));
}

Result<Moderator::KnownMention> Moderator::known_mention(MentionId id)
{
    TRY(std::optional<StoredMention> mention, store_.mention(id));
    TRY(std::optional<Entry> const entry, mention ? store_.entry(mention->entry) : std::nullopt);
    if (!entry)
        return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", id.value));
    return KnownMention{*std::move(mention), entry->site};
}

Task<Result<BlockId>> Moderator::block_host_of(MentionId mention, std::string actor)
{
    co_await resume_on(work_);
    CO_TRY(KnownMention const known, known_mention(mention));
    std::string host = judge::registrable_domain(known.mention.mention.url().host());
    co_return co_await block(known.site, BlockKind::Host, std::move(host), std::move(actor));
}

Task<Result<BlockId>> Moderator::block_author_of(MentionId mention, std::string actor)
{
    co_await resume_on(work_);
    CO_TRY(KnownMention const known, known_mention(mention));
    Mention const& said = known.mention.mention;
    std::string author = judge::author_subject(said.listing(), said.url());
    co_return co_await block(known.site, BlockKind::Author, std::move(author), std::move(actor));
}

Task<Result<Block>> Moderator::unblock(BlockId block) { return decisions_.remove_block(block); }

Result<std::vector<Block>> Moderator::blocks(SiteId site) { return decisions_.blocks(site); }

}  // namespace backtalk
