#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/settings_toml.h"

namespace backtalk {

/// The value as it may stand in a TOML file, on one line.
std::string toml_text(TomlValue const& value);

/// What a file sets: "mentions.moderation" to its value as toml_text().
std::map<std::string, std::string> set_keys(TomlValue const& file);

/// The file with one key set to `value` (as TOML, on one line): the key's line is changed where there is one, else a line is added;
/// everything else, comments too, stays byte for byte as it was, and means what it meant.
///
/// Errors: Malformed (not TOML), TooLarge, Conflict (the file sets things in a way that no line can be changed or added without changing
/// others).
Result<std::string> with_setting(
    std::string_view toml, std::string_view file_name, std::string_view table, std::string_view name, std::string_view value);

}  // namespace backtalk
