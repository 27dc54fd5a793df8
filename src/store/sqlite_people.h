#pragma once

#include "app/people.h"
#include "store/database.h"

namespace backtalk::store {

/// The people of one database file.
class SqlitePeople final : public People {
public:
    explicit SqlitePeople(Database& database) : database_(database) { }

    Result<std::vector<User>> users() override;
    Result<std::optional<User>> user(UserId id) override;
    Result<std::optional<User>> user(UserName const& name) override;
    Task<Result<User>> add_user(UserName name, Role role, std::string password) override;
    Task<Result<void>> set_role(UserId id, Role role) override;
    Task<Result<void>> remove_user(UserId id) override;
    Task<Result<void>> set_password(UserId id, std::string password, std::optional<SessionId> keep) override;
    Task<Result<void>> renew_password_hash(UserId id, std::string password) override;
    Task<Result<void>> set_totp(UserId id, std::string secret, std::int64_t step, std::vector<std::string> recovery_hashes) override;
    Task<Result<bool>> take_totp_step(UserId id, std::int64_t step) override;
    Task<Result<bool>> take_recovery_code(UserId id, std::string hash) override;
    Result<std::int64_t> recovery_codes_left(UserId id) override;

    Task<Result<Session>> start_session(UserId user, std::string token_hash, Visitor visitor) override;
    Result<std::optional<std::pair<Session, User>>> session(std::string token_hash) override;
    Result<std::vector<Session>> sessions(UserId user) override;
    Task<Result<void>> note_seen(SessionId id) override;
    Task<Result<void>> end_session(UserId user, SessionId id) override;
    Task<Result<void>> end_sessions(UserId user, std::optional<SessionId> keep) override;
    Task<Result<void>> purge_sessions(Instant started_before, Instant seen_before) override;

    Task<Result<AppToken>> add_app_token(UserId user, std::string name, Scopes scopes, std::string token_hash) override;
    Result<std::vector<AppToken>> app_tokens(std::optional<UserId> user) override;
    Result<std::optional<std::pair<AppToken, User>>> app_token(std::string token_hash) override;
    Task<Result<void>> note_used(AppTokenId id) override;
    Task<Result<void>> remove_app_token(std::optional<UserId> of, AppTokenId id) override;

    Task<Result<void>> add_setup_link(std::string token_hash, std::optional<UserId> user, Instant expires) override;
    Result<std::optional<SetupLink>> setup_link(std::string token_hash) override;
    Task<Result<User>> use_setup_link(std::string token_hash, std::optional<UserName> name, std::string password) override;

    Result<OtherWaysIn> other_ways_in(UserId user) override;
    Task<Result<void>> close_other_ways_in(UserId user) override;

    Task<Result<void>> note(Activity activity) override;
    Task<Result<void>> note_failed_sign_in(std::string subject, Visitor visitor) override;
    Result<std::vector<Activity>> activity(std::size_t limit, std::size_t offset) override;

private:
    Database& database_;
};

}  // namespace backtalk::store
