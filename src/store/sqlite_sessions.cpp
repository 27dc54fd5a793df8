#include "app/change_keys.h"
#include "store/people_rows.h"
#include "store/sqlite_people.h"

// Sessions of people and tokens of programs. Users: sqlite_people.cpp.
namespace backtalk::store {

namespace {

#define BACKTALK_SESSION_COLUMNS "s.id, s.user_id, s.started, s.seen, s.address, s.user_agent"
constexpr int session_columns = 6;
#define BACKTALK_TOKEN_COLUMNS "t.id, t.user_id, t.name, t.scopes, t.added, t.used"
constexpr int token_columns = 6;

Session read_session(Query const& row)
{
    Session session(SessionId(row.integer(0)), UserId(row.integer(1)));
    session.started = instant(row.integer(2));
    session.seen = instant(row.integer(3));
    session.address = row.string(4);
    session.user_agent = row.string(5);
    return session;
}

Result<AppToken> read_token(Query const& row)
{
    AppToken token(AppTokenId(row.integer(0)), UserId(row.integer(1)));
    token.name = row.string(2);
    TRY(token.scopes, known(Scopes::parse(row.text(3)), "scope"));
    token.added = instant(row.integer(4));
    token.used = instant_or_never(row.integer(5));
    return token;
}

}  // namespace

Result<void> delete_sessions(Transaction& transaction, UserId user, std::optional<SessionId> keep)
{
    Query remove = transaction.db.query("DELETE FROM session WHERE user_id = ? AND id <> ?");
    TRY_DONE(remove.bind(user.value).bind(keep.value_or(SessionId(0)).value).run());
    return transaction.db.query("DELETE FROM deed_link WHERE user_id = ?").bind(user.value).run();
}

Task<Result<Session>> SqlitePeople::start_session(UserId user, std::string token_hash, Visitor visitor)
{
    return database_.write<Session>(
        [user, hash = std::move(token_hash), visitor = std::move(visitor)](Transaction& transaction) -> Result<Session> {
            TRY_DONE(require_user(transaction.db, user));
            std::int64_t const now = seconds(transaction.now);
            Query insert = transaction.db.query(
                "INSERT INTO session (user_id, token_hash, started, seen, address, user_agent) VALUES (?, ?, ?, ?, ?, ?)");
            TRY_DONE(insert.bind(user.value).bind(hash).bind(now).bind(now).bind(visitor.address).bind(visitor.user_agent).run());
            Session session(SessionId(transaction.db.last_insert_id()), user);
            session.started = session.seen = transaction.now;
            session.address = visitor.address;
            session.user_agent = visitor.user_agent;
            TRY_DONE(transaction.db.query("UPDATE user SET signed_in = ? WHERE id = ?").bind(now).bind(user.value).run());
            transaction.changed.push_back(key_of_people());
            return session;
        });
}

Result<std::optional<std::pair<Session, User>>> SqlitePeople::session(std::string token_hash)
{
    return database_.read([&](Connection& db) -> Result<std::optional<std::pair<Session, User>>> {
        Query query = db.query("SELECT " BACKTALK_SESSION_COLUMNS ", " BACKTALK_USER_COLUMNS
                               " FROM session s JOIN user u ON u.id = s.user_id WHERE s.token_hash = ?");
        query.bind(token_hash);
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(User user, read_user(query, session_columns));
        return std::pair(read_session(query), std::move(user));
    });
}

Result<std::vector<Session>> SqlitePeople::sessions(UserId user)
{
    return database_.read([user](Connection& db) -> Result<std::vector<Session>> {
        std::vector<Session> sessions;
        Query query = db.query("SELECT " BACKTALK_SESSION_COLUMNS " FROM session s WHERE s.user_id = ? ORDER BY s.seen DESC, s.id DESC");
        query.bind(user.value);
        while (query.next())
            sessions.push_back(read_session(query));
        TRY_DONE(query.finished());
        return sessions;
    });
}

Task<Result<void>> SqlitePeople::note_seen(SessionId id)
{
    return database_.write<void>([id](Transaction& transaction) -> Result<void> {
        Query update = transaction.db.query("UPDATE session SET seen = ? WHERE id = ?");
        TRY_DONE(update.bind(seconds(transaction.now)).bind(id.value).run());
        transaction.changed.push_back(key_of_people());
        return {};
    });
}

Task<Result<void>> SqlitePeople::end_session(UserId user, SessionId id)
{
    return database_.write<void>([user, id](Transaction& transaction) -> Result<void> {
        Query remove = transaction.db.query("DELETE FROM session WHERE user_id = ? AND id = ?");
        TRY_DONE(remove.bind(user.value).bind(id.value).run());
        transaction.changed.push_back(key_of_people());
        return {};
    });
}

Task<Result<void>> SqlitePeople::end_sessions(UserId user, std::optional<SessionId> keep)
{
    return database_.write<void>([user, keep](Transaction& transaction) -> Result<void> {
        TRY_DONE(delete_sessions(transaction, user, keep));
        transaction.changed.push_back(key_of_people());
        return {};
    });
}

Task<Result<void>> SqlitePeople::purge_sessions(Instant started_before, Instant seen_before)
{
    return database_.write<void>([started_before, seen_before](Transaction& transaction) {
        Query remove = transaction.db.query("DELETE FROM session WHERE started < ? OR seen < ?");
        return remove.bind(seconds(started_before)).bind(seconds(seen_before)).run();
    });
}

Task<Result<AppToken>> SqlitePeople::add_app_token(UserId user, std::string name, Scopes scopes, std::string token_hash)
{
    return database_.write<AppToken>(
        [user, name = std::move(name), scopes, hash = std::move(token_hash)](Transaction& transaction) -> Result<AppToken> {
            TRY_DONE(require_user(transaction.db, user));
            Query insert =
                transaction.db.query("INSERT INTO app_token (user_id, name, token_hash, scopes, added, used) VALUES (?, ?, ?, ?, ?, 0)");
            TRY_DONE(insert.bind(user.value).bind(name).bind(hash).bind(scopes.str()).bind(seconds(transaction.now)).run());
            AppToken token(AppTokenId(transaction.db.last_insert_id()), user);
            token.name = name;
            token.scopes = scopes;
            token.added = transaction.now;
            transaction.changed.push_back(key_of_people());
            return token;
        });
}

Result<std::vector<AppToken>> SqlitePeople::app_tokens(std::optional<UserId> user)
{
    return database_.read([user](Connection& db) -> Result<std::vector<AppToken>> {
        std::vector<AppToken> tokens;
        Query query = db.query("SELECT " BACKTALK_TOKEN_COLUMNS " FROM app_token t WHERE ?1 IS NULL OR t.user_id = ?1 ORDER BY t.id");
        query.bind(user ? std::optional(user->value) : std::nullopt);
        while (query.next()) {
            TRY(AppToken token, read_token(query));
            tokens.push_back(std::move(token));
        }
        TRY_DONE(query.finished());
        return tokens;
    });
}

Result<std::optional<std::pair<AppToken, User>>> SqlitePeople::app_token(std::string token_hash)
{
    return database_.read([&](Connection& db) -> Result<std::optional<std::pair<AppToken, User>>> {
        Query query = db.query("SELECT " BACKTALK_TOKEN_COLUMNS ", " BACKTALK_USER_COLUMNS
                               " FROM app_token t JOIN user u ON u.id = t.user_id WHERE t.token_hash = ?");
        query.bind(token_hash);
        if (!query.next()) {
            TRY_DONE(query.finished());
            return std::nullopt;
        }
        TRY(AppToken token, read_token(query));
        TRY(User user, read_user(query, token_columns));
        return std::pair(std::move(token), std::move(user));
    });
}

Task<Result<void>> SqlitePeople::note_used(AppTokenId id)
{
    return database_.write<void>([id](Transaction& transaction) {
        Query update = transaction.db.query("UPDATE app_token SET used = ? WHERE id = ?");
        return update.bind(seconds(transaction.now)).bind(id.value).run();
    });
}

Task<Result<void>> SqlitePeople::remove_app_token(std::optional<UserId> of, AppTokenId id)
{
    return database_.write<void>([of, id](Transaction& transaction) -> Result<void> {
        Query remove = transaction.db.query("DELETE FROM app_token WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)");
        TRY_DONE(remove.bind(id.value).bind(of ? std::optional(of->value) : std::nullopt).run());
        if (transaction.db.changes() == 0)
            return failure(ErrorCode::NotFound, "there is no such token: see backtalk token list");
        transaction.changed.push_back(key_of_people());
        return {};
    });
}

}  // namespace backtalk::store
