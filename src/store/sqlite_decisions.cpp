#include <fmt/format.h>

#include "base/text.h"
#include "store/decided_mentions.h"
#include "store/lesson_text.h"
#include "store/rows.h"
#include "store/sqlite_store.h"
#include "store/teaching.h"

namespace backtalk::store {

namespace {

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

/// A part of a decision, within one transaction.
class DecisionPart {
public:
    DecisionPart(Transaction& transaction, DecisionMade const& made, std::optional<DecisionId> id) : transaction_(transaction), made_(made)
    {
        done_.id = id;
    }

    Result<void> decide(Lesson const& lesson)
    {
        TRY(std::optional<CurrentMention> const now, current_mention(transaction_.db, lesson.mention));
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
        TRY(MentionState const state, set_wanted_state(transaction_, lesson.mention, *now, state_after(made_.decision), approves));
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
        std::string nothing = text_of(Lesson(lesson.mention));
        if (made_.decision == Decision::Delete)
            return nothing;
        TRY(std::optional<HeldLesson> before, held_lesson(transaction_.db, lesson.mention));
        if (before && before->kind == made_.decision) {
            if (before->text.empty())
                return nothing;
            return std::move(before->text);
        }
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

}  // namespace

Task<Result<Decided>> SqliteStore::add_decision(DecisionMade made)
{
    auto const whole = std::make_shared<DecisionMade const>(std::move(made));
    Decided done;
    for (std::size_t from = 0; from < whole->lessons.size(); from += decided_at_once) {
        auto work = [whole, from, id = done.id](Transaction& transaction) -> Result<Decided> {
            if (from == 0)
                TRY_DONE(expect_all(transaction.db, whole->lessons));
            DecisionPart part(transaction, *whole, id);
            // Who takes it back while it is under way means all of it.
            TRY(bool const is_over, id ? is_undone(transaction.db, *id) : Result<bool>(false));
            std::size_t const end = is_over ? from : std::min(whole->lessons.size(), from + decided_at_once);
            for (std::size_t i = from; i < end; ++i)
                TRY_DONE(part.decide(whole->lessons[i]));
            return part.finish();
        };
        Task<Result<Decided>> writing = database_->write<Decided>(std::move(work));
        CO_TRY(Decided const part, co_await std::move(writing));
        done.id = part.id;
        done.mentions += part.mentions;
        done.withdrawn += part.withdrawn;
        done.overtaken.insert(done.overtaken.end(), part.overtaken.begin(), part.overtaken.end());
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

Result<std::optional<Lesson>> SqliteStore::lesson_in_force(MentionId mention)
{
    return database_->read([&](Connection& db) -> Result<std::optional<Lesson>> {
        TRY(std::optional<CurrentMention> const now, current_mention(db, mention));
        TRY(std::optional<HeldLesson> const held, held_lesson(db, mention));
        if (!now || !held || held->text.empty())
            return std::nullopt;
        TRY(Lesson lesson, lesson_of(mention, now->site, held->text));
        return lesson;
    });
}

}  // namespace backtalk::store
