#include "app/receive_ping.h"

#include <fmt/format.h>

#include "async/completion.h"

namespace backtalk {

namespace {

TrackbackReceipt refusal(
    trackback::Refusal reason, std::string_view subject, std::optional<EntryId> entry, std::string sentence, std::string source = {})
{
    return TrackbackReceipt{trackback::refused(reason, subject), false, std::move(sentence), entry, std::move(source)};
}

trackback::Refusal refusal_for(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Busy:
    case ErrorCode::Unavailable:
    case ErrorCode::Timeout: return trackback::Refusal::Overloaded;
    case ErrorCode::Malformed:
    case ErrorCode::Refused:
    case ErrorCode::NotFound:
    case ErrorCode::Gone:
    case ErrorCode::TooLarge:
    case ErrorCode::Conflict:
    case ErrorCode::Internal: break;
    }
    return trackback::Refusal::Internal;
}

}  // namespace

PingReceiver::PingReceiver(Store& store, PingTargets& targets, Executor& work, Clock const& clock, Log& log,
    Settings::Limits const& limits, std::function<void()> wake_checker)
    : store_(store), targets_(targets), work_(work), clock_(clock), log_(log), per_sender_(limits.pings_per_minute_per_sender),
      per_entry_(limits.pings_per_minute_per_entry), wake_checker_(std::move(wake_checker))
{
}

void PingReceiver::set_limits(Settings::Limits const& limits)
{
    per_sender_.set_rate(limits.pings_per_minute_per_sender);
    per_entry_.set_rate(limits.pings_per_minute_per_entry);
}

Task<TrackbackReceipt> PingReceiver::trackback(TrackbackRequest request)
{
    using trackback::Refusal;
    if (request.door.by != PingDoor::By::Page && request.door.subject.empty())
        co_return refusal(Refusal::NoId, {}, std::nullopt, "This ping URL does not say which entry it is for.");
    std::optional<PingTarget> target = targets_.remembered(*request.site, request.door);
    if (!target) {
        co_await resume_on(work_);
        Result<std::optional<PingTarget>> const found = targets_.find(*request.site, request.door);
        if (!found) {
            log_.error(fmt::format("a ping could not be taken: {}", found.error().text));
            co_return refusal(refusal_for(found.error().code), {}, std::nullopt, "Something is out of order here. Please try again later.");
        }
        target = *found;
    }
    if (!target)
        co_return refusal(Refusal::UnknownId, request.door.subject, std::nullopt, "No entry takes pings at this address.");
    EntryId const entry = target->entry;

    auto const now = std::chrono::steady_clock::now();
    std::string const entry_name = std::to_string(entry.value);
    // The sender's own limit comes first, so that a flood from one of them never uses up the entry's.
    if (!per_sender_.take(request.sender_key, now))
        co_return refusal(Refusal::Throttled, {}, entry, "Too many pings came from your address. Please try again in a minute.");
    if (!per_entry_.take(entry_name, now))
        co_return refusal(Refusal::Throttled, {}, entry, "This entry is getting too many pings. Please try again in a minute.");

    trackback::PingFields const fields = trackback::read_ping_fields(request.form, request.content_type);
    if (fields.url.empty())
        co_return refusal(Refusal::NoUrl, {}, entry, "Please give the address of your post.");
    Result<Url> source = trackback::repaired_source(fields.url);
    if (!source)
        co_return refusal(Refusal::BadUrl, fields.url, entry, "That is not the address of a web page.");
    if (!target->takes_pings)
        co_return refusal(Refusal::Disabled, {}, entry, "This entry takes no pings.", source->str());
    if (request.site->base.contains(*source))
        co_await resume_on(work_);
    Result<std::optional<AddressOwner>> const self = entry_at(store_, *request.site, *source);
    if (self && self->has_value() && (*self)->entry == entry)
        co_return refusal(Refusal::BadUrl, fields.url, entry, "That is the entry itself.", source->str());

    PingClaim claim(entry, Origin::Trackback, *source);
    claim.source_as_received = fields.url;
    claim.target_as_received = request.target;
    claim.title = trackback::title_or_substitute(fields);
    claim.excerpt = fields.excerpt;
    claim.blog_name = fields.blog_name;
    claim.sender = request.sender;
    claim.received = clock_.now();
    Result<PingId> const stored = co_await store_.add_ping(std::move(claim));
    if (!stored) {
        per_sender_.give_back(request.sender_key);
        per_entry_.give_back(entry_name);
        log_.error(fmt::format("a ping could not be stored: {}", stored.error().text));
        co_return refusal(refusal_for(stored.error().code), {}, entry, "Something is out of order here. Please try again later.",
            source->str());
    }
    log_.debug(fmt::format("ping {} for entry {} from {}: queued", stored->value, entry.value, source->str()));
    wake_checker_();
    co_return TrackbackReceipt{trackback::accepted(), true, {}, entry, source->str()};
}

}  // namespace backtalk
