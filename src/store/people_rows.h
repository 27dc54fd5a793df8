#pragma once

#include "app/people.h"
#include "store/rows.h"

namespace backtalk::store {

#define BACKTALK_USER_COLUMNS "u.id, u.name, u.role, u.password, u.totp_secret, u.totp_step, u.added, u.signed_in"
inline constexpr int user_columns = 8;

/// A row whose columns from `first` on are BACKTALK_USER_COLUMNS.
Result<User> read_user(Query const& row, int first = 0);
/// Errors: NotFound.
Result<User> require_user(Connection& db, UserId id);
/// Errors: Conflict (the name is taken).
Result<User> insert_user(Transaction& transaction, UserName const& name, Role role, std::string_view password);
/// All but `keep`, and with them the links in mails by which somebody decides without a session.
Result<void> delete_sessions(Transaction& transaction, UserId user, std::optional<SessionId> keep);
/// Sets it, ends all sessions but `keep`, and takes back the links that let somebody choose one.
Result<void> replace_password(Transaction& transaction, UserId id, std::string_view password, std::optional<SessionId> keep);

/// Seconds since 1970, where 0 means never.
inline std::optional<Instant> instant_or_never(std::int64_t seconds_since_1970)
{
    return seconds_since_1970 == 0 ? std::nullopt : std::optional(instant(seconds_since_1970));
}

}  // namespace backtalk::store
