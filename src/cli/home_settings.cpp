#include "cli/home_settings.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/settings_edit.h"
#include "cli/settings_file.h"
#include "cli/settings_keys.h"

namespace backtalk::cli {

namespace {

struct Choice {
    std::string_view path;
    std::array<std::string_view, 3> words;
};
/// What may be changed at the owner's pages. Not: what says where the server answers, keeps things and connects to, so that who steals a
/// session cannot make the machine his own.
constexpr std::array choices = {
    Choice{"mentions.moderation", {"verified", "known", "all"}},
    Choice{"judge.strictness", {"strict", "balanced", "open"}},
};

bool needs_restart(std::string_view path)
{
    constexpr std::array once = {"limits.body_bytes", "limits.header_bytes", "limits.connections"};
    return path.starts_with("server.") || path.starts_with("store.") || path.starts_with("fetch.") ||
        std::ranges::find(once, path) != once.end();
}

/// "postgresql://me:secret@host/" without the secret, which may have an @ in it, and more that should have been encoded.
std::string without_password(std::string value)
{
    std::size_t const scheme = value.find("://");
    if (scheme == std::string::npos)
        return value;
    std::size_t const at = value.rfind('@', value.find(' ', scheme));
    std::size_t const colon = value.find(':', scheme + 3);
    if (at != std::string::npos && colon < at)
        value.replace(colon + 1, at - colon - 1, "…");
    return value;
}

Result<std::map<std::string, std::string>> keys_of(std::string const& text)
{
    TRY(TomlValue const file, read_toml_settings(text, "backtalk.toml"));
    return set_keys(file);
}

std::string value_in(std::map<std::string, std::string> const& keys, SettingKey const& key)
{
    auto const found = keys.find(key.path());
    return found == keys.end() ? std::string(key.initial) : found->second;
}

Error cannot_write(std::string const& path)
{
    return Error(ErrorCode::Unavailable, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

/// All of it or nothing, whatever happens; with the rights of the file that it replaces.
Result<void> replace_file(std::string const& name, std::string_view text)
{
    std::error_code error;
    std::filesystem::path const path = std::filesystem::canonical(name, error);  // of a symbolic link, what it leads to
    struct stat status{};
    if (error || ::stat(path.c_str(), &status) != 0)
        return std::unexpected(cannot_write(name));
    std::string const fresh = path.string() + ".new";
    int const file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return std::unexpected(cannot_write(fresh));
    bool const written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fchmod(file, status.st_mode & 07777) == 0 && ::fsync(file) == 0;
    (void)!::fchown(file, status.st_uid, status.st_gid);
    ::close(file);
    if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) {
        Error const problem = cannot_write(fresh);
        ::unlink(fresh.c_str());
        return std::unexpected(problem);
    }
    if (int const folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

}  // namespace

Result<std::vector<ShownTable>> HomeSettings::tables()
{
    Home::SettingsTexts const texts = home_.settings_texts();
    TRY(auto const started, keys_of(texts.started));
    TRY(auto const applied, keys_of(texts.applied));
    // A file with a mistake does not run; that it has one, the log says when it is applied.
    TRY(std::string const text, read_settings_text(home_.folder));
    auto const now = keys_of(text).value_or(applied);
    std::vector<ShownTable> tables;
    for (SettingTable const& table : setting_tables()) {
        ShownTable& shown = tables.emplace_back();
        shown.name = table.name;
        shown.about = table.about;
        for (SettingKey const& key : setting_keys()) {
            if (key.table != table.name)
                continue;
            ShownSetting& each = shown.settings.emplace_back();
            each.table = key.table;
            each.name = key.name;
            each.about = key.about;
            each.initial = key.initial;
            each.needs_restart = needs_restart(key.path());
            auto const& running = each.needs_restart ? started : applied;
            each.source = running.contains(key.path()) ? ShownSetting::Source::File : ShownSetting::Source::Default;
            each.value = without_password(value_in(running, key));
            if (std::string const in_file = without_password(value_in(now, key)); in_file != each.value)
                each.in_file = in_file;
            if (key.path() == "server.listen" && listen_ != home_.settings.server.listen) {
                each.source = ShownSetting::Source::CommandLine;
                each.value = fmt::format("[\"{}\"]", fmt::join(listen_, "\", \""));
            }
            if (auto const choice = std::ranges::find(choices, key.path(), &Choice::path); choice != choices.end()) {
                each.choices.assign(choice->words.begin(), choice->words.end());
                each.chosen = each.value.substr(1, each.value.size() - 2);  // in quotes, as the key was read
            }
        }
    }
    return tables;
}

Result<void> HomeSettings::choose(std::string_view path, std::string_view word)
{
    auto const choice = std::ranges::find(choices, path, &Choice::path);
    if (choice == choices.end() || std::ranges::find(choice->words, word) == choice->words.end())
        return failure(ErrorCode::Malformed, "that cannot be chosen here");
    std::scoped_lock const lock(mutex_);
    std::size_t const dot = path.find('.');
    TRY(std::string const text, read_settings_text(home_.folder));
    TRY(std::string const fresh,
        with_setting(text, "backtalk.toml", path.substr(0, dot), path.substr(dot + 1), fmt::format("\"{}\"", word)));
    // What would not be applied is not written either: a mistake elsewhere in the file stays its author's.
    TRY_DONE(read_settings(fresh, "backtalk.toml"));
    TRY_DONE(replace_file(home_.folder + "/backtalk.toml", fresh));
    return home_.reload();
}

}  // namespace backtalk::cli
