#pragma once

#include <string>

#include "accounts/password.h"
#include "async/executor.h"
#include "async/task.h"
#include "base/result.h"

namespace backtalk {

/// Makes and checks the hashes of passwords, which take time and memory on purpose: on two threads of its own that step behind those
/// that serve visitors. Who waits resumes where it was, else on `work`.
///
/// Errors: Busy (too many wait already), Unavailable (no memory).
class PasswordWork {
public:
    explicit PasswordWork(Executor& work) : work_(work) { }

    Task<Result<std::string>> hash(accounts::Password password);
    /// accounts::verify_password()
    Task<Result<bool>> verify(std::string hash, std::string text);

    static constexpr std::size_t waiting_max = 16;

private:
    Result<void> refuse_if_busy() const;
    Executor& here() const;

    Executor& work_;
    ThreadPool threads_{2, ThreadPool::Rank::Background};
};

}  // namespace backtalk
