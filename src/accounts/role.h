#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace backtalk::accounts {

enum class Role : std::uint8_t {
    Owner,      ///< Everything.
    Author,     ///< Writes entries, and decides about mentions.
    Moderator,  ///< Decides about mentions.
};

std::string_view to_word(Role role);
std::optional<Role> role_named(std::string_view word);
/// What may be chosen, the most powerful first.
std::span<Role const> all_roles();
/// What the role may do, for people: "writes entries, and decides about mentions"
std::string_view sentence_of(Role role);

/// What somebody can want on the owner's pages. Every page and every form names one.
enum class Action : std::uint8_t {
    ReadInbox,        ///< Mentions and pings, whatever their state.
    Moderate,         ///< Approve, reject, spam, delete, block, undo.
    ReadEntries,      ///< Drafts too.
    WriteEntries,     ///< Write, schedule, publish, edit, delete one's own.
    WriteAllEntries,  ///< Those of others too, and in their name.
    ReadSent,         ///< What targets answered.
    RetrySent,        ///< Tell them again.
    ManageSites,      ///< Add, change, remove.
    ManagePeople,     ///< Add, change, remove; end their sessions.
    ChangeSettings,   ///< See and change how the server works.
    ReadActivity,     ///< Who did what.
    OwnAccount,       ///< One's own password, second factor, sessions, tokens.
};
inline constexpr std::size_t action_count = 12;

/// The one table of rights.
bool may(Role role, Action action);

/// What an application token may be used for. Several are a set.
enum class Scope : std::uint8_t {
    Read = 1,      ///< Whatever its person may see of mentions, entries and what was sent.
    Moderate = 2,  ///< Decide about mentions.
    Write = 4,     ///< Write entries, and tell targets again.
};

class Scopes {
public:
    Scopes() = default;
    Scopes& add(Scope scope)
    {
        bits_ |= static_cast<std::uint8_t>(scope);
        return *this;
    }
    bool has(Scope scope) const { return (bits_ & static_cast<std::uint8_t>(scope)) != 0; }
    bool empty() const { return bits_ == 0; }
    /// "read moderate"
    std::string str() const;
    /// Words, separated by blanks or commas. Nothing if one is unknown or there is none.
    static std::optional<Scopes> parse(std::string_view words);
    bool operator==(Scopes const&) const = default;

private:
    std::uint8_t bits_ = 0;
};

std::string_view to_word(Scope scope);
std::string_view sentence_of(Scope scope);
std::span<Scope const> all_scopes();

/// Whether a token may be used for this; its person must be allowed to do it as well. No token manages people, sites, settings or accounts:
/// who steals one cannot make himself at home.
bool covers(Scopes scopes, Action action);

}  // namespace backtalk::accounts
