#pragma once

#include <atomic>
#include <mutex>

#include "app/mail.h"
#include "app/settings.h"
#include "async/executor.h"

namespace backtalk {

/// Hands mail to one mail server, by libcurl. Each mail has a connection of its own, on a thread that is there for nothing else.
///
/// TLS is from the start for smtps:, by STARTTLS for smtp:. To another machine its certificate must be good, and no password goes out
/// without TLS. To this machine TLS is used where it is offered, and the certificate is not asked whom it is for: it is seldom for
/// "localhost", and nobody is in between. With mail.ca_file TLS is a must everywhere, and only that file vouches.
///
/// Errors: Refused (by the server, for good, or the user and password), Timeout, Unavailable. Their text says what to do, without a period.
class SmtpMailer final : public Mailer {
public:
    /// `folder`: what the files that settings name are relative to.
    SmtpMailer(Settings::Mail settings, std::string folder, Executor& executor)
        : settings_(std::move(settings)), folder_(std::move(folder)), executor_(executor)
    {
    }
    ~SmtpMailer() override { stop(); }

    std::optional<MailAddress> sender() const override;
    Task<Result<void>> send(Mail mail, Deadline deadline) override;
    void set(Settings::Mail settings);
    void stop() { stopping_ = true; }  ///< Ends what is under way; what comes later fails.

private:
    Settings::Mail settings() const;
    Result<void> hand_over(Mail const& mail, Deadline deadline);
    std::string path_of(std::string const& file) const;
    Result<std::string> password(Settings::Mail const& settings) const;

    mutable std::mutex mutex_;
    Settings::Mail settings_;
    std::string const folder_;
    Executor& executor_;
    std::atomic<bool> stopping_ = false;
    ThreadPool thread_{1, ThreadPool::Rank::Background};
};

}  // namespace backtalk
