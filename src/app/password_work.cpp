#include "app/password_work.h"

#include "async/completion.h"

namespace backtalk {

Result<void> PasswordWork::refuse_if_busy() const
{
    if (threads_.backlog() >= waiting_max)
        return failure(ErrorCode::Busy, "too many people sign in at this moment: try again in a few seconds");
    return {};
}

Executor& PasswordWork::here() const
{
    Executor* const executor = current_executor();
    return executor ? *executor : work_;
}

Task<Result<std::string>> PasswordWork::hash(accounts::Password password)
{
    CO_TRY_DONE(refuse_if_busy());
    Executor& back = here();
    co_await resume_on(threads_);
    Result<std::string> hash = accounts::hash_password(password);
    co_await resume_on(back);
    co_return hash;
}

Task<Result<bool>> PasswordWork::verify(std::string hash, std::string text)
{
    CO_TRY_DONE(refuse_if_busy());
    Executor& back = here();
    co_await resume_on(threads_);
    bool const is_right = accounts::verify_password(hash, text);
    co_await resume_on(back);
    co_return is_right;
}

}  // namespace backtalk
