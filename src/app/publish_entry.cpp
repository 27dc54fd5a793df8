#include "app/publish_entry.h"

#include <fmt/format.h>

#include "app/entry_html.h"
#include "base/text.h"
#include "weblog/path_key.h"
#include "weblog/slug.h"
#include "weblog/time_zone.h"

namespace backtalk {

namespace {

/// "permalink: /about/" or the whole URL, as a path below the site's base.
Result<std::string> wanted_path(Site const& site, FrontMatter const& front)
{
    if (!front.permalink)
        return std::string();
    TRY(Url const url, site.base.url().resolve(*front.permalink));
    std::optional<std::string> path = site.base.relative(url);
    if (!path || path->empty())
        return failure(ErrorCode::Malformed,
            fmt::format("permalink: '{}' is not a page of {}: give a path of the site, for example /about/", *front.permalink,
                site.base.url().str()));
    return *std::move(path);
}

/// A file without a title in front may have it as its first heading, which then is no part of the text.
void take_title_from_heading(TextFormat format, EntryDraft& draft)
{
    if (format != TextFormat::Markdown || !draft.body.starts_with("# "))
        return;
    auto const end = std::min(draft.body.find('\n'), draft.body.size());
    draft.title = std::string(trimmed(std::string_view(draft.body).substr(2, end - 2)));
    draft.body.erase(0, std::min(draft.body.find_first_not_of('\n', end), draft.body.size()));
}

Result<void> apply(FrontMatter const& front, Site const& site, Instant now, EntryDraft& draft)
{
    if (front.title)
        draft.title = *front.title;
    TRY(TimeZone const zone, TimeZone::named(site.time_zone));
    if (front.date) {
        draft.published = front.date->has_zone ? front.date->instant : zone.from_local(civil_time(front.date->instant));
        draft.offset = front.date->has_zone ? front.date->offset : zone.offset_at_utc(draft.published);
    } else if (draft.published == Instant()) {
        draft.published = now;
        draft.offset = zone.offset_at_utc(now);
    }
    if (front.slug)
        draft.slug = slug_of(*front.slug);
    else if (draft.slug.empty())
        draft.slug = slug_of(draft.title);
    if (!front.categories.empty())
        draft.categories = labels_of(front.categories);
    if (!front.tags.empty())
        draft.tags = labels_of(front.tags);
    if (front.excerpt)
        draft.excerpt = *front.excerpt;
    if (front.author)
        draft.author = *front.author;
    else if (draft.author.empty())
        draft.author = site.author;
    if (!front.trackbacks.empty())
        draft.trackbacks = front.trackbacks;
    if (front.in_reply_to)
        draft.in_reply_to = *front.in_reply_to;
    if (front.status)
        draft.status = *front.status;
    if (draft.status == EntryStatus::Published && draft.published > now)
        draft.status = EntryStatus::Scheduled;
    return {};
}

std::vector<std::string> warnings_of(FrontMatter const& front)
{
    std::vector<std::string> warnings;
    for (std::string const& key : front.unknown_keys)
        warnings.push_back(fmt::format("front matter: the key '{}' is not known and was ignored", key));
    return warnings;
}

}  // namespace

Task<Result<Publisher::Published>> Publisher::announced(std::shared_ptr<Site const> site, Entry entry, std::vector<std::string> warnings)
{
    CO_TRY_DONE(co_await sender_.announce(entry));
    Url address = permalink(*site, entry);
    Published published{std::move(entry), std::move(address), std::move(warnings)};
    co_return published;
}

Task<Result<Publisher::Published>> Publisher::add(std::shared_ptr<Site const> site, std::string file, TextFormat format, As as)
{
    CO_TRY(ParsedEntryFile parsed, read_entry_file(file));
    FrontMatter const& front = parsed.front_matter;
    EntryDraft draft;
    draft.format = format;
    draft.body = std::move(parsed.body);
    if (!front.title)
        take_title_from_heading(format, draft);
    if (draft.title.empty() && !front.title && trimmed(draft.body).empty())
        co_return failure(ErrorCode::Malformed, "the file has neither a title nor a text: write one");
    CO_TRY_DONE(apply(front, *site, clock_.now(), draft));
    if (as == As::Draft)
        draft.status = EntryStatus::Draft;
    WantedIds wanted;
    if (front.id)
        wanted.id = EntryId(*front.id);
    wanted.trackback_id = front.trackback_id;
    CO_TRY(wanted.path, wanted_path(*site, front));
    CO_TRY(Entry entry, co_await store_.add_entry(site->id, std::move(draft), std::move(wanted)));
    std::vector<std::string> warnings = warnings_of(front);
    co_return co_await announced(std::move(site), std::move(entry), std::move(warnings));
}

Task<Result<Publisher::Published>> Publisher::edit(EntryId id, std::string file, TextFormat format)
{
    CO_TRY(std::optional<Entry> const before, store_.entry(id));
    std::shared_ptr<Site const> site = before ? sites_.find(before->site) : nullptr;
    if (!site)
        co_return failure(ErrorCode::NotFound, fmt::format("there is no entry {}: see backtalk entry list", id.value));
    CO_TRY(ParsedEntryFile parsed, read_entry_file(file));
    FrontMatter const& front = parsed.front_matter;
    if (front.id && *front.id != id.value)
        co_return failure(
            ErrorCode::Refused, fmt::format("the file says id {}, but entry {} is to be edited: an id never changes", *front.id, id.value));
    if (front.trackback_id && *front.trackback_id != before->trackback_id)
        co_return failure(ErrorCode::Refused,
            fmt::format(
                "the file says trackback_id {}, but the entry has {}: it never changes", *front.trackback_id, before->trackback_id));
    EntryDraft draft = *before;
    draft.format = format;
    draft.body = std::move(parsed.body);
    draft.extended_body.clear();
    if (!front.title)
        take_title_from_heading(format, draft);
    CO_TRY_DONE(apply(front, *site, clock_.now(), draft));
    CO_TRY(std::string path, wanted_path(*site, front));
    CO_TRY(Entry entry, co_await store_.change_entry(id, std::move(draft), std::move(path)));
    std::vector<std::string> warnings = warnings_of(front);
    co_return co_await announced(std::move(site), std::move(entry), std::move(warnings));
}

Task<Result<Publisher::Published>> Publisher::write(std::shared_ptr<Site const> site, EntryDraft draft)
{
    CO_TRY(Entry entry, co_await store_.add_entry(site->id, std::move(draft), WantedIds()));
    std::vector<std::string> none;
    co_return co_await announced(std::move(site), std::move(entry), std::move(none));
}

Task<Result<Publisher::Published>> Publisher::rewrite(EntryId id, EntryDraft draft, std::string path, std::string seen)
{
    CO_TRY(Entry entry, co_await store_.change_entry(id, std::move(draft), std::move(path), std::move(seen)));
    std::shared_ptr<Site const> site = sites_.find(entry.site);
    if (!site)
        co_return failure(ErrorCode::NotFound, "the entry's site was removed: see backtalk site list");
    std::vector<std::string> none;
    co_return co_await announced(std::move(site), std::move(entry), std::move(none));
}

Task<Result<Publisher::Published>> Publisher::publish(EntryId id)
{
    CO_TRY(Entry entry, co_await store_.set_entry_status(id, EntryStatus::Published));
    std::shared_ptr<Site const> site = sites_.find(entry.site);
    if (!site)
        co_return failure(ErrorCode::NotFound, "the entry's site was removed: see backtalk site list");
    std::vector<std::string> none;
    co_return co_await announced(std::move(site), std::move(entry), std::move(none));
}

Task<Result<void>> Publisher::remove(EntryId id)
{
    CO_TRY(Entry entry, co_await store_.set_entry_status(id, EntryStatus::Deleted));
    co_return co_await sender_.announce(std::move(entry));
}

Task<Result<int>> Publisher::publish_due()
{
    CO_TRY(std::vector<EntryId> const due, store_.due_entries(clock_.now()));
    int count = 0;
    for (EntryId const id : due) {
        CO_TRY_DONE(co_await publish(id));
        ++count;
    }
    co_return count;
}

}  // namespace backtalk
