#include <fmt/format.h>

#include "app/receive_ping.h"

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

Task<TrackbackReceipt> PingReceiver::trackback(TrackbackRequest request)
{
    using trackback::Refusal;
    if (request.door.by != PingDoor::By::Page && request.door.subject.empty())
        co_return refusal(Refusal::NoId, {}, std::nullopt, "This ping URL does not say which entry it is for.");
    Result<std::optional<PingTarget>> const target = co_await target_at(request.site, request.door, request.sender_key);
    if (!target) {
        log_.error(fmt::format("a ping could not be taken: {}", target.error().text));
        co_return refusal(refusal_for(target.error().code), {}, std::nullopt, "Something is out of order here. Please try again later.");
    }
    if (!target->has_value())
        co_return refusal(Refusal::UnknownId, request.door.subject, std::nullopt, "No entry takes pings at this address.");
    EntryId const entry = (*target)->entry;

    PingSenderAddress sender{request.sender, request.sender_key};
    switch (take_from_limits(sender, entry)) {
    case Limit::None: break;
    case Limit::OfSender:
        co_return refusal(Refusal::Throttled, {}, entry, "Too many pings came from your address. Please try again in a minute.");
    case Limit::OfSource:
    case Limit::OfEntry:
        co_return refusal(Refusal::Throttled, {}, entry, "This entry is getting too many pings. Please try again in a minute.");
    }

    trackback::PingFields const fields = trackback::read_ping_fields(request.form, request.content_type);
    if (fields.url.empty())
        co_return refusal(Refusal::NoUrl, {}, entry, "Please give the address of your post.");
    Result<Url> source = trackback::repaired_source(fields.url);
    if (!source)
        co_return refusal(Refusal::BadUrl, fields.url, entry, "That is not the address of a web page.");
    if (!(*target)->takes_pings)
        co_return refusal(Refusal::Disabled, {}, entry, "This entry takes no pings.", source->str());
    Result<bool> const self = co_await is_entry_itself(request.site, *source, entry);
    if (self && *self)
        co_return refusal(Refusal::BadUrl, fields.url, entry, "That is the entry itself.", source->str());

    if (take_from_source(sender, *source) != Limit::None)
        co_return refusal(Refusal::Throttled, {}, entry, "Too many pings name that site. Please try again in a minute.", source->str());

    PingClaim claim(entry, Origin::Trackback, *source);
    claim.source_as_received = fields.url;
    claim.target_as_received = request.target;
    claim.title = trackback::title_or_substitute(fields);
    claim.excerpt = fields.excerpt;
    claim.blog_name = fields.blog_name;
    Result<PingId> const stored = co_await store(std::move(claim), std::move(sender));
    if (!stored)
        co_return refusal(
            refusal_for(stored.error().code), {}, entry, "Something is out of order here. Please try again later.", source->str());
    co_return TrackbackReceipt{trackback::accepted(), true, {}, entry, source->str()};
}

}  // namespace backtalk
