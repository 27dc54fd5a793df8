#include <fmt/format.h>

#include "base/text.h"
#include "store/lesson_text.h"
#include "store/rows.h"
#include "store/sqlite_store.h"
#include "store/teaching.h"

namespace backtalk::store {

namespace {

/// So many mentions are decided in one transaction: a campaign of thousands must not keep pings from being written meanwhile.
constexpr std::size_t part_size = 100;

struct CurrentMention {
    EntryId entry;
    SiteId site;
    MentionState state;
    bool approved;
    bool withdrawn;
};

Result<std::optional<CurrentMention>> current(Connection& db, MentionId mention)
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

/// The state that a person wants for a mention, as far as its source bears it: nothing is shown, or to be decided, whose source is known
/// not to link here.
MentionState bearable(MentionState wanted, bool withdrawn)
{
    bool const needs_link = wanted == MentionState::Published || wanted == MentionState::Held;
    if (needs_link && withdrawn)
        return MentionState::Gone;
    return wanted == MentionState::Gone && !withdrawn ? MentionState::Held : wanted;
}

/// The state that it got, see bearable().
Result<MentionState> set_state(Transaction& transaction, MentionId mention, CurrentMention const& now, MentionState wanted, bool approved)
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

/// The last decision about a mention that stands.
struct LastDecision {
    DecisionId id;
    Overtaken::By by;
};

Result<std::optional<LastDecision>> last_decision(Transaction& transaction, MentionId mention)
{
    Query find = transaction.db.query("SELECT d.id, d.actor, d.decision, d.made FROM decided m JOIN decision d ON d.id = m.decision_id "
                                      "WHERE m.mention_id = ? AND m.undone = 0 ORDER BY m.decision_id DESC LIMIT 1");
    find.bind(mention.value);
    if (!find.next()) {
        TRY_DONE(find.finished());
        return std::nullopt;
    }
    TRY(Decision const decision, known(decision_named(find.text(2)), "decision"));
    return LastDecision{DecisionId(find.integer(0)), {find.string(1), decision, transaction.now - instant(find.integer(3))}};
}

/// What the judge learns from a mention at present: the lesson of the last decision that stands and teaches at all.
struct HeldLesson {
    DecisionId decision;
    Decision kind;
    std::string text;
};

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

/// A part of a decision, within one transaction.
class DecisionPart {
public:
    DecisionPart(Transaction& transaction, DecisionMade const& made, std::optional<DecisionId> id) : transaction_(transaction), made_(made)
    {
        done_.id = id;
    }

    Result<void> decide(Lesson const& lesson)
    {
        TRY(std::optional<CurrentMention> const now, current(transaction_.db, lesson.mention));
        if (!now)
            return {};  // it went since the first part
        TRY(std::optional<LastDecision> const last, last_decision(transaction_, lesson.mention));
        if (last && last->id == done_.id)
            return {};  // named twice
        bool const is_late = last && done_.id && last->id > *done_.id;
        if (is_late || (made_.seen && now->state != *made_.seen)) {
            bool const is_theirs = last && state_after(last->by.decision) == now->state;
            done_.overtaken.push_back({lesson.mention, now->state, is_theirs ? std::optional(last->by) : std::nullopt});
            return {};
        }
        TRY_DONE(write(lesson, *now));
        bool const approves = made_.decision == Decision::Approve;
        TRY(MentionState const state, set_state(transaction_, lesson.mention, *now, state_after(made_.decision), approves));
        ++done_.mentions;
        if (approves && state == MentionState::Gone) {
            ++done_.withdrawn;
            TRY_DONE(queue_recheck(transaction_, lesson.mention));
        }
        return {};
    }
    Result<Decided> finish()
    {
        TRY_DONE(teaching_.write(transaction_.db));
        return std::move(done_);
    }

private:
    Result<void> begin()
    {
        TRY_DONE(transaction_.db.query("INSERT INTO decision (decision, actor, made) VALUES (?, ?, ?)")
                .bind(to_word(made_.decision))
                .bind(made_.actor)
                .bind(seconds(transaction_.now))
                .run());
        done_.id = DecisionId(transaction_.db.last_insert_id());
        return {};
    }
    Result<void> write(Lesson const& lesson, CurrentMention const& now)
    {
        if (!done_.id)
            TRY_DONE(begin());
        TRY(std::string const text, taught(lesson, now.site));
        return transaction_.db
            .query("INSERT INTO decided (mention_id, decision_id, state_before, approved_before, lesson) VALUES (?, ?, ?, ?, ?)")
            .bind(lesson.mention.value)
            .bind(done_.id->value)
            .bind(to_word(now.state))
            .bind(std::int64_t(now.approved))
            .bind(text)
            .run();
    }
    /// Teaches, unless that lesson holds already; the lesson as it is to be written down.
    Result<std::string> taught(Lesson const& lesson, SiteId site)
    {
        std::string const nothing = text_of(Lesson(lesson.mention));
        if (made_.decision == Decision::Delete)
            return nothing;
        TRY(std::optional<HeldLesson> before, held_lesson(transaction_.db, lesson.mention));
        if (before && before->kind == made_.decision)
            return before->text.empty() ? nothing : std::move(before->text);
        if (before) {
            TRY(Lesson const contrary, lesson_of(lesson.mention, site, before->text));
            teaching_.take_back(contrary);
        }
        teaching_.add(lesson);
        return text_of(lesson);
    }

    Transaction& transaction_;
    DecisionMade const& made_;
    Teaching teaching_;
    Decided done_;
};

Result<void> expect_all(Connection& db, std::vector<Lesson> const& lessons)
{
    for (Lesson const& lesson : lessons) {
        Query find = db.query("SELECT 1 FROM mention WHERE id = ?");
        find.bind(lesson.mention.value);
        if (find.next())
            continue;
        TRY_DONE(find.finished());
        return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", lesson.mention.value));
    }
    return {};
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
    query.bind(decision.value).bind(after.value).bind(static_cast<std::int64_t>(part_size));
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
        TRY(std::optional<CurrentMention> const now, current(transaction_.db, deed.mention));
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
        TRY(MentionState const state, set_state(transaction_, deed.mention, *now, deed.state_before, deed.approved_before));
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
    if (deeds.size() == part_size) {
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

Task<Result<Decided>> SqliteStore::add_decision(DecisionMade made)
{
    auto const whole = std::make_shared<DecisionMade const>(std::move(made));
    Decided done;
    for (std::size_t from = 0; from < whole->lessons.size(); from += part_size) {
        auto work = [whole, from, id = done.id](Transaction& transaction) -> Result<Decided> {
            if (from == 0)
                TRY_DONE(expect_all(transaction.db, whole->lessons));
            DecisionPart part(transaction, *whole, id);
            // Who takes it back while it is under way means all of it.
            TRY(bool const is_over, id ? is_undone(transaction.db, *id) : Result<bool>(false));
            std::size_t const end = is_over ? from : std::min(whole->lessons.size(), from + part_size);
            for (std::size_t i = from; i < end; ++i)
                TRY_DONE(part.decide(whole->lessons[i]));
            return part.finish();
        };
        CO_TRY(Decided const part, co_await database_->write<Decided>(std::move(work)));
        done.id = part.id;
        done.mentions += part.mentions;
        done.withdrawn += part.withdrawn;
        done.overtaken.insert(done.overtaken.end(), part.overtaken.begin(), part.overtaken.end());
    }
    co_return done;
}

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
        CO_TRY(progress, co_await database_->write<UndoProgress>(std::move(work)));
        done.withdrawn += progress.done.withdrawn;
    }
    co_return done;
}

Result<std::vector<PastDecision>> SqliteStore::decisions(std::size_t limit)
{
    return database_->read([&](Connection& db) -> Result<std::vector<PastDecision>> {
        Query query = db.query("SELECT d.id, d.decision, d.actor, d.made, d.undone_by, (SELECT group_concat(mention_id, ' ') FROM decided "
                               "WHERE decision_id = d.id) FROM decision d ORDER BY d.id DESC LIMIT ?");
        query.bind(static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
        std::vector<PastDecision> past;
        while (query.next()) {
            PastDecision& one = past.emplace_back();
            one.id = DecisionId(query.integer(0));
            TRY(one.decision, known(decision_named(query.text(1)), "decision"));
            one.actor = query.string(2);
            one.made = instant(query.integer(3));
            one.undone = !query.text(4).empty();
            for (std::string_view const word : split(query.text(5), ' '))
                if (auto const mention = parse_integer<std::int64_t>(word))
                    one.mentions.emplace_back(*mention);
        }
        TRY_DONE(query.finished());
        return past;
    });
}

}  // namespace backtalk::store
