#include "app/send_ping.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/addresses.h"
#include "app/entry_html.h"
#include "app/foreign_page.h"
#include "base/text.h"
#include "markup/page_links.h"

// What is to be told, to whom, and which version of it: the half of PingSender before the queue. The other half is in send_ping.cpp.

namespace backtalk {

namespace {

constexpr std::size_t responses_told_max = 1000;

bool tells(markup::LinkElement element)
{
    using enum markup::LinkElement;
    return element == A || element == Area || element == Blockquote || element == Q;
}

}  // namespace

std::vector<Url> targets_of(Site const& site, Entry const& entry)
{
    Url const self = permalink(site, entry);
    std::string const self_key = comparison_key(self);
    std::set<std::string> seen;
    std::vector<Url> targets;
    auto const add = [&](Url const& url) {
        if (!url.has_credentials() && comparison_key(url) != self_key && seen.insert(url.without_fragment().str()).second)
            targets.push_back(url);
    };
    for (std::string const& html : {body_html(entry), extended_html(entry)})
        for (markup::PageLink const& link : markup::links_of(html, self))
            if (tells(link.element))
                add(link.url);
    for (std::string const& wanted : entry.trackbacks)
        if (auto const url = Url::parse(wanted))
            add(*url);
    if (auto const url = Url::parse(entry.in_reply_to); !entry.in_reply_to.empty() && url)
        add(*url);
    return targets;
}

std::string text_version(Site const& site, Entry const& entry)
{
    std::uint64_t text = stable_hash(permalink(site, entry).str());
    for (std::string const* const part : {&entry.title, &entry.body, &entry.extended_body, &entry.excerpt, &entry.in_reply_to})
        text = stable_hash(*part, stable_hash("|", text));
    return fmt::format("{:016x}", text);
}

Result<SentVersion> PingSender::version_of(Site const& site, Entry const& entry)
{
    if (!has_page(entry.status))
        return SentVersion("deleted", "");
    MentionQuery query;
    query.entry = entry.id;
    query.states = {MentionState::Published};
    query.oldest_first = true;
    query.limit = responses_told_max;
    TRY(std::vector<StoredMention> const mentions, store_.mentions(query));
    std::set<std::string> responses;
    for (StoredMention const& mention : mentions) {
        responses.insert(mention.mention.url().str());
        // What another site shows of ours is nothing new to anybody: two sites that show each other would never come to rest.
        for (NestedResponse const& nested : mention.mention.listing().responses)
            if (auto const url = Url::parse(nested.url); url && !sites_.find_holding(*url))
                responses.insert(nested.url);
    }
    std::uint64_t shown = stable_hash("responses");
    for (std::string const& each : responses)
        shown = stable_hash(each, stable_hash("|", shown));
    return SentVersion(text_version(site, entry), responses.empty() ? "" : fmt::format("{:016x}", shown));
}

/// Without the entry itself, whichever of its addresses is named.
Result<std::vector<Url>> PingSender::others_of(Site const& site, EntryId entry, std::vector<Url> targets)
{
    std::vector<Url> others;
    for (Url& target : targets) {
        TRY(std::optional<AddressOwner> const owner, entry_at(store_, site, target));
        if (!owner || owner->entry != entry)
            others.push_back(std::move(target));
    }
    return others;
}

Task<Result<void>> PingSender::announce(Entry entry)
{
    auto const site = sites_.find(entry.site);
    bool const is_gone = entry.status == EntryStatus::Deleted;
    if (!site || (entry.status != EntryStatus::Published && !is_gone))
        co_return Result<void>();
    if (site->kind == SiteKind::External && !is_gone) {
        CO_TRY_DONE(co_await announce_page(std::move(entry)));
        co_return Result<void>();
    }
    CO_TRY(std::vector<Url> targets, others_of(*site, entry.id, is_gone ? std::vector<Url>() : targets_of(*site, entry)));
    CO_TRY(SentVersion version, version_of(*site, entry));
    Result<void> const queued = co_await store_.queue_sent(entry.id, std::move(targets), std::move(version));
    wake();
    co_return queued;
}

Task<Result<EntryId>> PingSender::announce_page(Entry entry, std::chrono::seconds wait)
{
    auto const site = sites_.find(entry.site);
    if (!site)
        co_return failure(ErrorCode::NotFound, "the entry's site was removed: see backtalk site list");
    Url const address = permalink(*site, entry);
    FetchRequest request(address);
    CO_TRY(Fetched const fetched, co_await fetcher_.fetch(std::move(request), Deadline::in(std::chrono::minutes(2))));
    int const status = fetched.status;
    bool const is_gone = status == 404 || status == 410;
    if (is_gone && entry.status != EntryStatus::Draft) {
        // NB: a 404 may be a mistake of the site, so the entry stays; whoever is told looks for himself.
        if (status == 410)
            CO_TRY_DONE(co_await store_.set_entry_status(entry.id, EntryStatus::Deleted));
        std::vector<Url> none;
        SentVersion deleted("deleted", "");
        CO_TRY_DONE(co_await store_.queue_sent(entry.id, std::move(none), std::move(deleted), wait));
        wake();
        co_return entry.id;
    }
    if (status < 200 || status >= 300)
        co_return failure(is_gone                                 ? ErrorCode::NotFound
                : status == 408 || status == 429 || status >= 500 ? ErrorCode::Unavailable
                                                                  : ErrorCode::Refused,
            fmt::format("{} answers HTTP {}: give the address of a page that is there", address.str(), status));
    if (!site->base.contains(fetched.url))
        co_return failure(ErrorCode::Refused, fmt::format("{} leads to another site: {}", address.str(), fetched.url.str()));
    CO_TRY(ForeignPage page, read_foreign_page(fetched));

    EntryDraft draft = entry;
    draft.title = page.title;
    draft.excerpt = page.excerpt;
    if (page.published) {
        draft.published = page.published->instant;
        draft.offset = page.published->offset;
    }
    std::string path = door_of_page(*site, canonical_address(*site, fetched.url, page.url))->subject;
    CO_TRY(EntryId const id, co_await store_.settle_page(entry.id, std::move(draft), std::move(path)));
    CO_TRY(std::vector<Url> targets, others_of(*site, id, std::move(page.targets)));
    // NB: of responses nothing: what the page shows of them, and when, only its own site knows.
    SentVersion version(std::move(page.version), "");
    CO_TRY_DONE(co_await store_.queue_sent(id, std::move(targets), std::move(version), wait));
    wake();
    co_return id;
}

Task<Result<void>> PingSender::announce_responses(EntryId id)
{
    CO_TRY(std::vector<Sent> const told, store_.sent_of(id));
    bool const by_webmention =
        std::any_of(told.begin(), told.end(), [](Sent const& sent) { return sent.linked && sent.last.protocol == "webmention"; });
    if (!by_webmention)
        co_return Result<void>();
    CO_TRY(std::optional<Entry> entry, store_.entry(id));
    auto const site = entry ? sites_.find(entry->site) : nullptr;
    if (!site || site->kind == SiteKind::External)
        co_return Result<void>();
    co_return co_await announce(*std::move(entry));
}

}  // namespace backtalk
