#pragma once

#include "app/digest_store.h"
#include "app/due_queue.h"
#include "app/inbox.h"
#include "app/mail.h"
#include "app/site_directory.h"
#include "app/store.h"

namespace backtalk {

/// Tells people by mail of what is newly held: one mail for all of it, never more often than they chose, never of the same thing twice.
///
/// What a mail is about is on stable storage before it is sent. If the mail server refuses it, or is not there, it is news again and tried
/// later, with what came meanwhile. If we are killed between the server's yes and our note of it, the same mail is sent once more, under
/// the same Message-ID, by which mail programs know it.
class DigestSender final : public ChangeListener {
public:
    DigestSender(DigestStore& digests, Store& store, InboxStore& inbox, SiteDirectory const& sites, Mailer& mailer, Executor& executor,
        Clock const& clock, Log& log);

    void start() { queue_.start(); }
    void wake() { queue_.wake(); }
    void close() { queue_.close(); }
    std::size_t under_way() const { return queue_.under_way(); }
    void stop() { queue_.stop(); }

    void changed(std::span<std::string const> keys) override;

    static constexpr std::chrono::hours links_work{24 * 14};

private:
    static constexpr std::size_t items_in_a_mail = 50;

    DueQueue::Source source();
    Task<void> tell(UserId user);
    Task<Result<void>> try_to_tell(UserId user);
    /// The mail, and what its links are.
    struct Written {
        Mail mail;
        std::vector<NewDeedLink> links;
    };
    Result<Written> written(DigestMail const& digest, MailAddress const& sender);

    DigestStore& digests_;
    Store& store_;
    InboxStore& inbox_;
    SiteDirectory const& sites_;
    Mailer& mailer_;
    Clock const& clock_;
    Log& log_;
    DueQueue queue_;
};

}  // namespace backtalk
