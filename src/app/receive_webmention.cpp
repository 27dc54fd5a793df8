#include <fmt/format.h>

#include "app/random_key.h"
#include "app/receive_ping.h"

namespace backtalk {

namespace {

WebmentionReceipt refusal(WebmentionReceipt::Outcome outcome, std::string message) { return {outcome, std::move(message), {}}; }

WebmentionReceipt trouble(Error const& error)
{
    using enum WebmentionReceipt::Outcome;
    return refusal(error.may_pass() ? Unavailable : Internal, "Something is out of order here. Please try again later.");
}

}  // namespace

Task<WebmentionReceipt> PingReceiver::webmention(webmention::Notification notification, PingSenderAddress sender)
{
    using enum WebmentionReceipt::Outcome;
    // R8: the fragment plays no part.
    Url const page = notification.target.without_fragment();
    std::shared_ptr<Site const> const site = sites_.find_holding(page);
    std::optional<PingDoor> const door = site ? door_of_page(*site, page) : std::nullopt;
    if (!door)
        co_return refusal(UnknownTarget, fmt::format("The target {} is no page of a site that is served here.", page.str()));
    Result<std::optional<PingTarget>> const target = co_await target_at(site, *door, sender.key);
    if (!target)
        co_return trouble(target.error());
    if (!target->has_value())
        co_return refusal(UnknownTarget, fmt::format("The target {} is no entry that takes Webmentions.", page.str()));
    EntryId const entry = (*target)->entry;
    if (!(*target)->takes_pings)
        co_return refusal(TakesNone, fmt::format("The target {} takes no Webmentions.", page.str()));
    Result<bool> const self = co_await is_entry_itself(site, notification.source, entry);
    if (!self)
        co_return trouble(self.error());
    if (*self)
        co_return refusal(OwnPage, "The source is the target itself.");
    if (take_from_limits(sender, entry) != Limit::None || take_from_source(sender, notification.source) != Limit::None)
        co_return refusal(Throttled, "Too many pings came in a short time. Please try again in a minute.");

    PingClaim claim(entry, Origin::Webmention, notification.source);
    claim.source_as_received = notification.source_as_received;
    claim.target_as_received = notification.target_as_received;
    claim.vouch = notification.vouch ? notification.vouch->str() : std::string();
    std::string key = random_hex_key();  // who was not told the status URL cannot find it
    claim.status_key = key;
    Result<PingId> const stored = co_await store(std::move(claim), std::move(sender));
    if (!stored)
        co_return trouble(stored.error());
    co_return WebmentionReceipt{Accepted, {}, std::move(key)};
}

}  // namespace backtalk
