#include "store/teaching.h"

#include <algorithm>

namespace backtalk::store {

void Teaching::add(Lesson const& lesson, int sign)
{
    for (std::uint32_t const bucket : lesson.buckets)
        steps_.push_back({lesson.site.value, bucket, std::int64_t(lesson.step) * sign});
    for (Lesson::Remembered const& each : lesson.remembered) {
        Memory& memory = memory_[Subject(lesson.site.value, each.kind, each.subject)];
        memory.good += each.good * sign;
        memory.bad += each.bad * sign;
    }
}

Result<void> Teaching::write(Connection& db)
{
    TRY_DONE(write_weights(db));
    return write_memory(db);
}

Result<void> Teaching::write_weights(Connection& db)
{
    auto const place = [](Step const& step) { return std::pair(step.site, step.bucket); };
    std::ranges::sort(steps_, {}, place);
    for (auto step = steps_.begin(); step != steps_.end();) {
        std::int64_t weight = 0;
        auto next = step;
        for (; next != steps_.end() && place(*next) == place(*step); ++next)
            weight += next->weight;
        if (weight != 0)
            TRY_DONE(
                db.query("INSERT INTO learnt (site_id, bucket, weight) VALUES (?, ?, ?) "
                         "ON CONFLICT (site_id, bucket) DO UPDATE SET weight = weight + excluded.weight")
                    .bind(step->site)
                    .bind(std::int64_t(step->bucket))
                    .bind(weight)
                    .run());
        step = next;
    }
    return {};
}

Result<void> Teaching::write_memory(Connection& db) const
{
    for (auto const& [subject, memory] : memory_) {
        if (memory.good == 0 && memory.bad == 0)
            continue;
        auto const& [site, kind, name] = subject;
        TRY_DONE(
            db.query("INSERT INTO remembered (site_id, kind, subject, good, bad) VALUES (?1, ?2, ?3, max(0, ?4), max(0, ?5)) "
                     "ON CONFLICT (site_id, kind, subject) DO UPDATE SET good = max(0, good + ?4), bad = max(0, bad + ?5)")
                .bind(site)
                .bind(kind)
                .bind(name)
                .bind_real(memory.good)
                .bind_real(memory.bad)
                .run());
    }
    return {};
}

}  // namespace backtalk::store
