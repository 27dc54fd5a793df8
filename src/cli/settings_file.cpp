#include "cli/settings_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/settings_keys.h"

namespace backtalk {

namespace {

std::string shown_key(std::string_view key)
{
    bool const bare =
        !key.empty() && key.size() <= 80 && std::ranges::all_of(key, [](char c) { return is_ascii_alnum(c) || c == '_' || c == '-'; });
    return bare ? std::string(key) : quoted_for_message(key);
}

/// The first problem by line, whatever the order in which it was found.
class FirstProblem {
public:
    void add(std::size_t line, std::string text)
    {
        if (!first_ || line < first_->line)
            first_ = SettingProblem{line, std::move(text)};
    }
    std::optional<SettingProblem> const& get() const { return first_; }

private:
    std::optional<SettingProblem> first_;
};

void read_table(std::string_view table, TomlValue const& value, Settings& settings, FirstProblem& problems)
{
    for (auto const& [name, line, each] : value.members) {
        auto const known =
            std::ranges::find_if(setting_keys(), [&](SettingKey const& key) { return key.table == table && key.name == name; });
        if (known == setting_keys().end()) {
            problems.add(line,
                fmt::format(
                    "unknown key {}.{}: did you mean {}?", table, shown_key(name), nearest_setting_key(fmt::format("{}.{}", table, name))));
        } else if (auto const problem = known->read(each, settings)) {
            problems.add(problem->line, fmt::format("{} {}", known->path(), problem->text));
        }
    }
}

void append_comment(std::string& out, std::string_view lead, std::string_view lines)
{
    for (std::string_view const line : split(lines, '\n'))
        out += fmt::format("{}{}\n", lead, line);
}

}  // namespace

Result<Settings> read_settings(std::string_view toml, std::string_view file_name)
{
    TRY(TomlValue const file, read_toml_settings(toml, file_name));
    Settings settings;
    FirstProblem problems;
    for (auto const& [name, line, value] : file.members) {
        bool const is_known = std::ranges::find(setting_tables(), name, &SettingTable::name) != setting_tables().end();
        if (is_known && value.kind == TomlValue::Kind::Table)
            read_table(name, value, settings, problems);
        else if (is_known)
            problems.add(line, fmt::format("{0} is {1}: write a table, [{0}] and its keys below", name, value.shown));
        else if (value.kind == TomlValue::Kind::Table)
            problems.add(line, fmt::format("unknown table {}: did you mean {}?", shown_key(name), nearest_setting_table(name)));
        else
            problems.add(line, fmt::format("unknown key {}: did you mean {}?", shown_key(name), nearest_setting_key(name)));
    }
    if (auto const& problem = problems.get())
        return failure(ErrorCode::Malformed, fmt::format("{}:{}: {}", file_name, problem->line, problem->text));
    return settings;
}

std::string initial_settings_file()
{
    std::string out =
        "# The settings of this Backtalk home. Everything here is switched off by its # and shows the default: take the # away\n"
        "# from a key and from the [table] above it, and change the value. A running server reads the file again on SIGHUP.\n";
    for (SettingTable const& table : setting_tables()) {
        out += '\n';
        append_comment(out, "# ", table.about);
        out += fmt::format("#[{}]\n", table.name);
        for (SettingKey const& key : setting_keys()) {
            if (key.table != table.name)
                continue;
            out += '\n';
            append_comment(out, "# ", key.about);
            out += fmt::format("#{} = {}\n", key.name, key.initial);
        }
    }
    return out;
}

std::string settings_help()
{
    std::string out = "Keys of backtalk.toml, with their defaults:\n";
    for (SettingTable const& table : setting_tables()) {
        out += fmt::format("\n[{}]  {}\n", table.name, table.about);
        for (SettingKey const& key : setting_keys()) {
            if (key.table != table.name)
                continue;
            out += fmt::format("  {} = {}\n", key.name, key.initial);
            append_comment(out, "      ", key.about);
        }
    }
    return out;
}

}  // namespace backtalk
