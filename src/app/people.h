#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "accounts/role.h"
#include "accounts/user_name.h"
#include "async/task.h"
#include "base/date.h"
#include "base/result.h"
#include "weblog/ids.h"

namespace backtalk {

using accounts::Role;
using accounts::Scopes;
using accounts::UserName;

using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using AppTokenId = Id<struct AppTokenTag>;

/// Somebody who may sign in.
struct User {
    User(UserId the_id, UserName the_name, Role the_role) : id(the_id), name(std::move(the_name)), role(the_role) { }

    UserId id;
    UserName name;
    Role role;
    std::string password;        ///< accounts::hash_password(); empty: none was chosen yet.
    std::string totp_secret;     ///< Base32; empty: no second factor.
    std::int64_t totp_step = 0;  ///< Of the last code that was taken.
    Instant added{};
    std::optional<Instant> signed_in;  ///< The last time.
};

/// From where somebody asks.
struct Visitor {
    Visitor(std::string the_address, std::string the_network, std::string the_user_agent)
        : address(std::move(the_address)), network(std::move(the_network)), user_agent(std::move(the_user_agent))
    {
    }
    std::string address;
    std::string network;  ///< Address::network(): what limits count by.
    std::string user_agent;
    std::string device;  ///< SignInAnswer::device of an earlier time, as the browser kept it. Empty: none.
};

struct Session {
    Session(SessionId the_id, UserId the_user) : id(the_id), user(the_user) { }

    SessionId id;
    UserId user;
    Instant started{};
    Instant seen{};  ///< To ten minutes.
    std::string address;
    std::string user_agent;
};

/// What a program signs in with.
struct AppToken {
    AppToken(AppTokenId the_id, UserId the_user) : id(the_id), user(the_user) { }

    AppTokenId id;
    UserId user;
    std::string name;  ///< What for, in its person's words.
    Scopes scopes;
    Instant added{};
    std::optional<Instant> used;  ///< The last time, to the hour.
};

/// What somebody has that opens something without their password: nobody but they can tell whether it leaked with it.
struct OtherWaysIn {
    std::int64_t tokens = 0;  ///< Of programs.
    bool has_feed = false;    ///< Of the digest, at its secret address.

    bool empty() const { return tokens == 0 && !has_feed; }
};

/// Who does something.
struct Actor {
    Actor(std::optional<UserId> the_user, std::string the_name, std::string the_address)
        : user(the_user), name(std::move(the_name)), address(std::move(the_address))
    {
    }
    static Actor command_line() { return Actor(std::nullopt, "command line", ""); }

    std::optional<UserId> user;  ///< Nobody who signed in: the command line, or who tried in vain.
    std::string name;
    std::string address;  ///< Of the network; empty for the command line.
};

/// Who did what, on what: "ada · approved · mention 17".
struct Activity {
    Activity(Actor the_actor, std::string the_deed, std::string the_subject)
        : who(std::move(the_actor)), what(std::move(the_deed)), subject(std::move(the_subject))
    {
    }
    Actor who;            ///< As it was then.
    std::string what;     ///< In the past tense: "signed in", "approved"
    std::string subject;  ///< "mention 17 by http://…"; may be empty.
    Instant at{};         ///< Given by the store.
    std::int64_t times = 1;
};

/// What a link that works once is for: a person chooses a password, or (without one) becomes the first owner.
struct SetupLink {
    explicit SetupLink(std::optional<UserId> the_user) : user(the_user) { }
    std::optional<UserId> user;
};

/// Who may sign in, with what, and what they did; on stable storage. Tokens come and go as hashes (accounts/secret_token.h). Reads block on
/// the disk for a moment and belong on work threads; writes end when they are on stable storage, and publish key_of_people().
///
/// Errors: NotFound, Conflict (a name is taken; the last owner would be gone), Unavailable, Internal.
class People {
public:
    virtual ~People() = default;

    // Users
    virtual Result<std::vector<User>> users() = 0;  ///< By name.
    virtual Result<std::optional<User>> user(UserId id) = 0;
    virtual Result<std::optional<User>> user(UserName const& name) = 0;
    virtual Task<Result<User>> add_user(UserName name, Role role, std::string password) = 0;
    virtual Task<Result<void>> set_role(UserId id, Role role) = 0;
    virtual Task<Result<void>> remove_user(UserId id) = 0;
    /// Ends all sessions but `keep`, and takes back the links that let somebody choose one, or decide by a mail.
    virtual Task<Result<void>> set_password(UserId id, std::string password, std::optional<SessionId> keep) = 0;
    /// The same password, hashed anew: nothing else changes.
    virtual Task<Result<void>> renew_password_hash(UserId id, std::string password) = 0;
    /// With the hashes of its recovery codes. `step`: of the code by which it was shown to be right; neither it nor one before is taken
    /// again. An empty secret: no second factor any more.
    virtual Task<Result<void>> set_totp(UserId id, std::string secret, std::int64_t step, std::vector<std::string> recovery_hashes) = 0;
    /// False if a code of that step or a later one was taken already.
    virtual Task<Result<bool>> take_totp_step(UserId id, std::int64_t step) = 0;
    /// False if it is none of the user's, or was used.
    virtual Task<Result<bool>> take_recovery_code(UserId id, std::string hash) = 0;
    virtual Result<std::int64_t> recovery_codes_left(UserId id) = 0;

    // Sessions
    virtual Task<Result<Session>> start_session(UserId user, std::string token_hash, Visitor visitor) = 0;
    virtual Result<std::optional<std::pair<Session, User>>> session(std::string token_hash) = 0;
    virtual Result<std::vector<Session>> sessions(UserId user) = 0;  ///< The last seen first.
    virtual Task<Result<void>> note_seen(SessionId id) = 0;
    virtual Task<Result<void>> end_session(UserId user, SessionId id) = 0;
    /// All but `keep`, and the links of mails that decide without a session.
    virtual Task<Result<void>> end_sessions(UserId user, std::optional<SessionId> keep) = 0;
    virtual Task<Result<void>> purge_sessions(Instant started_before, Instant seen_before) = 0;

    // Tokens of programs
    virtual Task<Result<AppToken>> add_app_token(UserId user, std::string name, Scopes scopes, std::string token_hash) = 0;
    virtual Result<std::vector<AppToken>> app_tokens(std::optional<UserId> user) = 0;
    virtual Result<std::optional<std::pair<AppToken, User>>> app_token(std::string token_hash) = 0;
    virtual Task<Result<void>> note_used(AppTokenId id) = 0;
    virtual Task<Result<void>> remove_app_token(std::optional<UserId> of, AppTokenId id) = 0;
    virtual Result<OtherWaysIn> other_ways_in(UserId user) = 0;
    virtual Task<Result<void>> close_other_ways_in(UserId user) = 0;

    // Links that work once. A new one takes the place of others for the same purpose.
    virtual Task<Result<void>> add_setup_link(std::string token_hash, std::optional<UserId> user, Instant expires) = 0;
    virtual Result<std::optional<SetupLink>> setup_link(std::string token_hash) = 0;  ///< Nothing once expired.
    /// Uses up the link: sets the password of its user, or adds `name` as the first owner. Errors: NotFound (used, expired), Conflict
    /// (there is a user by now).
    virtual Task<Result<User>> use_setup_link(std::string token_hash, std::optional<UserName> name, std::string password) = 0;

    // Activity: the newest 100,000
    virtual Task<Result<void>> note(Activity activity) = 0;
    /// Somebody failed to sign in; `subject`: "as ada". One Activity for each network, subject and hour, the newest 10,000 of them.
    virtual Task<Result<void>> note_failed_sign_in(std::string subject, Visitor visitor) = 0;
    virtual Result<std::vector<Activity>> activity(std::size_t limit, std::size_t offset) = 0;  ///< Newest first.
};

}  // namespace backtalk
