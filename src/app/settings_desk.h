#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backtalk {

/// One key of backtalk.toml, with what the server runs with.
struct ShownSetting {
    enum class Source { Default, File, CommandLine };

    std::string table;
    std::string name;
    std::string about;    ///< One or more lines.
    std::string value;    ///< As TOML; passwords are left out.
    std::string initial;  ///< The default, as TOML.
    Source source = Source::Default;
    std::string in_file;               ///< What the file says by now, where that is not what runs; empty: it is.
    bool needs_restart = false;        ///< Else SIGHUP is enough.
    std::vector<std::string> choices;  ///< Words, one of which may be chosen at the owner's pages; empty: only in the file.
    std::string chosen;                ///< Of `choices`.

    std::string path() const { return table + "." + name; }
};

struct ShownTable {
    std::string name;
    std::string about;
    std::vector<ShownSetting> settings;
};

/// What the owner's pages see and change of the settings.
class SettingsDesk {
public:
    virtual ~SettingsDesk() = default;

    /// Errors: those of reading the file.
    virtual Result<std::vector<ShownTable>> tables() = 0;
    /// Writes the choice into the file, with all else in it as it was, and applies it.
    /// Errors: Malformed (no such choice; the file has a mistake), Conflict (the file is written in a way that does not let it be changed),
    /// Unavailable.
    virtual Result<void> choose(std::string_view path, std::string_view word) = 0;
};

}  // namespace backtalk
