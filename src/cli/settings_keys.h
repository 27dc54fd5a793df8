#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/settings.h"
#include "cli/settings_toml.h"

namespace backtalk {

/// Why a value is not taken: "is "ten": write a whole number from 1 to 1000000000", to stand behind the name of its key.
struct SettingProblem {
    std::size_t line;
    std::string text;
};

/// One key of backtalk.toml: how it is documented and how it is read.
struct SettingKey {
    std::string_view table;
    std::string_view name;
    std::string_view initial;  ///< The default, as TOML.
    std::string_view about;    ///< One or more lines.
    /// Sets its part of the settings, or says what is wrong.
    std::optional<SettingProblem> (*read)(TomlValue const& value, Settings& settings);

    std::string path() const { return std::string(table) + "." + std::string(name); }
};

struct SettingTable {
    std::string_view name;
    std::string_view about;
};

/// All keys, those of one table together, in the order of setting_tables().
std::span<SettingKey const> setting_keys();
std::span<SettingTable const> setting_tables();

/// The known key ("fetch.timeout") that `path` was probably meant to be: by edit distance, of the whole or of its last part.
std::string nearest_setting_key(std::string_view path);
std::string nearest_setting_table(std::string_view name);

}  // namespace backtalk
