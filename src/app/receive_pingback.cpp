#include <algorithm>

#include <fmt/format.h>

#include "app/receive_ping.h"
#include "async/completion.h"
#include "pingback/fault.h"

namespace backtalk {

namespace {

using pingback::FaultCode;

std::unexpected<xmlrpc::Fault> refused(FaultCode code) { return std::unexpected(pingback::fault(code)); }

std::unexpected<xmlrpc::Fault> refused(FaultCode code, std::string text)
{
    return std::unexpected(xmlrpc::Fault(static_cast<int>(code), std::move(text)));
}

std::unexpected<xmlrpc::Fault> trouble() { return refused(FaultCode::Unknown, "Something is out of order here. Please try again later."); }

}  // namespace

Task<PingbackReceipt> PingReceiver::pingback(pingback::Claim claim, PingSenderAddress sender)
{
    Url const page = claim.target.without_fragment();
    std::shared_ptr<Site const> const site = sites_.find_holding(page);
    std::optional<PingDoor> const door = site ? door_of_page(*site, page) : std::nullopt;
    // NB: another server's page, and a page of ours that is no entry, cannot be targets here; only of an entry's address is it
    // certain that nothing is there. Of an external site the home page is a page as any other.
    if (!door || (door->subject.empty() && site->kind == SiteKind::Hosted))
        co_return refused(FaultCode::TargetUnusable);
    Result<std::optional<PingTarget>> const target = co_await target_at(site, *door, sender.key);
    if (!target)
        co_return trouble();
    if (!target->has_value())
        co_return refused(FaultCode::TargetNotFound);
    EntryId const entry = (*target)->entry;
    if (!(*target)->takes_pings)
        co_return refused(FaultCode::TargetUnusable, "The target takes no pings.");
    Result<bool> const self = co_await is_entry_itself(site, claim.source, entry);
    if (!self)
        co_return trouble();
    if (*self)
        co_return refused(FaultCode::TargetUnusable, "The source is the target itself.");
    Result<std::optional<MentionId>> const known = co_await registered(entry, claim.source);
    if (!known)
        co_return trouble();
    if (take_from_limits(sender, entry) != Limit::None || take_from_source(sender, claim.source) != Limit::None)
        co_return refused(FaultCode::AccessDenied, "Too many pings came in a short time. Please try again in a minute.");

    if (known->has_value()) {
        // Nothing new is claimed, but senders have no other way to say that they changed or deleted their page.
        std::vector<MentionId> const mention{**known};
        Result<void> const again = co_await store_.recheck_mentions(mention);
        if (!again)
            co_return trouble();
        wake_checker_();
        co_return refused(FaultCode::AlreadyRegistered);
    }
    PingClaim ping(entry, Origin::Pingback, claim.source);
    ping.source_as_received = claim.source_as_received;
    ping.target_as_received = claim.target_as_received;
    Result<PingId> const stored = co_await store(std::move(ping), std::move(sender));
    if (!stored)
        co_return trouble();
    co_return fmt::format("Accepted: {} will be fetched, and is shown if it links to {}.", claim.source.str(), page.str());
}

/// The mention by this source, if it stands and was announced by Pingback before.
Task<Result<std::optional<MentionId>>> PingReceiver::registered(EntryId entry, Url source)
{
    co_await resume_on(work_);
    CO_TRY(std::optional<StoredMention> const known, store_.mention_by_source(entry, comparison_key(source)));
    if (!known || known->state == MentionState::Gone)
        co_return std::nullopt;
    bool const by_pingback = std::find(known->origins.begin(), known->origins.end(), Origin::Pingback) != known->origins.end();
    co_return by_pingback ? std::optional(known->id) : std::nullopt;
}

}  // namespace backtalk
