#include "accounts/role.h"

#include <array>

#include "base/text.h"

namespace backtalk::accounts {

namespace {

constexpr std::array roles = {Role::Owner, Role::Author, Role::Moderator};
constexpr std::array known_scopes = {Scope::Read, Scope::Moderate, Scope::Write};

struct Right {
    Action action;
    bool author;
    bool moderator;
    std::optional<Scope> scope;  ///< Of a token that is good for it; none is if there is none.
};

// The owner may do everything.
constexpr std::array<Right, action_count> rights = {{
    {Action::ReadInbox, true, true, Scope::Read},
    {Action::Moderate, true, true, Scope::Moderate},
    {Action::ReadEntries, true, true, Scope::Read},
    {Action::WriteEntries, true, false, Scope::Write},
    {Action::WriteAllEntries, false, false, Scope::Write},
    {Action::ReadSent, true, false, Scope::Read},
    {Action::RetrySent, true, false, Scope::Write},
    {Action::ManageSites, false, false, std::nullopt},
    {Action::ManagePeople, false, false, std::nullopt},
    {Action::ChangeSettings, false, false, std::nullopt},
    {Action::ReadActivity, false, false, std::nullopt},
    {Action::OwnAccount, true, true, std::nullopt},
}};

consteval bool is_in_order()
{
    for (std::size_t i = 0; i < rights.size(); ++i)
        if (static_cast<std::size_t>(rights[i].action) != i)
            return false;
    return true;
}
static_assert(is_in_order(), "a row for each Action, in its order");

Right const& right_of(Action action) { return rights[static_cast<std::size_t>(action)]; }

}  // namespace

std::string_view to_word(Role role)
{
    switch (role) {
    case Role::Owner: return "owner";
    case Role::Author: return "author";
    case Role::Moderator: return "moderator";
    }
    return {};
}

std::optional<Role> role_named(std::string_view word)
{
    for (Role const role : roles)
        if (to_word(role) == word)
            return role;
    return std::nullopt;
}

std::span<Role const> all_roles() { return roles; }

std::string_view sentence_of(Role role)
{
    switch (role) {
    case Role::Owner: return "may do everything";
    case Role::Author: return "writes entries, and decides about mentions";
    case Role::Moderator: return "decides about mentions";
    }
    return {};
}

bool may(Role role, Action action)
{
    switch (role) {
    case Role::Owner: return true;
    case Role::Author: return right_of(action).author;
    case Role::Moderator: return right_of(action).moderator;
    }
    return false;
}

std::string_view to_word(Scope scope)
{
    switch (scope) {
    case Scope::Read: return "read";
    case Scope::Moderate: return "moderate";
    case Scope::Write: return "write";
    }
    return {};
}

std::string_view sentence_of(Scope scope)
{
    switch (scope) {
    case Scope::Read: return "read mentions, entries and what was sent";
    case Scope::Moderate: return "decide about mentions";
    case Scope::Write: return "write entries, and tell targets again";
    }
    return {};
}

std::span<Scope const> all_scopes() { return known_scopes; }

std::string Scopes::str() const
{
    std::string words;
    for (Scope const scope : known_scopes)
        if (has(scope))
            words.append(words.empty() ? "" : " ").append(to_word(scope));
    return words;
}

std::optional<Scopes> Scopes::parse(std::string_view words)
{
    Scopes set;
    for (std::string_view const part : split(words, ','))
        for (std::string_view const word : split(part, ' ')) {
            if (word.empty())
                continue;
            bool known = false;
            for (Scope const scope : known_scopes)
                if (to_word(scope) == word) {
                    set.add(scope);
                    known = true;
                }
            if (!known)
                return std::nullopt;
        }
    if (set.empty())
        return std::nullopt;
    return set;
}

bool covers(Scopes scopes, Action action)
{
    std::optional<Scope> const needed = right_of(action).scope;
    return needed && scopes.has(*needed);
}

}  // namespace backtalk::accounts
