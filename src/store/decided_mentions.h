#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/moderation_store.h"
#include "store/writer.h"

namespace backtalk::store {

// What deciding and taking back have in common.

/// So many mentions are decided in one transaction: a campaign of thousands must not keep pings from being written meanwhile.
inline constexpr std::size_t decided_at_once = 100;

struct CurrentMention {
    EntryId entry;
    SiteId site;
    MentionState state;
    bool approved;
    bool withdrawn;
};
/// Nothing: it is there no more.
Result<std::optional<CurrentMention>> current_mention(Connection& db, MentionId mention);

/// Gives a mention the state that a person wants, as far as its source bears it: nothing is shown, or to be decided, whose source is known
/// not to link here. The state that it got.
Result<MentionState> set_wanted_state(
    Transaction& transaction, MentionId mention, CurrentMention const& now, MentionState wanted, bool approved);

/// What the judge learns from a mention at present: the lesson of the last decision that stands and teaches at all.
struct HeldLesson {
    DecisionId decision;
    Decision kind;
    std::string text;  ///< See lesson_text.h.
};
Result<std::optional<HeldLesson>> held_lesson(Connection& db, MentionId mention);
Result<Lesson> lesson_of(MentionId mention, SiteId site, std::string_view text);

/// Errors: NotFound.
Result<bool> is_undone(Connection& db, DecisionId decision);

}  // namespace backtalk::store
