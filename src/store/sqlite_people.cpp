#include "store/sqlite_people.h"

#include <fmt/format.h>

#include "app/change_keys.h"
#include "store/people_rows.h"

// Users, links that work once, and what was done. Sessions and tokens: sqlite_sessions.cpp.
namespace backtalk::store {

namespace {

constexpr std::int64_t activities_max = 100'000;
constexpr std::int64_t failed_sign_ins_max = 10'000;

/// Somebody must be left who may do everything.
Result<void> refuse_without_owner(Transaction& transaction)
{
    Query query = transaction.db.query("SELECT count(*) FROM user WHERE role = ?");
    query.bind(to_word(Role::Owner));
    bool const is_left = query.next() && query.integer(0) > 0;
    TRY_DONE(query.finished());
    if (!is_left)
        return failure(ErrorCode::Conflict, "this is the last owner: make somebody else an owner first");
    return {};
}

Result<std::optional<User>> only_user(Query& query)
{
    if (!query.next()) {
        TRY_DONE(query.finished());
        return std::nullopt;
    }
    TRY(User user, read_user(query));
    return user;
}

/// A statement that changes one user by its id, which comes last.
Result<void> change_user(Transaction& transaction, UserId id, Query& update)
{
    TRY_DONE(require_user(transaction.db, id));
    update.bind(id.value);
    TRY_DONE(update.run());
    transaction.changed.push_back(key_of_people());
    return {};
}

}  // namespace

Result<User> read_user(Query const& row, int first)
{
    TRY(UserName name, UserName::parse(row.text(first + 1)));
    TRY(Role const role, known(accounts::role_named(row.text(first + 2)), "role"));
    User user(UserId(row.integer(first)), std::move(name), role);
    user.password = row.string(first + 3);
    user.totp_secret = row.string(first + 4);
    user.totp_step = row.integer(first + 5);
    user.added = instant(row.integer(first + 6));
    user.signed_in = instant_or_never(row.integer(first + 7));
    return user;
}

Result<User> require_user(Connection& db, UserId id)
{
    Query query = db.query("SELECT " BACKTALK_USER_COLUMNS " FROM user u WHERE u.id = ?");
    query.bind(id.value);
    TRY(std::optional<User> user, only_user(query));
    if (!user)
        return failure(ErrorCode::NotFound, "there is no such user any more: see backtalk user list");
    return *std::move(user);
}

Result<User> insert_user(Transaction& transaction, UserName const& name, Role role, std::string_view password)
{
    Query taken = transaction.db.query("SELECT 1 FROM user WHERE name_key = ?");
    taken.bind(name.key());
    if (taken.next())
        return failure(ErrorCode::Conflict, fmt::format("there is a user {} already: see backtalk user list", name.str()));
    TRY_DONE(taken.finished());
    Query insert = transaction.db.query("INSERT INTO user (name, name_key, role, password, totp_secret, totp_step, added, signed_in) "
                                        "VALUES (?, ?, ?, ?, '', 0, ?, 0)");
    insert.bind(name.str()).bind(name.key()).bind(to_word(role)).bind(password).bind(seconds(transaction.now));
    TRY_DONE(insert.run());
    transaction.changed.push_back(key_of_people());
    User user(UserId(transaction.db.last_insert_id()), name, role);
    user.password = password;
    user.added = transaction.now;
    return user;
}

Result<void> replace_password(Transaction& transaction, UserId id, std::string_view password, std::optional<SessionId> keep)
{
    Query update = transaction.db.query("UPDATE user SET password = ? WHERE id = ?");
    update.bind(password);
    TRY_DONE(change_user(transaction, id, update));
    TRY_DONE(delete_sessions(transaction, id, keep));
    return transaction.db.query("DELETE FROM setup_link WHERE user_id = ?").bind(id.value).run();
}

Result<std::vector<User>> SqlitePeople::users()
{
    return database_.read([](Connection& db) -> Result<std::vector<User>> {
        std::vector<User> users;
        Query query = db.query("SELECT " BACKTALK_USER_COLUMNS " FROM user u ORDER BY u.name_key");
        while (query.next()) {
            TRY(User user, read_user(query));
            users.push_back(std::move(user));
        }
        TRY_DONE(query.finished());
        return users;
    });
}

Result<std::optional<User>> SqlitePeople::user(UserId id)
{
    return database_.read([id](Connection& db) {
        Query query = db.query("SELECT " BACKTALK_USER_COLUMNS " FROM user u WHERE u.id = ?");
        query.bind(id.value);
        return only_user(query);
    });
}

Result<std::optional<User>> SqlitePeople::user(UserName const& name)
{
    return database_.read([&](Connection& db) {
        Query query = db.query("SELECT " BACKTALK_USER_COLUMNS " FROM user u WHERE u.name_key = ?");
        query.bind(name.key());
        return only_user(query);
    });
}

Task<Result<User>> SqlitePeople::add_user(UserName name, Role role, std::string password)
{
    return database_.write<User>([name = std::move(name), role, password = std::move(password)](
                                     Transaction& transaction) { return insert_user(transaction, name, role, password); });
}

Task<Result<void>> SqlitePeople::set_role(UserId id, Role role)
{
    return database_.write<void>([id, role](Transaction& transaction) -> Result<void> {
        Query update = transaction.db.query("UPDATE user SET role = ? WHERE id = ?");
        update.bind(to_word(role));
        TRY_DONE(change_user(transaction, id, update));
        return refuse_without_owner(transaction);
    });
}

Task<Result<void>> SqlitePeople::remove_user(UserId id)
{
    return database_.write<void>([id](Transaction& transaction) -> Result<void> {
        Query remove = transaction.db.query("DELETE FROM user WHERE id = ?");
        TRY_DONE(change_user(transaction, id, remove));
        return refuse_without_owner(transaction);
    });
}

Task<Result<void>> SqlitePeople::set_password(UserId id, std::string password, std::optional<SessionId> keep)
{
    return database_.write<void>(
        [id, password = std::move(password), keep](Transaction& transaction) { return replace_password(transaction, id, password, keep); });
}

Task<Result<void>> SqlitePeople::renew_password_hash(UserId id, std::string password)
{
    return database_.write<void>([id, password = std::move(password)](Transaction& transaction) {
        Query update = transaction.db.query("UPDATE user SET password = ? WHERE id = ?");
        update.bind(password);
        return change_user(transaction, id, update);
    });
}

Task<Result<void>> SqlitePeople::set_totp(UserId id, std::string secret, std::int64_t step, std::vector<std::string> recovery_hashes)
{
    return database_.write<void>(
        [id, secret = std::move(secret), step, hashes = std::move(recovery_hashes)](Transaction& transaction) -> Result<void> {
            Query update = transaction.db.query("UPDATE user SET totp_secret = ?, totp_step = ? WHERE id = ?");
            update.bind(secret).bind(step);
            TRY_DONE(change_user(transaction, id, update));
            TRY_DONE(transaction.db.query("DELETE FROM recovery_code WHERE user_id = ?").bind(id.value).run());
            for (std::string const& hash : hashes) {
                Query insert = transaction.db.query("INSERT INTO recovery_code (user_id, code_hash) VALUES (?, ?)");
                TRY_DONE(insert.bind(id.value).bind(hash).run());
            }
            return {};
        });
}

Task<Result<bool>> SqlitePeople::take_totp_step(UserId id, std::int64_t step)
{
    return database_.write<bool>([id, step](Transaction& transaction) -> Result<bool> {
        Query update = transaction.db.query("UPDATE user SET totp_step = ?1 WHERE id = ?2 AND totp_step < ?1");
        TRY_DONE(update.bind(step).bind(id.value).run());
        transaction.changed.push_back(key_of_people());
        return transaction.db.changes() == 1;
    });
}

Task<Result<bool>> SqlitePeople::take_recovery_code(UserId id, std::string hash)
{
    return database_.write<bool>([id, hash = std::move(hash)](Transaction& transaction) -> Result<bool> {
        Query remove = transaction.db.query("DELETE FROM recovery_code WHERE user_id = ? AND code_hash = ?");
        TRY_DONE(remove.bind(id.value).bind(hash).run());
        return transaction.db.changes() == 1;
    });
}

Result<std::int64_t> SqlitePeople::recovery_codes_left(UserId id)
{
    return database_.read([id](Connection& db) -> Result<std::int64_t> {
        Query query = db.query("SELECT count(*) FROM recovery_code WHERE user_id = ?");
        query.bind(id.value);
        std::int64_t const left = query.next() ? query.integer(0) : 0;
        TRY_DONE(query.finished());
        return left;
    });
}

Task<Result<void>> SqlitePeople::add_setup_link(std::string token_hash, std::optional<UserId> user, Instant expires)
{
    return database_.write<void>([hash = std::move(token_hash), user, expires](Transaction& transaction) -> Result<void> {
        std::optional<std::int64_t> const id = user ? std::optional(user->value) : std::nullopt;
        if (user)
            TRY_DONE(require_user(transaction.db, *user));
        Query remove = transaction.db.query("DELETE FROM setup_link WHERE user_id IS ? OR expires < ?");
        TRY_DONE(remove.bind(id).bind(seconds(transaction.now)).run());
        Query insert = transaction.db.query("INSERT INTO setup_link (token_hash, user_id, expires) VALUES (?, ?, ?)");
        return insert.bind(hash).bind(id).bind(seconds(expires)).run();
    });
}

Result<std::optional<SetupLink>> SqlitePeople::setup_link(std::string token_hash)
{
    return database_.read([&](Connection& db) -> Result<std::optional<SetupLink>> {
        Query query = db.query("SELECT user_id FROM setup_link WHERE token_hash = ? AND expires >= ?");
        query.bind(token_hash).bind(seconds(database_.clock().now()));
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        return SetupLink(query.is_null(0) ? std::nullopt : std::optional(UserId(query.integer(0))));
    });
}

Task<Result<User>> SqlitePeople::use_setup_link(std::string token_hash, std::optional<UserName> name, std::string password)
{
    return database_.write<User>(
        [hash = std::move(token_hash), name = std::move(name), password = std::move(password)](Transaction& transaction) -> Result<User> {
            Query link = transaction.db.query("DELETE FROM setup_link WHERE token_hash = ? AND expires >= ? RETURNING user_id");
            link.bind(hash).bind(seconds(transaction.now));
            if (!link.next()) {
                TRY_DONE(link.finished());
                return failure(ErrorCode::NotFound, "the link was used, or has expired");
            }
            std::optional<UserId> const id = link.is_null(0) ? std::nullopt : std::optional(UserId(link.integer(0)));
            TRY_DONE(link.run());
            if (id) {
                TRY_DONE(replace_password(transaction, *id, password, std::nullopt));
                return require_user(transaction.db, *id);
            }
            Query anybody = transaction.db.query("SELECT 1 FROM user");
            if (anybody.next() || !name)
                return failure(ErrorCode::Conflict, "this weblog has an owner by now");
            TRY_DONE(anybody.finished());
            return insert_user(transaction, *name, Role::Owner, password);
        });
}

Result<OtherWaysIn> SqlitePeople::other_ways_in(UserId user)
{
    return database_.read([user](Connection& db) -> Result<OtherWaysIn> {
        Query query = db.query("SELECT (SELECT count(*) FROM app_token WHERE user_id = ?1), "
                               "EXISTS (SELECT 1 FROM digest WHERE user_id = ?1 AND feed_hash <> '')");
        OtherWaysIn ways;
        if (query.bind(user.value).next())
            ways = OtherWaysIn{query.integer(0), query.integer(1) != 0};
        TRY_DONE(query.finished());
        return ways;
    });
}

Task<Result<void>> SqlitePeople::close_other_ways_in(UserId user)
{
    return database_.write<void>([user](Transaction& transaction) -> Result<void> {
        TRY_DONE(transaction.db.query("DELETE FROM app_token WHERE user_id = ?").bind(user.value).run());
        transaction.changed.push_back(key_of_people());
        return transaction.db.query("UPDATE digest SET feed_hash = '' WHERE user_id = ?").bind(user.value).run();
    });
}

Task<Result<void>> SqlitePeople::note(Activity activity)
{
    return database_.write<void>([activity = std::move(activity)](Transaction& transaction) -> Result<void> {
        Query insert = transaction.db.query("INSERT INTO activity (at, user_id, who, what, subject, address) VALUES (?, ?, ?, ?, ?, ?)");
        insert.bind(seconds(transaction.now)).bind(activity.who.user ? std::optional(activity.who.user->value) : std::nullopt);
        TRY_DONE(insert.bind(activity.who.name).bind(activity.what).bind(activity.subject).bind(activity.who.address).run());
        Query forget = transaction.db.query("DELETE FROM activity WHERE id <= ?");
        return forget.bind(transaction.db.last_insert_id() - activities_max).run();
    });
}

Task<Result<void>> SqlitePeople::note_failed_sign_in(std::string subject, Visitor visitor)
{
    return database_.write<void>([subject = std::move(subject), visitor = std::move(visitor)](Transaction& transaction) -> Result<void> {
        std::int64_t const now = seconds(transaction.now);
        Query count =
            transaction.db.query("INSERT INTO failed_sign_in (hour, network, subject, address, at, times) VALUES (?, ?, ?, ?, ?, 1) "
                                 "ON CONFLICT (hour, network, subject) DO UPDATE SET "
                                 "address = excluded.address, at = excluded.at, times = times + 1");
        TRY_DONE(count.bind(now / 3600).bind(visitor.network).bind(subject).bind(visitor.address).bind(now).run());
        Query forget = transaction.db.query("DELETE FROM failed_sign_in WHERE id <= (SELECT max(id) FROM failed_sign_in) - ?");
        return forget.bind(failed_sign_ins_max).run();
    });
}

Result<std::vector<Activity>> SqlitePeople::activity(std::size_t limit, std::size_t offset)
{
    return database_.read([limit, offset](Connection& db) -> Result<std::vector<Activity>> {
        std::vector<Activity> all;
        // NB: not more of each than could be asked for, or every page would sort everything.
        Query query = db.query("SELECT user_id, who, address, what, subject, at, times FROM ("
                               "SELECT * FROM (SELECT user_id, who, address, what, subject, at, 1 AS times, id FROM activity "
                               "ORDER BY id DESC LIMIT ?1 + ?2) UNION ALL "
                               "SELECT * FROM (SELECT NULL, 'somebody', address, 'failed to sign in', subject, at, times, 0 FROM "
                               "failed_sign_in ORDER BY at DESC LIMIT ?1 + ?2)"
                               ") ORDER BY at DESC, id DESC LIMIT ?1 OFFSET ?2");
        query.bind(static_cast<std::int64_t>(limit)).bind(static_cast<std::int64_t>(offset));
        while (query.next()) {
            Actor who(query.is_null(0) ? std::nullopt : std::optional(UserId(query.integer(0))), query.string(1), query.string(2));
            Activity activity(std::move(who), query.string(3), query.string(4));
            activity.at = instant(query.integer(5));
            activity.times = query.integer(6);
            all.push_back(std::move(activity));
        }
        TRY_DONE(query.finished());
        return all;
    });
}

}  // namespace backtalk::store
