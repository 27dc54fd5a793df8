#pragma once

#include <optional>
#include <vector>

#include "async/task.h"
#include "base/result.h"
#include "weblog/hook.h"

namespace backtalk {

struct HookQuery {
    std::optional<SiteId> site;
    std::optional<HookState> state;
    std::size_t limit = SIZE_MAX;
};

/// Where it is kept what the receivers of web hooks are told. The rows are written with the changes of mentions, in the same transaction,
/// for sites that have a hook; what an archive brings along is not told.
///
/// Errors: as Store.
class HookStore {
public:
    virtual ~HookStore() = default;

    virtual Result<std::optional<Hook>> hook(HookId id) = 0;
    virtual Result<std::vector<Hook>> hooks(HookQuery const& query) = 0;  ///< The newest first.
    virtual Result<std::int64_t> count_waiting_hooks() = 0;
    /// Of each site the oldest that waits, if it is due: those behind it wait for it.
    virtual Result<std::vector<Hook>> due_hooks(Instant now, std::size_t limit) = 0;
    virtual Result<std::optional<Instant>> next_hook_due() = 0;
    virtual Task<Result<void>> put_off_hooks(std::vector<std::int64_t> ids, Instant until) = 0;
    /// Of what was replaced meanwhile only a success is kept. What ended a month ago is forgotten.
    virtual Task<Result<void>> finish_hook(HookId id, HookOutcome outcome) = 0;
    /// They wait again, under new names, and their sites' receivers are tried at once. Errors: NotFound (names the id; then nothing is
    /// changed).
    virtual Task<Result<void>> retry_hooks(std::vector<HookId> ids) = 0;
};

}  // namespace backtalk
