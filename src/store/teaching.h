#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "app/moderation_store.h"
#include "store/sqlite.h"

namespace backtalk::store {

/// What several lessons change, added up before it is written: those of a campaign touch the same words again and again.
class Teaching {
public:
    void add(Lesson const& lesson) { add(lesson, 1); }
    void take_back(Lesson const& lesson) { add(lesson, -1); }

    /// Once, at the end.
    Result<void> write(Connection& db);

private:
    struct Step {
        std::int64_t site;
        std::uint32_t bucket;
        std::int64_t weight;
    };
    struct Memory {
        double good = 0;
        double bad = 0;
    };
    using Subject = std::tuple<std::int64_t, std::string, std::string>;  ///< Site, kind, subject

    void add(Lesson const& lesson, int sign);
    Result<void> write_weights(Connection& db);
    Result<void> write_memory(Connection& db) const;

    std::vector<Step> steps_;
    std::map<Subject, Memory> memory_;
};

}  // namespace backtalk::store
