#include "web/pages.h"

#include <fmt/format.h>

#include "app/change_keys.h"
#include "base/text.h"
#include "trackback/listing.h"
#include "trackback/message.h"
#include "web/mention_models.h"
#include "web/page_models.h"

namespace backtalk::web {

namespace {

constexpr std::size_t entries_on_home = 10;
constexpr std::size_t entries_in_archives = 50;

/// The key of what decides which entries a list holds.
std::string key_of_subject(Site const& site, ListSubject const& subject)
{
    using enum ListSubject::Kind;
    switch (subject.kind) {
    case Home: return key_of_list(site.id);
    case Year: return key_of_date(site.id, fmt::format("{:04}", subject.year));
    case Month: return key_of_date(site.id, fmt::format("{:04}{:02}", subject.year, subject.month));
    case Day: return key_of_date(site.id, fmt::format("{:04}{:02}{:02}", subject.year, subject.month, subject.day));
    case Category: return key_of_category(site.id, subject.slug);
    case Tag: return key_of_tag(site.id, subject.slug);
    }
    return {};
}

std::string path_of_subject(Site const& site, ListSubject const& subject)
{
    using enum ListSubject::Kind;
    switch (subject.kind) {
    case Home: return local_path(site, "");
    case Year: return date_path(site, subject.year);
    case Month: return date_path(site, subject.year, subject.month);
    case Day: return date_path(site, subject.year, subject.month, subject.day);
    case Category: return category_path(site, subject.slug);
    case Tag: return tag_path(site, subject.slug);
    }
    return {};
}

PageKind kind_of(ListSubject const& subject)
{
    using enum ListSubject::Kind;
    switch (subject.kind) {
    case Home: return PageKind::Home;
    case Year:
    case Month:
    case Day: return PageKind::Date;
    case Category: return PageKind::Category;
    case Tag: return PageKind::Tag;
    }
    return PageKind::Home;
}

std::string page_path(std::string const& first, std::size_t page) { return page <= 1 ? first : fmt::format("{}page/{}/", first, page); }

/// Fills the way through a list's pages. Page 1 has the newest.
void fill_paging(View& paging, std::string const& first, std::size_t page, std::size_t pages)
{
    auto const& fields = schema<PagingSchema>();
    if (page > 1)
        paging.set(fields.newer_url, page_path(first, page - 1));
    if (page < pages)
        paging.set(fields.older_url, page_path(first, page + 1));
    paging.set(fields.page, static_cast<std::int64_t>(page)).set(fields.pages, static_cast<std::int64_t>(pages));
}

std::string absolute(Site const& site, std::string const& path) { return std::string(site.base.url().origin()) + path; }

}  // namespace

EntryQuery Pages::query_for(Site const& site, ListSubject const& subject) const
{
    using enum ListSubject::Kind;
    EntryQuery query(site.id);
    query.limit = subject.kind == Home ? entries_on_home : entries_in_archives;
    switch (subject.kind) {
    case Home: break;
    case Year:
        query.day_first = subject.year * 10000;
        query.day_last = query.day_first + 1231;
        break;
    case Month:
        query.day_first = subject.year * 10000 + subject.month * 100;
        query.day_last = query.day_first + 31;
        break;
    case Day: query.day_first = query.day_last = subject.year * 10000 + subject.month * 100 + subject.day; break;
    case Category: query.category = subject.slug; break;
    case Tag: query.tag = subject.slug; break;
    }
    return query;
}

http::Response Pages::rendered(PageKind kind, View const& page, int status) const
{
    Result<std::string> html = theme_.render(kind, page);
    if (!html)
        return http::text(500, "This page is too large to be shown.\n");
    return http::html(status, *std::move(html));
}

Result<std::string> Pages::heading_of(Site const& site, ListSubject const& subject)
{
    using enum ListSubject::Kind;
    switch (subject.kind) {
    case Home: return std::string();
    case Year: return std::to_string(subject.year);
    case Month: return fmt::format("{} {}", month_name(subject.month), subject.year);
    case Day: return fmt::format("{} {}, {}", month_name(subject.month), subject.day, subject.year);
    case Category:
    case Tag: break;
    }
    TRY(std::vector<LabelCount> const labels, subject.kind == Category ? store_.categories(site.id) : store_.tags(site.id));
    for (LabelCount const& each : labels)
        if (each.label.slug == subject.slug)
            return each.label.name;
    return subject.slug;
}

Result<void> Pages::fill_months(View& view, Site const& site, int year, std::vector<std::string>& shows)
{
    auto const& link = schema<LinkSchema>();
    TRY(std::vector<MonthCount> const months, store_.months(site.id));
    for (MonthCount const& each : months)
        if (each.year == year)
            view.add(schema<ListPageSchema>().months)
                .set(link.name, month_name(each.month))
                .set(link.url, date_path(site, each.year, each.month));
    view.set(schema<ListPageSchema>().has_months, true);
    shows.push_back(key_of_list(site.id));
    return {};
}

Pages::Page Pages::list(Site const& site, ListSubject const& subject, std::size_t page)
{
    auto const& fields = schema<ListPageSchema>();
    auto const& head_fields = schema<HeadSchema>();
    EntryQuery query = query_for(site, subject);
    query.offset = (page - 1) * query.limit;
    TRY(std::int64_t const count, store_.count_entries(query));
    std::size_t const pages = (static_cast<std::size_t>(count) + query.limit - 1) / query.limit;
    bool const is_home = subject.kind == ListSubject::Kind::Home;
    if (page > std::max<std::size_t>(pages, is_home ? 1 : 0))
        return std::nullopt;
    TRY(std::vector<Entry> const entries, store_.entries(query));

    std::vector<std::string> shows = {key_of_site(site.id), key_of_subject(site, subject)};
    View view(fields);
    view.set(fields.site, site_view(site, theme_));
    for (Entry const& entry : entries) {
        shows.push_back(key_of_entry(entry.id));
        shows.push_back(key_of_mentions(entry.id));
        TRY(std::int64_t const mentions, store_.count_mentions(entry.id, MentionState::Published));
        fill_entry(view.add(fields.entries), site, entry, is_home ? ShowBody::Yes : ShowBody::No, mentions);
    }
    TRY(std::string heading, heading_of(site, subject));
    std::string const path = path_of_subject(site, subject);
    View& head = view.make(fields.head);
    std::string title = heading;
    if (page > 1)
        title += fmt::format("{}page {}", title.empty() ? "" : ", ", page);
    head.set(head_fields.title, std::move(title)).set(head_fields.canonical, absolute(site, page_path(path, page)));
    if (is_home)
        head.set(head_fields.description, site.description);
    if (subject.kind == ListSubject::Kind::Category || subject.kind == ListSubject::Kind::Tag) {
        auto const& feed = schema<FeedLinkSchema>();
        head.add(head_fields.feeds)
            .set(feed.title, heading + " (Atom)")
            .set(feed.type, "application/atom+xml")
            .set(feed.url, path + "feed.atom");
        head.add(head_fields.feeds)
            .set(feed.title, heading + " (RSS)")
            .set(feed.type, "application/rss+xml")
            .set(feed.url, path + "feed.rss");
    }
    view.set(fields.heading, std::move(heading)).set(fields.entry_count, count).set(fields.has_one_entry, count == 1);
    if (subject.kind == ListSubject::Kind::Year)
        TRY_DONE(fill_months(view, site, subject.year, shows));
    if (pages > 1) {
        View& paging = view.make(fields.paging);
        fill_paging(paging, path, page, pages);
        if (page > 1)
            head.set(head_fields.newer_url, page_path(path, page - 1));
        if (page < pages)
            head.set(head_fields.older_url, page_path(path, page + 1));
    }
    return BuiltPage(rendered(kind_of(subject), view), std::move(shows));
}

Pages::Page Pages::entry(Site const& site, Entry const& entry)
{
    auto const& fields = schema<EntryPageSchema>();
    auto const& entry_fields = schema<EntrySchema>();
    std::vector<std::string> shows = {key_of_site(site.id), key_of_entry(entry.id), key_of_mentions(entry.id), key_of_neighbours(entry.id)};
    TRY(std::int64_t const count, store_.count_mentions(entry.id, MentionState::Published));
    MentionQuery query;
    query.entry = entry.id;
    query.states = {MentionState::Published};
    query.oldest_first = true;
    query.limit = mentions_on_entry_page;
    query.types = {MentionType::Mention, MentionType::Reply};
    TRY(std::vector<StoredMention> mentions, store_.mentions(query));
    // A thousand likes must not push the words of others off the page.
    query.types = {MentionType::Like, MentionType::Repost, MentionType::Bookmark, MentionType::Rsvp};
    TRY(std::vector<StoredMention> reactions, store_.mentions(query));
    std::move(reactions.begin(), reactions.end(), std::back_inserter(mentions));
    TRY(std::vector<Comment> const comments, store_.comments(entry.id));
    TRY(Neighbours const beside, store_.neighbours(entry));

    View view(fields);
    view.set(fields.site, site_view(site, theme_));
    View& head = view.make(fields.head);
    fill_entry_head(head, site, entry);
    View& shown = view.make(fields.entry);
    fill_entry(shown, site, entry, ShowBody::Yes, count);
    shown.set(entry_fields.extended, extended_html(entry));
    shown.set(entry_fields.comment_count, static_cast<std::int64_t>(comments.size()))
        .set(entry_fields.has_one_comment, comments.size() == 1);
    fill_mentions(view, permalink(site, entry), mentions);
    if (count > static_cast<std::int64_t>(mentions.size()))
        view.set(fields.more_mentions_url, permalink(site, entry).str() + "mentions/");
    std::int64_t number = 0;
    for (Comment const& comment : comments)
        fill_comment(view.add(fields.comments), site, entry, comment, ++number);
    auto const& head_fields = schema<HeadSchema>();
    view.set(fields.has_neighbours, beside.newer || beside.older);
    if (beside.newer) {
        view.set(fields.newer, beside.newer->title).set(fields.newer_url, local_path(site, beside.newer->path));
        head.set(head_fields.newer_url, local_path(site, beside.newer->path));
    }
    if (beside.older) {
        view.set(fields.older, beside.older->title).set(fields.older_url, local_path(site, beside.older->path));
        head.set(head_fields.older_url, local_path(site, beside.older->path));
    }
    http::Response response = rendered(PageKind::Entry, view);
    if (entry.takes_pings) {
        response.headers.add("Link", fmt::format("<{}>; rel=\"webmention\"", site.base.at("webmention").str()));
        response.headers.add("X-Pingback", site.base.at("xmlrpc").str());
    }
    return BuiltPage(std::move(response), std::move(shows));
}

Pages::Page Pages::mentions(Site const& site, Entry const& entry, std::size_t page)
{
    auto const& fields = schema<EntryPageSchema>();
    auto const& head_fields = schema<HeadSchema>();
    TRY(std::int64_t const count, store_.count_mentions(entry.id, MentionState::Published));
    std::size_t const pages = std::max<std::size_t>(1, (static_cast<std::size_t>(count) + mentions_a_page - 1) / mentions_a_page);
    if (page > pages)
        return std::nullopt;
    MentionQuery query;
    query.entry = entry.id;
    query.states = {MentionState::Published};
    query.oldest_first = true;
    query.limit = mentions_a_page;
    query.offset = (page - 1) * mentions_a_page;
    TRY(std::vector<StoredMention> const mentions, store_.mentions(query));

    View view(fields);
    view.set(fields.site, site_view(site, theme_));
    std::string const first = local_path(site, entry.path) + "mentions/";
    View& head = view.make(fields.head);
    head.set(head_fields.title, fmt::format("Mentions of {}{}", entry.title, page > 1 ? fmt::format(", page {}", page) : ""));
    head.set(head_fields.canonical, absolute(site, page_path(first, page)));
    fill_entry(view.make(fields.entry), site, entry, ShowBody::No, count);
    fill_mentions(view, permalink(site, entry), mentions);
    if (pages > 1) {
        // Oldest first: "newer" leads forward here.
        auto const& paging_fields = schema<PagingSchema>();
        View& paging = view.make(fields.paging);
        if (page < pages)
            paging.set(paging_fields.newer_url, page_path(first, page + 1)).set(paging_fields.newer, "Later mentions");
        if (page > 1)
            paging.set(paging_fields.older_url, page_path(first, page - 1)).set(paging_fields.older, "Earlier mentions");
        paging.set(paging_fields.page, static_cast<std::int64_t>(page)).set(paging_fields.pages, static_cast<std::int64_t>(pages));
    }
    std::vector<std::string> shows = {key_of_site(site.id), key_of_entry(entry.id), key_of_mentions(entry.id)};
    return BuiltPage(rendered(PageKind::Mentions, view), std::move(shows));
}

Pages::Page Pages::archives(Site const& site)
{
    auto const& fields = schema<ArchivesPageSchema>();
    auto const& year_fields = schema<YearSchema>();
    auto const& month_fields = schema<MonthSchema>();
    auto const& topic = schema<TopicSchema>();
    TRY(std::vector<MonthCount> const months, store_.months(site.id));
    TRY(std::vector<LabelCount> const categories, store_.categories(site.id));
    TRY(std::vector<LabelCount> const tags, store_.tags(site.id));
    View view(fields);
    view.set(fields.site, site_view(site, theme_));
    View& head = view.make(fields.head);
    head.set(schema<HeadSchema>().title, "Archives").set(schema<HeadSchema>().canonical, absolute(site, local_path(site, "archives/")));
    std::int64_t total = 0;
    for (std::size_t i = 0; i < months.size();) {
        View& year = view.add(fields.years);
        int const number = months[i].year;
        std::int64_t in_year = 0;
        for (; i < months.size() && months[i].year == number; ++i) {
            in_year += months[i].entries;
            year.add(year_fields.months)
                .set(month_fields.name, month_name(months[i].month))
                .set(month_fields.url, date_path(site, number, months[i].month))
                .set(month_fields.entry_count, months[i].entries);
        }
        year.set(year_fields.name, std::to_string(number))
            .set(year_fields.url, date_path(site, number))
            .set(year_fields.entry_count, in_year);
        total += in_year;
    }
    for (LabelCount const& each : categories)
        view.add(fields.categories)
            .set(topic.name, each.label.name)
            .set(topic.url, category_path(site, each.label.slug))
            .set(topic.entry_count, each.entries);
    for (LabelCount const& each : tags)
        view.add(fields.tags)
            .set(topic.name, each.label.name)
            .set(topic.url, tag_path(site, each.label.slug))
            .set(topic.entry_count, each.entries);
    view.set(fields.entry_count, total).set(fields.has_one_entry, total == 1);
    view.set(fields.has_categories, !categories.empty()).set(fields.has_tags, !tags.empty());
    std::vector<std::string> shows = {key_of_site(site.id), key_of_list(site.id)};
    return BuiltPage(rendered(PageKind::Archives, view), std::move(shows));
}

Pages::Page Pages::trackback_page(Site const& site, Entry const& entry)
{
    auto const& fields = schema<EntryPageSchema>();
    TRY(std::int64_t const count, store_.count_mentions(entry.id, MentionState::Published));
    View view(fields);
    view.set(fields.site, site_view(site, theme_));
    View& head = view.make(fields.head);
    head.set(schema<HeadSchema>().title, "TrackBack address of " + entry.title).set(schema<HeadSchema>().no_index, true);
    fill_entry(view.make(fields.entry), site, entry, ShowBody::No, count);
    std::vector<std::string> shows = {key_of_site(site.id), key_of_entry(entry.id), key_of_mentions(entry.id)};
    return BuiltPage(rendered(PageKind::Trackback, view), std::move(shows));
}

Pages::Page Pages::trackback_listing(Site const& site, Entry const& entry)
{
    MentionQuery query;
    query.entry = entry.id;
    query.states = {MentionState::Published};
    query.oldest_first = true;
    TRY(std::vector<StoredMention> const mentions, store_.mentions(query));
    trackback::ChannelInfo channel;
    channel.title = entry.title;
    channel.link = permalink(site, entry).str();
    channel.description = excerpt_text(entry);
    channel.language = site.language;
    std::vector<trackback::ListedPing> listed;
    for (StoredMention const& each : mentions) {
        trackback::ListedPing ping;
        ping.title = title_for_list(each);
        ping.link = each.mention.url().str();
        ping.description = each.mention.listing().excerpt;
        listed.push_back(std::move(ping));
    }
    std::vector<std::string> shows = {key_of_site(site.id), key_of_entry(entry.id), key_of_mentions(entry.id)};
    return BuiltPage(http::Response(200, trackback::xml_content_type, trackback::listing_rss(channel, listed)), std::move(shows));
}

}  // namespace backtalk::web
