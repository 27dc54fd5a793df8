#include "store/decided_mentions.h"

#include <fmt/format.h>

#include "store/lesson_text.h"
#include "store/rows.h"

namespace backtalk::store {

namespace {

MentionState bearable(MentionState wanted, bool withdrawn)
{
    bool const needs_link = wanted == MentionState::Published || wanted == MentionState::Held;
    if (needs_link && withdrawn)
        return MentionState::Gone;
    return wanted == MentionState::Gone && !withdrawn ? MentionState::Held : wanted;
}

}  // namespace

Result<std::optional<CurrentMention>> current_mention(Connection& db, MentionId mention)
{
    Query find = db.query("SELECT m.entry_id, e.site_id, m.state, m.approved, m.withdrawn FROM mention m JOIN entry e ON e.id = m.entry_id "
                          "WHERE m.id = ?");
    find.bind(mention.value);
    if (!find.next()) {
        TRY_DONE(find.finished());
        return std::nullopt;
    }
    TRY(MentionState const state, known(mention_state_named(find.text(2)), "mention state"));
    return CurrentMention{EntryId(find.integer(0)), SiteId(find.integer(1)), state, find.integer(3) != 0, find.integer(4) != 0};
}

Result<MentionState> set_wanted_state(
    Transaction& transaction, MentionId mention, CurrentMention const& now, MentionState wanted, bool approved)
{
    MentionState const state = bearable(wanted, now.withdrawn);
    // NB: what was spam already is kept for as long again: who decided may want it back.
    TRY_DONE(transaction.db.query("UPDATE mention SET state = ?, approved = ?, spam_since = 0 WHERE id = ?")
            .bind(to_word(state))
            .bind(std::int64_t(approved))
            .bind(mention.value)
            .run());
    TRY_DONE(note_mention_change(transaction, now.entry, mention.value));
    return state;
}

Result<std::optional<HeldLesson>> held_lesson(Connection& db, MentionId mention)
{
    Query find = db.query("SELECT d.id, d.decision, m.lesson FROM decided m JOIN decision d ON d.id = m.decision_id "
                          "WHERE m.mention_id = ? AND m.undone = 0 AND d.decision <> 'delete' ORDER BY m.decision_id DESC LIMIT 1");
    find.bind(mention.value);
    if (!find.next()) {
        TRY_DONE(find.finished());
        return std::nullopt;
    }
    TRY(Decision const kind, known(decision_named(find.text(1)), "decision"));
    return HeldLesson{DecisionId(find.integer(0)), kind, find.string(2)};
}

Result<Lesson> lesson_of(MentionId mention, SiteId site, std::string_view text)
{
    Lesson lesson(mention);
    lesson.site = site;
    TRY_DONE(read_lesson(text, lesson));
    return lesson;
}

Result<bool> is_undone(Connection& db, DecisionId id)
{
    Query find = db.query("SELECT undone_by <> '' FROM decision WHERE id = ?");
    find.bind(id.value);
    if (!find.next()) {
        TRY_DONE(find.finished());
        return failure(ErrorCode::NotFound, fmt::format("there is no decision {}", id.value));
    }
    return find.integer(0) != 0;
}

}  // namespace backtalk::store
