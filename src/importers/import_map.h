#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "importers/import_problem.h"

namespace backtalk::importers {

/// What a map says of one entry. Each id stands in one row only.
struct ImportMapRow {
    std::size_t line = 0;
    std::string key{};
    std::optional<std::int64_t> entry_id{};      ///< Above zero.
    std::optional<std::int64_t> trackback_id{};  ///< Above zero.
    std::string permalink{};                     ///< As the file has it; empty if it has none.

    bool operator==(ImportMapRow const&) const = default;
};

/// The ids and permalinks that an export format does not have: CSV (RFC 4180) with a header that names the columns key,
/// entry_id, trackback_id and permalink in any order; other columns are ignored. Commas, or what the header uses instead
/// (semicolons, tabs). Faulty rows are reported and left out, faulty or repeated ids likewise; of rows with the same key the first holds.
class ImportMap {
public:
    ImportMap() = default;

    /// Errors: Malformed (no header, or one without "key").
    static Result<ImportMap> parse(std::string_view csv);

    /// The row whose key is the basename, else the title (with white space folded). Views of one map stay valid while it lives.
    ImportMapRow const* find(std::string_view basename, std::string_view title) const;

    std::vector<ImportMapRow> const& rows() const { return rows_; }
    std::vector<ImportProblem> const& problems() const { return problems_; }

private:
    std::vector<ImportMapRow> rows_;
    std::unordered_map<std::string, std::size_t> by_key_;
    std::vector<ImportProblem> problems_;

    friend class ImportMapParser;
};

}  // namespace backtalk::importers
