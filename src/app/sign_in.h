#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "accounts/secret_token.h"
#include "accounts/throttle.h"
#include "app/password_work.h"
#include "app/people.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/log.h"

namespace backtalk {

using accounts::SecretToken;

/// Who asks, by a cookie.
struct SignedIn {
    SignedIn(Session the_session, User the_user) : session(std::move(the_session)), user(std::move(the_user)) { }
    Session session;
    User user;
};

/// Who asks, by an application token.
struct Program {
    Program(AppToken the_token, User the_user) : token(std::move(the_token)), user(std::move(the_user)) { }
    AppToken token;
    User user;
};

/// How a try to sign in ended.
struct SignInAnswer {
    enum class Outcome {
        SignedIn,    ///< `token` is the new session's cookie.
        CodeWanted,  ///< The password is right; `token` goes to with_code(), within five minutes.
        Wrong,       ///< Name, password or code. Which, is nobody's business.
        Throttled,   ///< Not looked at; to be tried again after `wait`.
        Busy,        ///< The same, for a reason of ours.
        Failed,      ///< The store is out of order.
    };
    explicit SignInAnswer(Outcome the_outcome) : outcome(the_outcome) { }
    Outcome outcome;
    std::optional<SecretToken> token;
    std::string device;  ///< Of SignedIn: what shows, the next time, that this browser was signed in here (accounts::device_proof()).
    std::chrono::seconds wait{};
};

/// The door: from a name and a password to a session, and from a cookie to who is signed in.
///
/// A session ends 14 days after it was last used and 90 days after it began. Sessions are kept in memory too, and dropped whenever
/// something about people changes on disk. All members belong on work threads.
class SignIn final : public ChangeListener {
public:
    SignIn(People& people, PasswordWork& passwords, Clock const& clock, Log& log);

    /// Throttle, then password, then (where the user has one) the second factor, then a new session. `present`: the cookie of the request:
    /// a session that it opens ends.
    Task<SignInAnswer> with_password(std::string name, std::string password, Visitor visitor, std::optional<SecretToken> present);
    /// Six digits of an authenticator app, or a recovery code. After a few wrong ones the token is worth nothing.
    Task<SignInAnswer> with_code(SecretToken half, std::string code, Visitor visitor);
    /// Whether with_code() would take this token.
    bool is_half_way(SecretToken const& token);
    /// For who has just proved to be somebody in another way: a link that works once.
    Task<SignInAnswer> start_session(User user, Visitor visitor);

    /// Null: nobody.
    Task<Result<std::shared_ptr<SignedIn const>>> find(SecretToken cookie);
    /// By "bt_…" of an Authorization header. Null: none.
    Task<Result<std::shared_ptr<Program const>>> find_program(std::string text);
    Task<Result<void>> sign_out(SignedIn who, Visitor visitor);

    /// Whether `password` is that of somebody who is signed in, for what must not be done by who merely sits at their machine. Counts as a
    /// try to sign in, of that session. Errors: Refused (it is not), Busy (with when to try again), and the store's.
    Task<Result<void>> confirm(SignedIn who, std::string password);

    void changed(std::span<std::string const> keys) override;

    static constexpr std::chrono::hours idle_max{24 * 14};
    static constexpr std::chrono::hours age_max{24 * 90};

private:
    /// Who has given a right password, and not yet a code.
    struct HalfWay {
        UserId user;
        std::string password;  ///< The hash it was right for.
        Instant expires;
        int codes = 0;  ///< That were tried with it.
    };

    /// How a try at that name is counted; `user`: whose it is, if anybody's.
    Result<accounts::Attempt> attempt_at(std::string_view name, std::optional<User> const& user, Visitor const& visitor);

    Task<Result<bool>> takes_code(User user, std::string code);
    Task<Result<void>> end_present(std::optional<SecretToken> present);
    SecretToken remember_half(User const& user);
    std::optional<HalfWay> half(SecretToken const& token);
    /// Counts a code; false if that was one too many.
    bool count_code(SecretToken const& token);
    void forget_half(SecretToken const& token);

    People& people_;
    PasswordWork& passwords_;
    Clock const& clock_;
    Log& log_;
    accounts::Throttle throttle_;
    std::mutex mutex_;
    std::uint64_t version_ = 0;                                                  ///< Of what is known about people.
    std::unordered_map<std::string, std::shared_ptr<SignedIn const>> sessions_;  ///< By hash.
    std::unordered_map<std::string, HalfWay> half_ways_;                         ///< By hash.
};

/// "bt_" and the token, as its holder keeps it.
std::string application_token_text(SecretToken const& token);

}  // namespace backtalk
