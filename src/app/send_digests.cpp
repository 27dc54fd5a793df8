#include "app/send_digests.h"

#include <algorithm>

#include <fmt/format.h>

#include "accounts/secret_token.h"
#include "app/digest_text.h"
#include "app/random_key.h"
#include "base/text.h"

namespace backtalk {

namespace {

using accounts::SecretToken;
using accounts::TokenKind;

constexpr std::chrono::minutes time_for_a_mail{2};
constexpr std::chrono::minutes first_pause{5};
constexpr std::chrono::minutes pause_max{6 * 60};

/// 5 minutes, 10, 20 … 6 hours.
std::chrono::minutes pause_after(int failures) { return std::min(first_pause * (1 << std::clamp(failures, 0, 10)), pause_max); }

}  // namespace

std::string_view to_word(DigestRhythm rhythm)
{
    switch (rhythm) {
    case DigestRhythm::Off: return "off";
    case DigestRhythm::Hourly: return "hourly";
    case DigestRhythm::Daily: break;
    }
    return "daily";
}

std::optional<DigestRhythm> digest_rhythm_named(std::string_view word)
{
    using enum DigestRhythm;
    for (DigestRhythm const rhythm : {Off, Hourly, Daily})
        if (to_word(rhythm) == word)
            return rhythm;
    return std::nullopt;
}

std::chrono::seconds period_of(DigestRhythm rhythm)
{
    return rhythm == DigestRhythm::Daily ? std::chrono::hours(24) : std::chrono::hours(1);
}

DigestSender::DigestSender(DigestStore& digests, Store& store, InboxStore& inbox, SiteDirectory const& sites, Mailer& mailer,
    Executor& executor, Clock const& clock, Log& log)
    : digests_(digests), store_(store), inbox_(inbox), sites_(sites), mailer_(mailer), clock_(clock), log_(log),
      queue_("digest", source(), executor, clock, log)
{
}

DueQueue::Source DigestSender::source()
{
    DueQueue::Source source;
    source.due = [this](Instant now, std::size_t limit) -> Result<std::vector<DueQueue::Job>> {
        std::vector<DueQueue::Job> jobs;
        if (!mailer_.sender())
            return jobs;
        TRY(std::vector<UserId> const users, digests_.due_digests(now, limit));
        for (UserId const user : users)
            jobs.emplace_back(user.value, "", std::to_string(user.value), [this, user] { return tell(user); });
        return jobs;
    };
    source.next = [this]() -> Result<std::optional<Instant>> {
        if (!mailer_.sender())
            return std::nullopt;
        return digests_.next_digest_due();
    };
    // One mail server: whoever has to wait for the others is due again at once.
    source.put_off = [](std::vector<std::int64_t>) -> Task<void> { co_return; };
    return source;
}

void DigestSender::changed(std::span<std::string const> keys)
{
    if (std::ranges::any_of(keys, [](std::string const& key) { return key.starts_with("mentions:"); }))
        wake();
}

Task<void> DigestSender::tell(UserId user)
{
    Result<void> const told = co_await try_to_tell(user);
    if (!told)
        log_.error(fmt::format("digest for user {}: {}", user.value, told.error().text));
}

Task<Result<void>> DigestSender::try_to_tell(UserId user)
{
    std::optional<MailAddress> const sender = mailer_.sender();
    if (!sender)
        co_return Result<void>();
    CO_TRY(DigestMail const digest, co_await digests_.begin_digest(user, random_hex_key()));
    if (digest.mentions.empty())
        co_return Result<void>();
    Result<Written> made = written(digest, *sender);
    Result<void> sent;
    if (made) {
        std::vector<NewDeedLink> links = std::move(made->links);
        sent = co_await digests_.add_deed_links(user, digest.id, std::move(links), clock_.now() + links_work);
    } else {
        sent = std::unexpected(made.error());
    }
    if (sent) {
        Mail mail = std::move(made->mail);
        sent = co_await mailer_.send(std::move(mail), Deadline::in(time_for_a_mail));
    }
    if (sent)
        co_return co_await digests_.finish_digest(user);
    auto const pause = pause_after(digest.choice.failures);
    log_.warning(fmt::format("digest for {}: {}; tried again in {} minutes", digest.choice.address, sent.error().text, pause.count()));
    std::string problem = cut_at_word(without_controls(repaired_utf8(sent.error().text)), 300);
    co_return co_await digests_.put_off_digest(user, std::move(problem), clock_.now() + pause);
}

Result<DigestSender::Written> DigestSender::written(DigestMail const& digest, MailAddress const& sender)
{
    TRY(MailAddress receiver, MailAddress::parse(digest.choice.address));
    std::vector<DigestItem> items;
    std::vector<NewDeedLink> links;
    std::vector<std::string> titles;
    auto const link = [&](MentionId mention, Decision decision) {
        SecretToken const token = SecretToken::random();
        links.push_back({token.hash(TokenKind::DeedLink), mention, decision});
        return fmt::format("{}deed/{}", digest.choice.admin_url, token.str());
    };
    for (MentionId const id : digest.mentions) {
        if (items.size() == items_in_a_mail)
            break;
        TRY(std::optional<StoredMention> const stored, store_.mention(id));
        TRY(std::optional<Entry> const entry, stored ? store_.entry(stored->entry) : Result<std::optional<Entry>>(std::nullopt));
        if (!entry)
            continue;
        TRY(std::vector<MentionId> const alike, inbox_.held_alike(id));
        Listing const& listing = stored->mention.listing();
        std::string const url = stored->mention.url().str();
        DigestItem item;
        item.title = listing.title.empty() ? url : listing.title;
        item.from = listing.author_name.empty() ? listing.site_name : listing.author_name;
        item.about = entry->title.empty() ? entry->path : entry->title;
        item.url = url;
        item.excerpt = listing.excerpt;
        item.alike = alike.size();
        item.approve_url = link(id, Decision::Approve);
        item.reject_url = link(id, Decision::Reject);
        items.push_back(std::move(item));
        auto const site = sites_.find(entry->site);
        titles.push_back(site ? site->title : "");
    }
    bool const is_one_site = !titles.empty() && std::ranges::count(titles, titles.front()) == std::ssize(titles);
    DigestLetter letter = digest_letter(
        items, digest.mentions.size() - items.size(), is_one_site ? titles.front() : "", digest.choice.rhythm, digest.choice.admin_url);
    Written result{Mail(sender, std::move(receiver)), std::move(links)};
    result.mail.subject = std::move(letter.subject);
    result.mail.text = std::move(letter.text);
    result.mail.id = digest.id;
    result.mail.date = clock_.now();
    return result;
}

}  // namespace backtalk
