#include "app/send_hooks.h"

#include <algorithm>
#include <array>

#include <sodium.h>

#include <fmt/format.h>

#include "app/backoff.h"
#include "app/change_keys.h"
#include "app/random_key.h"
#include "base/text.h"
#include "http/retry_after.h"
#include "webmention/hook_body.h"

namespace backtalk {

namespace {

constexpr std::chrono::seconds pause_max = std::chrono::hours(2);
constexpr std::chrono::seconds asked_pause_max = std::chrono::hours(24);
constexpr std::chrono::seconds pause_for_politeness{30};
constexpr std::chrono::seconds pause_after_store_trouble{60};
constexpr std::chrono::seconds given_up_after = std::chrono::hours(24);
constexpr std::size_t quoted_characters_max = 200;

/// What another server says, for our log and terminal.
std::string shown_words(std::string_view text) { return cut_at_word(without_controls(repaired_utf8(text)), quoted_characters_max); }

FetchRequest signed_post(Url const& receiver, std::string_view secret, std::string_view event, std::string_view delivery, std::string body)
{
    FetchRequest request(receiver);
    request.post = true;
    request.content_type = "application/json";
    request.accept = "*/*";
    request.more_headers.add("X-Backtalk-Event", event);
    request.more_headers.add("X-Backtalk-Delivery", delivery);
    request.more_headers.add("X-Backtalk-Signature", hook_signature(secret, body));
    request.body = std::move(body);
    return request;
}

/// The receiver refuses this message, and would refuse it again. NB: not 401, 403, 404, 405: a receiver that is being set up or moved
/// answers so, and its owner wants to hear nonetheless.
bool is_final_refusal(int status)
{
    constexpr std::array refusals = {400, 410, 413, 415, 422};
    return std::find(refusals.begin(), refusals.end(), status) != refusals.end();
}

std::string words_of(Fetched const& answer)
{
    std::string const note = fmt::format("HTTP {}", answer.status);
    if (answer.status / 100 == 2)
        return note;
    if (answer.status / 100 == 3)
        return fmt::format("{} to {}, and redirects of a POST are not followed: give that address to site set --hook-url", note,
            shown_words(answer.headers.get("Location").value_or("nowhere")));
    std::string const words = shown_words(answer.body);
    return words.empty() ? note : fmt::format("{}: {}", note, words);
}

HookOutcome outcome_of_silence(Error const& error, Instant now)
{
    HookOutcome outcome;
    outcome.state = HookState::Waiting;
    outcome.note = error.text;
    outcome.counts = error.code != ErrorCode::Busy;
    if (!outcome.counts)
        outcome.pause = now + pause_for_politeness;
    return outcome;
}

/// A mention as it could be, for a receiver to be tried with.
StoredMention sample_mention(Instant now)
{
    Url const source = Url::parse("https://source.example/a-test-of-your-web-hook").value();
    Listing listing;
    listing.title = "A test of your web hook";
    listing.author_name = "Backtalk";
    listing.content_text = "This mention is made up: backtalk hooks test has sent it.";
    StoredMention sample(MentionId(0), EntryId(0), Mention::stored(source, {}, MentionType::Mention, std::move(listing)));
    sample.source = source.str();
    sample.origins = {Origin::Webmention};
    sample.received = now;
    return sample;
}

}  // namespace

std::string hook_signature(std::string_view secret, std::string_view body)
{
    auto const bytes = [](std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); };
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
    crypto_auth_hmacsha256_update(&state, bytes(body), body.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code;
    crypto_auth_hmacsha256_final(&state, code.data());
    std::string signature = "sha256=";
    for (unsigned char const byte : code)
        signature += fmt::format("{:02x}", byte);
    return signature;
}

HookOutcome outcome_of_hook_answer(Fetched const& answer, Instant now)
{
    HookOutcome outcome;
    outcome.note = words_of(answer);
    if (answer.status / 100 == 2) {
        outcome.state = HookState::Delivered;
    } else if (!is_final_refusal(answer.status)) {
        outcome.state = HookState::Waiting;
        if (auto const asked = http::retry_after(answer.headers, now))
            outcome.pause = now + std::clamp(*asked, std::chrono::seconds(0), asked_pause_max);
    }
    return outcome;
}

HookSender::HookSender(Store& store, HookStore& hooks, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log)
    : store_(store), hooks_(hooks), fetcher_(fetcher), clock_(clock), log_(log), queue_("sending web hooks", source(), executor, clock, log)
{
}

DueQueue::Source HookSender::source()
{
    DueQueue::Source source;
    source.due = [this](Instant now, std::size_t limit) -> Result<std::vector<DueQueue::Job>> {
        std::vector<DueQueue::Job> jobs;
        if (now < rests_until_.load())
            return jobs;
        TRY(std::vector<Hook> const due, hooks_.due_hooks(now, limit));
        for (Hook const& hook : due) {
            TRY(std::optional<Site> const site, site_of(hook));
            auto const receiver = Url::parse(site ? site->hook_url : "");
            jobs.emplace_back(hook.id.value, receiver ? std::string(receiver->host()) : "", fmt::format("site {}", hook.site.value),
                [this, hook] { return deliver(hook); });
        }
        return jobs;
    };
    source.next = [this]() -> Result<std::optional<Instant>> {
        TRY(std::optional<Instant> const next, hooks_.next_hook_due());
        return next ? std::optional(std::max(*next, rests_until_.load())) : next;
    };
    source.put_off = [this](std::vector<std::int64_t> ids) { return put_off(std::move(ids)); };
    return source;
}

Task<void> HookSender::put_off(std::vector<std::int64_t> ids)
{
    if (Result<void> const done = co_await hooks_.put_off_hooks(std::move(ids), clock_.now() + std::chrono::seconds(15)); !done)
        log_.error(fmt::format("sending web hooks: {}", done.error().text));
}

void HookSender::changed(std::span<std::string const> keys)
{
    if (std::find(keys.begin(), keys.end(), key_of_hooks()) != keys.end())
        wake();
}

/// As the store has it now: what its owner has just changed is used at once.
Result<std::optional<Site>> HookSender::site_of(Hook const& hook)
{
    TRY(std::vector<Site> const sites, store_.sites());
    auto const site = std::find_if(sites.begin(), sites.end(), [&](Site const& each) { return each.id == hook.site; });
    return site == sites.end() ? std::nullopt : std::optional(*site);
}

/// What to send is decided by how the mention stands now: a deletion that is tried again by hand must not undo a later publication.
Result<FetchRequest> HookSender::request_of(Site const& site, Hook const& hook)
{
    TRY(Url const receiver, Url::parse(site.hook_url));
    TRY(std::optional<StoredMention> const mention, store_.mention(hook.mention));
    std::optional<Entry> entry;
    if (mention && mention->state == MentionState::Published) {
        TRY(entry, store_.entry(mention->entry));
    }
    std::string const target = site.base.at(hook.path).str();
    bool const is_shown = entry && has_page(entry->status) && entry->path == hook.path &&
        (mention->source.empty() ? mention->mention.url().str() : mention->source) == hook.source;
    if (!is_shown)
        return signed_post(receiver, site.hook_secret, to_word(HookEvent::Deleted), hook.delivery,
            webmention::hook_body_of_deletion(site.hook_secret, hook.source, target));
    HookEvent const event = hook.event == HookEvent::Deleted ? HookEvent::Published : hook.event;
    return signed_post(
        receiver, site.hook_secret, to_word(event), hook.delivery, webmention::hook_body(site.hook_secret, *mention, target));
}

Task<HookOutcome> HookSender::tell(Hook hook)
{
    HookOutcome outcome;
    Result<std::optional<Site>> const found = site_of(hook);
    if (!found)
        co_return outcome_of_silence(found.error(), clock_.now());
    std::optional<Site> const& site = *found;
    if (!site || site->hook_url.empty()) {
        outcome.note = "the site has no web hook any more";
        outcome.counts = false;
        co_return outcome;
    }
    Result<FetchRequest> request = request_of(*site, hook);
    if (!request)
        co_return outcome_of_silence(request.error(), clock_.now());
    Result<Fetched> const answer = co_await fetcher_.fetch(*std::move(request), Deadline::in(std::chrono::minutes(2)));
    Instant const now = clock_.now();
    outcome = answer ? outcome_of_hook_answer(*answer, now) : outcome_of_silence(answer.error(), now);
    if (outcome.state != HookState::Waiting || !outcome.counts)
        co_return outcome;
    // After giving up, too: those behind are not all to meet a receiver that is out of order at once.
    std::chrono::seconds pause = std::min(retry_delay(hook.attempts + 1).value_or(pause_max), pause_max);
    if (now - hook.queued >= given_up_after) {
        outcome.state = HookState::Failed;
        outcome.note = fmt::format("given up after {} attempts: {}", hook.attempts + 1, outcome.note);
        pause = *retry_delay(1);
    }
    outcome.pause = std::max(outcome.pause.value_or(now), now + pause);
    co_return outcome;
}

Task<void> HookSender::deliver(Hook hook)
{
    HookOutcome outcome = co_await tell(hook);
    std::string const told = fmt::format("web hook {} of mention {} ({}): {}: {}", hook.id.value, hook.mention.value, to_word(hook.event),
        to_word(outcome.state), outcome.note);
    HookState const state = outcome.state;
    Result<void> const kept = co_await hooks_.finish_hook(hook.id, std::move(outcome));
    if (!kept) {
        log_.error(fmt::format("{}: {}", told, kept.error().text));
        rests_until_ = clock_.now() + pause_after_store_trouble;
        co_return;
    }
    if (state == HookState::Delivered)
        delivered_.fetch_add(1, std::memory_order_relaxed);
    if (state == HookState::Failed)
        failed_.fetch_add(1, std::memory_order_relaxed);
    if (state == HookState::Failed)
        log_.error(told);
    else
        log_.info(told);
}

Task<Result<Fetched>> HookSender::test(Site site, Deadline deadline)
{
    if (site.hook_url.empty())
        co_return failure(ErrorCode::NotFound,
            fmt::format("{0} has no web hook: give it one by backtalk site set {0} --hook-url URL", site.base.url().str()));
    CO_TRY(Url const receiver, Url::parse(site.hook_url));
    std::string body = webmention::hook_body(site.hook_secret, sample_mention(clock_.now()), site.base.url().str());
    FetchRequest request = signed_post(receiver, site.hook_secret, "test", random_hex_key(), std::move(body));
    co_return co_await fetcher_.fetch(std::move(request), deadline);
}

}  // namespace backtalk
