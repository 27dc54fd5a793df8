#pragma once

#include "app/digest_store.h"
#include "store/database.h"

namespace backtalk::store {

/// The digests of one database file.
class SqliteDigest final : public DigestStore {
public:
    explicit SqliteDigest(Database& database) : database_(database) { }

    Result<DigestChoice> digest(UserId user) override;
    Task<Result<void>> choose_digest(DigestChoice choice) override;
    Task<Result<void>> set_digest_feed(UserId user, std::string hash) override;
    Result<std::optional<User>> digest_feed_owner(std::string_view hash) override;
    Result<std::vector<UserId>> due_digests(Instant now, std::size_t limit) override;
    Result<std::optional<Instant>> next_digest_due() override;
    Task<Result<DigestMail>> begin_digest(UserId user, std::string id) override;
    Task<Result<void>> add_deed_links(UserId user, std::string mail, std::vector<NewDeedLink> links, Instant expires) override;
    Task<Result<void>> finish_digest(UserId user) override;
    Task<Result<void>> put_off_digest(UserId user, std::string problem, Instant next_try) override;
    Result<std::optional<DeedLink>> deed_link(std::string_view hash) override;
    Task<Result<bool>> use_deed_link(std::string hash) override;

private:
    Database& database_;
};

}  // namespace backtalk::store
