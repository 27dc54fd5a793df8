#include "importers/import_map.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <source_location>

#include "importers/import_date.h"

using namespace backtalk;
using namespace backtalk::importers;

namespace {

void require(bool holds, std::source_location where = std::source_location::current())
{
    if (holds)
        return;
    std::fprintf(stderr, "line %u does not hold\n", static_cast<unsigned>(where.line()));
    std::abort();
}

}  // namespace

/// The bytes are a map; each key is also tried as a date.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    auto const map = ImportMap::parse({reinterpret_cast<char const*>(bytes), size});
    if (!map) {
        require(map.error().code == ErrorCode::Malformed);
        return 0;
    }
    std::set<std::int64_t> entry_ids;
    std::set<std::int64_t> trackback_ids;
    for (ImportMapRow const& row : map->rows()) {
        require(!row.key.empty() && map->find(row.key, "") == &row && map->find("", row.key) == &row);
        require(!row.entry_id || (*row.entry_id > 0 && entry_ids.insert(*row.entry_id).second));
        require(!row.trackback_id || (*row.trackback_id > 0 && trackback_ids.insert(*row.trackback_id).second));
        if (auto const date = read_import_date(row.key))
            require(to_instant(date->date.time).has_value());
    }
    for (ImportProblem const& problem : map->problems())
        require(problem.line >= 2 || problem.kind == ImportProblem::Kind::LeftOut);
    return 0;
}
