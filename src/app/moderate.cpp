#include "app/moderate.h"

#include <fmt/format.h>

#include "base/text.h"

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

Task<Result<DecisionId>> Moderator::decide(std::vector<MentionId> mentions, Decision decision, std::string actor)
{
    DecisionMade made;
    made.decision = decision;
    made.actor = std::move(actor);
    for (MentionId const id : mentions)
        made.lessons.emplace_back(id);
    co_return co_await decisions_.add_decision(std::move(made));
}

Task<Result<void>> Moderator::undo(DecisionId decision, std::string actor)
{
    CO_TRY_DONE(co_await decisions_.undo_decision(decision, std::move(actor)));
    co_return Result<void>();
}

Result<std::vector<PastDecision>> Moderator::decisions(std::size_t limit) { return decisions_.decisions(limit); }

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

Result<StoredMention> Moderator::known_mention(MentionId id)
{
    TRY(std::optional<StoredMention> mention, store_.mention(id));
    if (!mention)
        return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", id.value));
    return *std::move(mention);
}

Task<Result<BlockId>> Moderator::block_host_of(MentionId mention, std::string actor)
{
    CO_TRY(StoredMention const known, known_mention(mention));
    CO_TRY(std::optional<Entry> const entry, store_.entry(known.entry));
    if (!entry)
        co_return failure(ErrorCode::NotFound, fmt::format("mention {} has lost its entry", mention.value));
    std::string host(known.mention.url().host());
    co_return co_await block(entry->site, BlockKind::Host, std::move(host), std::move(actor));
}

Task<Result<BlockId>> Moderator::block_author_of(MentionId mention, std::string actor)
{
    CO_TRY(StoredMention const known, known_mention(mention));
    CO_TRY(std::optional<Entry> const entry, store_.entry(known.entry));
    if (!entry)
        co_return failure(ErrorCode::NotFound, fmt::format("mention {} has lost its entry", mention.value));
    Listing const& listing = known.mention.listing();
    std::string author = listing.author_url.empty() ? listing.author_name : listing.author_url;
    co_return co_await block(entry->site, BlockKind::Author, std::move(author), std::move(actor));
}

Task<Result<void>> Moderator::unblock(BlockId block, std::string /*actor*/) { return decisions_.remove_block(block); }

Result<std::vector<Block>> Moderator::blocks(SiteId site) { return decisions_.blocks(site); }

}  // namespace backtalk
