#include <fmt/format.h>

#include "app/entry_html.h"
#include "async/task_group.h"
#include "base/text.h"
#include "cli/commands.h"
#include "weblog/front_matter.h"

namespace backtalk::cli {

namespace {

constexpr std::uint64_t entry_file_bytes_max = 16u << 20;

TextFormat format_of(std::string const& path)
{
    std::string const lower = ascii_lower(path);
    return lower.ends_with(".html") || lower.ends_with(".htm") ? TextFormat::Html : TextFormat::Markdown;
}

JsonLine json_of(Site const& site, Entry const& entry)
{
    JsonLine line;
    line.add("id", entry.id.value)
        .add("url", permalink(site, entry).str())
        .add("trackback_id", entry.trackback_id)
        .add("trackback_url", ping_url(site, entry).str());
    line.add("status", to_word(entry.status))
        .add("title", entry.title)
        .add("published", rfc3339(entry.published, entry.offset))
        .add("author", entry.author);
    std::vector<std::string> categories;
    std::vector<std::string> tags;
    for (Label const& label : entry.categories)
        categories.push_back(label.name);
    for (Label const& label : entry.tags)
        tags.push_back(label.name);
    return line.add_list("categories", categories).add_list("tags", tags);
}

void print_published(
    Options const& options, Streams& streams, Site const& site, Publisher::Published const& published, std::string_view name)
{
    for (std::string const& warning : published.warnings)
        if (!options.quiet)
            streams.error(fmt::format("backtalk: {}: {}\n", name, warning));
    streams.print(options.json ? json_of(site, published.entry).str() : published.permalink.str() + "\n");
}

Result<std::shared_ptr<Site const>> site_of(Home& home, EntryId id)
{
    TRY(std::optional<Entry> const entry, home.store.entry(id));
    auto site = entry ? home.sites.find(entry->site) : nullptr;
    if (!site)
        return failure(ErrorCode::NotFound, fmt::format("there is no entry {}: see backtalk entry list", id.value));
    return site;
}

/// Texts belong to sites that are rendered here.
Result<void> refuse_external(Site const& site)
{
    if (site.kind == SiteKind::Hosted)
        return {};
    return failure(ErrorCode::Refused,
        fmt::format("{} is an external site, whose entries are its own pages: tell of them by backtalk send URL", site.base.url().str()));
}

Result<void> add(Home& home, Options const& options, Streams& streams)
{
    TRY(auto const site, chosen_site(home, options));
    TRY_DONE(refuse_external(*site));
    for (std::string const& path : options.words) {
        auto const added = [&]() -> Result<Publisher::Published> {
            TRY(std::string file, streams.read_file(path, entry_file_bytes_max));
            auto const as = options.draft ? Publisher::As::Draft : Publisher::As::FrontMatterSays;
            return run_blocking(home.pool, home.publisher.add(site, std::move(file), format_of(path), as));
        }();
        if (!added)
            return failure(added.error().code,
                added.error().text.find(path) == std::string::npos ? fmt::format("{}: {}", path, added.error().text) : added.error().text);
        print_published(options, streams, *site, *added, path);
    }
    return {};
}

Result<void> list(Home& home, Options const& options, Streams& streams)
{
    TRY(auto const site, chosen_site(home, options));
    EntryQuery query(site->id);
    query.statuses.clear();
    if (auto const status = entry_status_named(options.state))
        query.statuses = {*status};
    else if (site->kind == SiteKind::External)
        query.statuses = {EntryStatus::Published};  // strangers name drafts there, and nobody has seen those
    std::size_t left = options.limit.value_or(SIZE_MAX);
    while (left > 0) {
        query.limit = std::min<std::size_t>(left, 200);
        TRY(std::vector<Entry> const entries, home.store.entries(query));
        for (Entry const& entry : entries) {
            if (options.json)
                streams.print(json_of(*site, entry).str());
            else
                streams.print(fmt::format("{:>6}  {}  {:<9}  {}\n", entry.id.value, rfc3339(entry.published, entry.offset).substr(0, 10),
                    to_word(entry.status), entry.title));
        }
        query.offset += entries.size();
        left -= entries.size();
        if (entries.size() < query.limit)
            break;
    }
    return {};
}

Result<void> show(Home& home, Options const& options, Streams& streams, EntryId id)
{
    TRY(auto const site, site_of(home, id));
    TRY(std::optional<Entry> const entry, home.store.entry(id));
    if (options.json) {
        streams.print(json_of(*site, *entry)
                .add("format", to_word(entry->format))
                .add("body", entry->body)
                .add("extended_body", entry->extended_body)
                .add("excerpt", entry->excerpt)
                .str());
        return {};
    }
    FrontMatter front;
    front.title = entry->title;
    front.date = ZonedTime{entry->published, entry->offset, true};
    front.slug = entry->slug;
    for (Label const& label : entry->categories)
        front.categories.push_back(label.name);
    for (Label const& label : entry->tags)
        front.tags.push_back(label.name);
    front.status = entry->status;
    if (!entry->excerpt.empty())
        front.excerpt = entry->excerpt;
    if (!entry->author.empty())
        front.author = entry->author;
    front.id = entry->id.value;
    front.trackback_id = entry->trackback_id;
    front.permalink = permalink(*site, *entry).str();
    front.trackbacks = entry->trackbacks;
    if (!entry->in_reply_to.empty())
        front.in_reply_to = entry->in_reply_to;
    streams.print(
        front_matter_yaml(front) + "\n" + entry->body + (entry->extended_body.empty() ? "" : "\n\n" + entry->extended_body) + "\n");
    return {};
}

}  // namespace

Result<void> run_entry_command(Home& home, Options const& options, Streams& streams)
{
    if (options.command == "entry add")
        return add(home, options, streams);
    if (options.command == "entry list")
        return list(home, options, streams);
    EntryId const id(options.ids.front());
    if (options.command == "entry show")
        return show(home, options, streams, id);
    TRY(auto const site, site_of(home, id));
    if (options.command == "entry edit") {
        TRY_DONE(refuse_external(*site));
        std::string const& path = options.words.front();
        TRY(std::string file, streams.read_file(path, entry_file_bytes_max));
        TRY(Publisher::Published const published, run_blocking(home.pool, home.publisher.edit(id, std::move(file), format_of(path))));
        print_published(options, streams, *site, published, path);
    } else if (options.command == "entry publish") {
        TRY(Publisher::Published const published, run_blocking(home.pool, home.publisher.publish(id)));
        print_published(options, streams, *site, published, "entry publish");
    } else {
        TRY_DONE(run_blocking(home.pool, home.publisher.remove(id)));
    }
    return {};
}

}  // namespace backtalk::cli
