#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/import_batch.h"
#include "app/store.h"
#include "async/executor.h"
#include "base/clock.h"
#include "importers/import_map.h"
#include "markup/charset.h"

namespace backtalk {

/// What an import brought in, and every line of the file that was not as it should be.
struct ImportReport {
    ImportCounts counts;
    std::int64_t records = 0;
    std::int64_t mended = 0;
    std::int64_t left_out = 0;
    std::string charset;  ///< In which the file was read.
    /// Remarks in the order of the file; at most `remarks_max`, further ones are counted only.
    std::vector<ImportRemark> remarks;
    static constexpr std::size_t remarks_max = 100'000;

    void add(ImportRemark remark);
};

/// Reads the next piece of a file; empty at its end.
using NextPiece = std::function<Result<std::string>()>;

/// Brings a Movable Type export into a site. Records go into the store in batches, each of which is whole: after a kill, running
/// it again completes it, and running it twice changes nothing. Blocks; call it from a thread of its own.
///
/// Errors: what the store or `next` says. Faulty records are no errors: see the report.
Result<ImportReport> import_movable_type(Store& store, Executor& executor, Clock const& clock, Site const& site,
    importers::ImportMap const& map, std::optional<markup::Charset> charset, NextPiece const& next,
    std::function<void(ImportReport const&)> const& progress);

}  // namespace backtalk
