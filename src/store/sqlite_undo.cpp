#include <fmt/format.h>

#include "store/decided_mentions.h"
#include "store/rows.h"
#include "store/sqlite_store.h"
#include "store/teaching.h"

namespace backtalk::store {

namespace {

/// What one decision did to one mention.
struct PastDeed {
    MentionId mention;
    MentionState state_before;
    bool approved_before;
};

/// What is to be taken back, from the mention after this one.
Result<std::vector<PastDeed>> standing_deeds(Connection& db, DecisionId decision, MentionId after)
{
    Query query = db.query("SELECT mention_id, state_before, approved_before FROM decided WHERE decision_id = ? AND mention_id > ? AND "
                           "undone = 0 ORDER BY mention_id LIMIT ?");
    query.bind(decision.value).bind(after.value).bind(static_cast<std::int64_t>(decided_at_once));
    std::vector<PastDeed> deeds;
    while (query.next()) {
        TRY(MentionState const state, known(mention_state_named(query.text(1)), "mention state"));
        deeds.push_back({MentionId(query.integer(0)), state, query.integer(2) != 0});
    }
    TRY_DONE(query.finished());
    return deeds;
}

/// A part of taking a decision back, within one transaction.
class UndoPart {
public:
    UndoPart(Transaction& transaction, DecisionId decision) : transaction_(transaction), decision_(decision) { }

    Result<void> take_back(PastDeed const& deed)
    {
        TRY(std::optional<CurrentMention> const now, current_mention(transaction_.db, deed.mention));
        TRY(std::optional<HeldLesson> const before, held_lesson(transaction_.db, deed.mention));
        TRY_DONE(transaction_.db.query("UPDATE decided SET undone = 1 WHERE mention_id = ? AND decision_id = ?")
                .bind(deed.mention.value)
                .bind(decision_.value)
                .run());
        // Nothing is left of a mention that went with its site or entry, nor a site to learn for.
        if (!now)
            return {};
        if (before && before->decision == decision_)
            TRY_DONE(change_lesson(deed.mention, now->site, before->text));
        // The decision after this one followed on what was before both.
        TRY_DONE(transaction_.db
                .query("UPDATE decided SET state_before = ?, approved_before = ? WHERE mention_id = ?3 AND decision_id = (SELECT "
                       "min(decision_id) FROM decided WHERE mention_id = ?3 AND decision_id > ?4 AND undone = 0)")
                .bind(to_word(deed.state_before))
                .bind(std::int64_t(deed.approved_before))
                .bind(deed.mention.value)
                .bind(decision_.value)
                .run());
        if (transaction_.db.changes() > 0)
            return {};
        TRY(MentionState const state, set_wanted_state(transaction_, deed.mention, *now, deed.state_before, deed.approved_before));
        if (state != deed.state_before && state == MentionState::Gone)
            ++done_.withdrawn;
        return {};
    }
    Result<TakenBack> finish()
    {
        TRY_DONE(teaching_.write(transaction_.db));
        return done_;
    }

private:
    /// From this one to that of the decision before, which holds again.
    Result<void> change_lesson(MentionId mention, SiteId site, std::string const& text)
    {
        TRY(Lesson const mine, lesson_of(mention, site, text));
        teaching_.take_back(mine);
        TRY(std::optional<HeldLesson> const before, held_lesson(transaction_.db, mention));
        if (before) {
            TRY(Lesson const theirs, lesson_of(mention, site, before->text));
            teaching_.add(theirs);
        }
        return {};
    }

    Transaction& transaction_;
    DecisionId decision_;
    Teaching teaching_;
    TakenBack done_;
};

/// How far taking a decision back has come.
struct UndoProgress {
    MentionId last;
    bool finished = false;
    TakenBack done;
};

Result<UndoProgress> undo_part(Transaction& transaction, DecisionId id, std::string_view actor, MentionId after)
{
    UndoProgress progress;
    TRY(std::vector<PastDeed> const deeds, standing_deeds(transaction.db, id, after));
    UndoPart part(transaction, id);
    for (PastDeed const& deed : deeds)
        TRY_DONE(part.take_back(deed));
    TRY(progress.done, part.finish());
    if (deeds.size() == decided_at_once) {
        progress.last = deeds.back().mention;
        return progress;
    }
    // A decision that is still under way may have gone on behind us.
    TRY(std::vector<PastDeed> const left, standing_deeds(transaction.db, id, MentionId()));
    progress.finished = left.empty();
    if (!progress.finished)
        return progress;
    TRY_DONE(transaction.db.query("UPDATE decision SET undone_by = ? WHERE id = ? AND undone_by = ''")
            .bind(actor.empty() ? "?" : actor)
            .bind(id.value)
            .run());
    return progress;
}

Result<void> expect_undoable(Connection& db, DecisionId id)
{
    TRY(bool const is_over, is_undone(db, id));
    if (is_over)
        return failure(ErrorCode::Conflict, fmt::format("decision {} was taken back already", id.value));
    Query find = db.query("SELECT EXISTS (SELECT 1 FROM decided WHERE decision_id = ? AND lesson = '')");
    find.bind(id.value);
    bool const is_too_old = find.next() && find.integer(0) != 0;
    TRY_DONE(find.finished());
    if (is_too_old)
        return failure(ErrorCode::Conflict, fmt::format("decision {} is too old to be taken back: decide anew", id.value));
    return {};
}

}  // namespace

Task<Result<TakenBack>> SqliteStore::undo_decision(DecisionId id, std::string actor)
{
    TakenBack done;
    UndoProgress progress;
    while (!progress.finished) {
        auto work = [id, actor, after = progress.last](Transaction& transaction) -> Result<UndoProgress> {
            if (after == MentionId())
                TRY_DONE(expect_undoable(transaction.db, id));
            return undo_part(transaction, id, actor, after);
        };
        Task<Result<UndoProgress>> writing = database_->write<UndoProgress>(std::move(work));
        CO_TRY(progress, co_await std::move(writing));
        done.withdrawn += progress.done.withdrawn;
    }
    co_return done;
}

}  // namespace backtalk::store
