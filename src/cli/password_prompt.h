#pragma once

#include "base/result.h"
#include "cli/options.h"

namespace backtalk::cli {

/// Asks at the terminal for the password that a command needs, twice and without showing it, and puts it where --password-stdin would find
/// it. Done by the process at the terminal, whoever then runs the command. Errors: Malformed (no terminal and no --password-stdin; two that
/// differ).
Result<void> prompt_for_password(Options const& options);

}  // namespace backtalk::cli
