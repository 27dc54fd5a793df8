#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/moderation_store.h"
#include "app/people.h"

namespace backtalk {

/// How often somebody is told by mail of what is new in the inbox. At most; never without anything new.
enum class DigestRhythm { Off, Hourly, Daily };
std::string_view to_word(DigestRhythm rhythm);
std::optional<DigestRhythm> digest_rhythm_named(std::string_view word);
std::chrono::seconds period_of(DigestRhythm rhythm);

/// How somebody wants to be told.
struct DigestChoice {
    explicit DigestChoice(UserId the_user) : user(the_user) { }

    UserId user;
    DigestRhythm rhythm = DigestRhythm::Off;
    std::string address;    ///< A MailAddress; may be empty while it is off.
    std::string admin_url;  ///< Where the owner's pages were when they chose: "https://blog.example/admin/"; links of mails begin with it.
    bool has_feed = false;
    std::optional<Instant> mailed;  ///< The last one.
    int failures = 0;               ///< Since then.
    std::string problem;            ///< Why the last try failed; empty: it did not.
};

/// A mail that is under way: what it is about, the newest first, a campaign by its newest mention.
struct DigestMail {
    explicit DigestMail(DigestChoice the_choice) : choice(std::move(the_choice)) { }

    DigestChoice choice;
    std::string id;
    std::vector<MentionId> mentions;
};

/// What a link in a mail does, for whom.
struct DeedLink {
    DeedLink(UserId the_user, MentionId the_mention, Decision the_decision) : user(the_user), mention(the_mention), decision(the_decision)
    {
    }

    UserId user;
    MentionId mention;
    Decision decision;
    bool used = false;
};

struct NewDeedLink {
    std::string hash;  ///< SecretToken::hash()
    MentionId mention;
    Decision decision;
};

/// Who is told of what waits, what they were told, and what the links that they got are good for. Only hashes of secrets come here.
///
/// Errors: NotFound (no such user), Unavailable, Internal.
class DigestStore {
public:
    virtual ~DigestStore() = default;

    virtual Result<DigestChoice> digest(UserId user) = 0;
    virtual Task<Result<void>> choose_digest(DigestChoice choice) = 0;              ///< Its rhythm, address and admin_url.
    virtual Task<Result<void>> set_digest_feed(UserId user, std::string hash) = 0;  ///< Empty: none any more.
    virtual Result<std::optional<User>> digest_feed_owner(std::string_view hash) = 0;

    /// Who is to get a mail now: it is time, and something is held that they were not told of (or a mail was under way when we ended).
    virtual Result<std::vector<UserId>> due_digests(Instant now, std::size_t limit) = 0;
    virtual Result<std::optional<Instant>> next_digest_due() = 0;
    /// Begins their next mail, under the name `id`, and notes what it is about. If one was under way when we ended, it is that one, under
    /// its own name, without what was decided since. No mentions: there is nothing to tell.
    virtual Task<Result<DigestMail>> begin_digest(UserId user, std::string id) = 0;
    virtual Task<Result<void>> add_deed_links(UserId user, std::string mail, std::vector<NewDeedLink> links, Instant expires) = 0;
    /// They know of it now, for good.
    virtual Task<Result<void>> finish_digest(UserId user) = 0;
    /// It was not taken: its links are void, and what it was about is new again.
    virtual Task<Result<void>> put_off_digest(UserId user, std::string problem, Instant next_try) = 0;

    virtual Result<std::optional<DeedLink>> deed_link(std::string_view hash) = 0;  ///< Nothing once expired.
    virtual Task<Result<bool>> use_deed_link(std::string hash) = 0;                ///< False: it was used already.
};

}  // namespace backtalk
