#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/date.h"
#include "base/result.h"
#include "weblog/ids.h"
#include "weblog/mention.h"
#include "weblog/ping.h"

namespace backtalk {

using DecisionId = Id<struct DecisionTag>;
using BlockId = Id<struct BlockTag>;

/// What a person says of a mention.
enum class Decision {
    Approve,  ///< Shown; its host counts as known.
    Reject,   ///< Not wanted here, though not spam.
    Spam,
    Delete,  ///< Taken away; says nothing of why, so nothing is learnt by it.
};
std::string_view to_word(Decision decision);
std::optional<Decision> decision_named(std::string_view word);
MentionState state_after(Decision decision);

enum class BlockKind { Host, Author, Word };
std::string_view to_word(BlockKind kind);
std::optional<BlockKind> block_kind_named(std::string_view word);

struct Block {
    Block(BlockId the_id, SiteId the_site, BlockKind the_kind, std::string the_subject)
        : id(the_id), site(the_site), kind(the_kind), subject(std::move(the_subject))
    {
    }
    BlockId id;
    SiteId site;
    BlockKind kind;
    std::string subject;  ///< In lower case.
    std::string actor;
    Instant made{};
};

struct PastDecision {
    DecisionId id;
    Decision decision = Decision::Approve;
    std::string actor;
    Instant made{};
    std::vector<MentionId> mentions;
    bool undone = false;
};

/// What one decided mention taught: taken back by the opposite.
struct Lesson {
    explicit Lesson(MentionId the_mention) : mention(the_mention) { }

    MentionId mention;
    SiteId site;
    std::int32_t step = 0;               ///< Added to the weight of each bucket.
    std::vector<std::uint32_t> buckets;  ///< Of its text; ascending.
    struct Remembered {
        std::string kind;  ///< "domain", "author", "network"
        std::string subject;
        double good;  ///< In the scale of judge/memory.h, which does not depend on now.
        double bad;
    };
    std::vector<Remembered> remembered;
};

/// A decision to be written down, with what follows from it.
struct DecisionMade {
    Decision decision = Decision::Approve;
    std::string actor;
    std::vector<Lesson> lessons;  ///< One for each mention, even if it teaches nothing.
    /// In what state who decides saw them: what is in another by now is left alone. Nothing: that does not matter.
    std::optional<MentionState> seen;
};

/// A mention that a decision left alone: it is not as who decided saw it, or a later decision came first.
struct Overtaken {
    MentionId mention;
    MentionState state = MentionState::Held;  ///< Now.
    struct By {
        std::string actor;
        Decision decision = Decision::Approve;
        std::chrono::seconds ago{};
    };
    std::optional<By> by;  ///< Who decided so; nothing: a check did.
};

/// What came of a decision.
struct Decided {
    std::optional<DecisionId> id;  ///< Nothing: nobody's state changed, and nothing was written down.
    std::size_t mentions = 0;
    std::size_t withdrawn = 0;  ///< Of these, approved: their sources do not link here any more. They are gone, and read again.
    std::vector<Overtaken> overtaken;
};

struct TakenBack {
    std::size_t withdrawn = 0;  ///< Mentions that are gone instead of what they were: their sources do not link here any more.
};

/// Where decisions and what was learnt by them is kept.
class ModerationStore {
public:
    virtual ~ModerationStore() = default;

    /// The last lesson of each mention holds: the same decision again teaches nothing, a contrary one takes back what the earlier taught,
    /// Delete leaves it. Many mentions are written in parts, between which others write: of a decision that a crash or an error ended
    /// early, what was written stands and can be taken back.
    /// Errors: NotFound (names the mention; then nothing is changed).
    virtual Task<Result<Decided>> add_decision(DecisionMade made) = 0;
    /// Each mention is as if the decision had never been made; the decisions since stand, with their lessons. In parts, as above: what was
    /// ended early is finished by doing it again.
    /// Errors: NotFound, Conflict.
    virtual Task<Result<TakenBack>> undo_decision(DecisionId id, std::string actor) = 0;
    virtual Result<std::vector<PastDecision>> decisions(std::size_t limit) = 0;
    /// What the judge learns from a mention at present; nothing: nothing, or it is too old to be taken back.
    virtual Result<std::optional<Lesson>> lesson_in_force(MentionId mention) = 0;

    virtual Task<Result<BlockId>> add_block(Block block) = 0;  ///< The id is given here.
    /// What it was. Errors: NotFound.
    virtual Task<Result<Block>> remove_block(BlockId id) = 0;
    virtual Result<std::vector<Block>> blocks(SiteId site) = 0;

    /// What the site's owner taught: weights by bucket.
    virtual Result<std::vector<std::pair<std::uint32_t, std::int32_t>>> learnt(SiteId site) = 0;
    struct Memory {
        double good = 0;
        double bad = 0;
    };
    /// In the scale of judge/memory.h.
    virtual Result<Memory> remembered(SiteId site, std::string_view kind, std::string_view subject) = 0;

    /// Since when something from this host has been listed, on any site, that still is; nothing: nothing is. Only what was verified counts.
    virtual Result<std::optional<Instant>> listed_since(std::string_view host) = 0;
    /// A ping that was found true.
    struct PastArrival {
        PingId ping;
        EntryId entry;
        Mention mention;
        Instant received;
    };
    /// Those received since, as they came; of the newest `pings_max` pings.
    virtual Result<std::vector<PastArrival>> arrivals_since(Instant since, std::size_t pings_max) = 0;

    /// What the judge said of a mention when it was last checked, see verdict_json.h; empty: it was never judged.
    virtual Result<std::string> verdict(MentionId mention) = 0;

    /// Mentions that came to be spam before this go for good, and what would be needed to undo decisions as old. Returns how many mentions.
    virtual Task<Result<std::int64_t>> purge_spam(Instant before) = 0;
};

}  // namespace backtalk
