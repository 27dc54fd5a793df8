#pragma once

#include <string>
#include <string_view>

#include "app/settings.h"
#include "base/result.h"

namespace backtalk {

/// What a backtalk.toml says; what it leaves out has its default. `file_name` is for messages, each of one line with the first
/// problem: "backtalk.toml:12: unknown key fetch.time_out: did you mean fetch.timeout?"
///
/// Errors: Malformed, TooLarge (over 1 MiB).
Result<Settings> read_settings(std::string_view toml, std::string_view file_name);

/// The file that `backtalk init` writes: every key, explained and commented out, so that it means the defaults.
std::string initial_settings_file();

/// The same as plain text for `backtalk help`.
std::string settings_help();

}  // namespace backtalk
