#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "judge/judge.h"

namespace backtalk {

/// A verdict as a mention keeps it: {"outcome":"held","score":1.25,"reasons":[{"name":"wording","weight":1.1,"sentence":"…"}]}
std::string verdict_json(judge::Verdict const& verdict);

/// Reads it back. Errors: Malformed; also for the empty text of a mention that was never judged.
Result<judge::Verdict> read_verdict(std::string_view json);

}  // namespace backtalk
