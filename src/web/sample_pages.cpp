#include "web/sample_pages.h"

#include <array>

#include <fmt/format.h>

namespace backtalk::web {

namespace {

constexpr std::array<std::string_view, 5> titles{"The harbour at night", "A pencil kept since school", "Rain, then the market",
    "What the tide table leaves out", "Notes on a borrowed bicycle"};
constexpr std::array<std::string_view, 5> weblogs{"Public Square", "Lamplight", "The Long Way Round", "Ebb & Flow", "Third Drawer Down"};
constexpr std::array<std::string_view, 5> mention_titles{
    "Lights out", "On being awake at four", "Harbours, continued", "Re: \"night\" <and> day", "Links for a slow Friday"};
constexpr std::array<std::string_view, 5> excerpts{
    "Following up on what we read yesterday about the harbour: the cranes stop at eleven, but somebody leaves one lamp burning […]",
    "There is a passage about the pilot boats that I keep coming back to.",
    "I walked down to see for myself, with a thermos and without a plan, and counted seven of the nine lights that are named there […]",
    "A reader asked whether the tide & the timetable ever agree. They do, twice a year.",
    "Four things worth your evening, of which this is the second and the best written […]"};

constexpr std::string_view body_html =
    R"(<p>After eleven the cranes stand still and the water takes back its own sound. I went down with the
<a href="https://tides.example/tables/2007">tide table</a> in one pocket and nothing in the other, and waited for the <em>last</em> pilot boat.</p>
<p>It came in under a single lamp. The man at the rail lifted a hand, as one does to anybody who is up at that hour, and I have been
thinking since of how little it takes to be greeted.</p>
<blockquote cite="https://tides.example/log"><p>The harbour is never dark. It is only that the lights have other things to look at.</p></blockquote>
<h2>What the lamps are for</h2>
<p>There are nine of them, and I could name four:</p>
<ul><li>two on the mole, red and green, which mean what they say;</li><li>one at the ferry stairs, for feet;</li>
<li>one in the window of the <code>harbour master</code>, for company.</li></ul>
<pre><code>high water  03:12  4.1 m
low water   09:26  0.7 m</code></pre>)";

}  // namespace

SamplePages::SamplePages() : site_(schema<SiteSchema>())
{
    SiteSchema const& fields = schema<SiteSchema>();
    site_.set(fields.title, "Quarters").set(fields.description, "Small things seen on the way home");
    site_.set(fields.language, "en").set(fields.home_url, "http://quarters.example/").set(fields.style_url, "style.css");
    site_.set(fields.atom_url, "http://quarters.example/feed.atom").set(fields.rss_url, "http://quarters.example/feed.rss");
    site_.set(fields.archives_url, "http://quarters.example/archives/").set(fields.has_navigation, true);
    LinkSchema const& link = schema<LinkSchema>();
    site_.add(fields.navigation).set(link.name, "Home").set(link.url, "/").set(link.is_current, true);
    site_.add(fields.navigation).set(link.name, "Archives").set(link.url, "/archives/");
    site_.add(fields.navigation).set(link.name, "About").set(link.url, "/about/");
    FeedLinkSchema const& feed = schema<FeedLinkSchema>();
    site_.add(fields.feeds).set(feed.title, "Quarters").set(feed.type, "application/atom+xml").set(feed.url, "/feed.atom");
    site_.add(fields.feeds).set(feed.title, "Quarters (RSS)").set(feed.type, "application/rss+xml").set(feed.url, "/feed.rss");
}

void SamplePages::fill_page(View& page, PageSchema const& fields, std::string_view title) const
{
    HeadSchema const& head_fields = schema<HeadSchema>();
    page.hold(fields.site, site_);
    View& head = page.make(fields.head);
    head.set(head_fields.title, title).set(head_fields.description, excerpts[0]);
    head.set(head_fields.canonical, "http://quarters.example/2007/03/the-harbour-at-night/");
}

void SamplePages::fill_entry(View& entry, std::size_t number) const
{
    EntrySchema const& fields = schema<EntrySchema>();
    LinkSchema const& link = schema<LinkSchema>();
    std::string_view const title = titles[number % titles.size()];
    entry.set(fields.id, static_cast<std::int64_t>(9352 - number)).set(fields.title, title);
    entry.set(fields.permalink, fmt::format("http://quarters.example/2007/03/{}/", number));
    entry.set(fields.date_iso, "2007-03-08T06:41:11-05:00").set(fields.date, fmt::format("March {}, 2007", 28 - number % 28));
    entry.set(fields.author, "Ida Marsh").set(fields.author_url, "http://quarters.example/about/");
    entry.set(fields.excerpt, excerpts[number % excerpts.size()]);
    entry.add(fields.categories).set(link.name, "Walks").set(link.url, "/category/walks/");
    entry.add(fields.tags).set(link.name, "water").set(link.url, "/tag/water/");
    entry.set(fields.trackback_url, "http://quarters.example/trackback/9352").set(fields.trackback_open, true);
    entry.set(fields.announce_url, "/webmention").set(fields.webmention_url, "http://quarters.example/webmention");
    entry.set(fields.pingback_url, "http://quarters.example/xmlrpc");
}

void SamplePages::fill_mention(View& mention, std::size_t number) const
{
    MentionSchema const& fields = schema<MentionSchema>();
    mention.set(fields.id, static_cast<std::int64_t>(number + 1)).set(fields.title, mention_titles[number % 5]);
    mention.set(fields.url, fmt::format("http://weblog-{}.example/2007/03/post-{}/", number, number)).set(fields.from, weblogs[number % 5]);
    mention.set(fields.excerpt, excerpts[number % 5]).set(fields.date_iso, "2007-03-09T12:15:00-05:00");
    mention.set(fields.author, "Ann Rowe").set(fields.author_url, "http://ann.example/").set(fields.initial, "A");
    mention.set(fields.verb, "mentioned this");
    mention.set(fields.date, "March 9, 2007").set(fields.origins, "TrackBack").set(fields.is_imported, number == 1);
}

View SamplePages::entry(std::size_t mentions) const
{
    EntryPageSchema const& fields = schema<EntryPageSchema>();
    EntrySchema const& entry_fields = schema<EntrySchema>();
    HeadSchema const& head_fields = schema<HeadSchema>();
    View page(fields);
    HeadSchema const& head = head_fields;
    fill_page(page, fields, titles[0]);
    View& page_head = page.make(fields.head);
    page_head.set(head.title, titles[0]).set(head.description, excerpts[0]).set(head.is_article, true);
    page_head.set(head.canonical, "http://quarters.example/2007/03/0/").set(head.published_iso, "2007-03-08T06:41:11-05:00");
    page_head.set(head.trackback_url, "http://quarters.example/trackback/9352");
    page_head.set(head.json_ld, R"({"@context":"https://schema.org","@type":"BlogPosting","headline":"The harbour at night"})");
    page_head.set(head.rdf_block, "<!--\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"></rdf:RDF>\n-->");
    View& entry = page.make(fields.entry);
    fill_entry(entry, 0);
    entry.hold(entry_fields.body, body_html).set(entry_fields.extended, "<p>And one that nobody lights any more.</p>");
    entry.set(entry_fields.mention_count, static_cast<std::int64_t>(mentions)).set(entry_fields.has_one_mention, mentions == 1);
    entry.set(entry_fields.comment_count, 1).set(entry_fields.has_one_comment, true);
    for (std::size_t i = 0; i < mentions; ++i)
        fill_mention(page.add(fields.mentions), i);
    page.set(fields.has_mentions, mentions > 0);
    CommentSchema const& comment_fields = schema<CommentSchema>();
    View& comment = page.add(fields.comments);
    comment.set(comment_fields.id, 17).set(comment_fields.author, "Tomas").set(comment_fields.author_url, "http://tomas.example/");
    comment.set(comment_fields.body, "<p>The fifth lamp is the baker’s. He starts at two.</p>").set(comment_fields.date, "March 10, 2007");
    comment.set(comment_fields.permalink, "http://quarters.example/2007/03/0/#comment-17")
        .set(comment_fields.date_iso, "2007-03-10T08:00:00Z");
    page.set(fields.has_neighbours, true).set(fields.older_url, "/2007/03/1/").set(fields.older, titles[1]);
    page.set(fields.newer_url, "/2007/03/2/").set(fields.newer, titles[2]);
    return page;
}

View SamplePages::conversation() const
{
    EntryPageSchema const& fields = schema<EntryPageSchema>();
    MentionSchema const& mention_fields = schema<MentionSchema>();
    ResponseSchema const& response_fields = schema<ResponseSchema>();
    ReactionsSchema const& group = schema<ReactionsSchema>();
    View page = entry(1);
    View& reply = page.add(fields.mentions);
    fill_mention(reply, 1);
    reply.set(mention_fields.is_reply, true).set(mention_fields.verb, "replied").set(mention_fields.title, "");
    reply.set(mention_fields.content, "<p>The fifth lamp <em>is</em> the baker’s.</p>").set(mention_fields.more_responses, 3);
    View& response = reply.add(mention_fields.responses);
    response.set(response_fields.url, "http://tomas.example/re/4").set(response_fields.author, "Tomas").set(response_fields.initial, "T");
    response.set(response_fields.author_url, "http://tomas.example/").set(response_fields.verb, "replied");
    response.set(response_fields.text, "He starts at two.").set(response_fields.date_iso, "2007-03-10T08:00:00Z");
    response.set(response_fields.date, "March 10, 2007");
    std::size_t number = 2;
    constexpr std::array<std::array<std::string_view, 3>, 5> kinds{
        {{"like", "Liked by", "likes this"}, {"repost", "Reposted by", "reposted this"}, {"bookmark", "Bookmarked by", "bookmarked this"},
            {"", "Going", "is going"}, {"", "Not going", "is not going"}}};
    for (auto const& [type, heading, verb] : kinds) {
        View& reactions = page.add(fields.reactions).set(group.type, type).set(group.heading, heading);
        for (int i = 0; i < 2; ++i) {
            View& reaction = reactions.add(group.mentions);
            fill_mention(reaction, number++);
            reaction.set(mention_fields.verb, verb).set(mention_fields.title, "");
            if (i == 0)
                reaction.set(mention_fields.excerpt, "").set(mention_fields.author_url, "");
        }
    }
    page.set(fields.has_reactions, true);
    return page;
}

View SamplePages::list(std::size_t entries) const
{
    ListPageSchema const& fields = schema<ListPageSchema>();
    EntrySchema const& entry_fields = schema<EntrySchema>();
    View page(fields);
    fill_page(page, fields, "");
    page.set(fields.heading, "March 2007")
        .set(fields.entry_count, static_cast<std::int64_t>(entries))
        .set(fields.has_one_entry, entries == 1);
    for (std::size_t i = 0; i < entries; ++i) {
        View& entry = page.add(fields.entries);
        fill_entry(entry, i);
        if (i == 0)
            entry.hold(entry_fields.body, body_html).set(entry_fields.has_extended, true);
        entry.set(entry_fields.mention_count, static_cast<std::int64_t>(i)).set(entry_fields.has_one_mention, i == 1);
    }
    PagingSchema const& paging = schema<PagingSchema>();
    page.make(fields.paging).set(paging.newer_url, "/").set(paging.older_url, "/page/3/").set(paging.page, 2).set(paging.pages, 12);
    return page;
}

View SamplePages::archives() const
{
    ArchivesPageSchema const& fields = schema<ArchivesPageSchema>();
    YearSchema const& year_fields = schema<YearSchema>();
    MonthSchema const& month_fields = schema<MonthSchema>();
    TopicSchema const& topic_fields = schema<TopicSchema>();
    View page(fields);
    fill_page(page, fields, "Archives");
    page.set(fields.entry_count, 412).set(fields.has_categories, true).set(fields.has_tags, true);
    for (int number = 2007; number > 2003; --number) {
        View& year = page.add(fields.years);
        year.set(year_fields.name, fmt::format("{}", number))
            .set(year_fields.url, fmt::format("/{}/", number))
            .set(year_fields.entry_count, 103);
        for (std::string_view name : {"January", "February", "March", "April", "August", "November"})
            year.add(year_fields.months)
                .set(month_fields.name, name)
                .set(month_fields.url, fmt::format("/{}/03/", number))
                .set(month_fields.entry_count, 17);
    }
    for (std::string_view name : {"Walks", "Kitchen", "Things kept", "Weather"}) {
        page.add(fields.categories)
            .set(topic_fields.name, name)
            .set(topic_fields.url, "/category/walks/")
            .set(topic_fields.entry_count, 96);
        page.add(fields.tags).set(topic_fields.name, name).set(topic_fields.url, "/tag/walks/").set(topic_fields.entry_count, 12);
    }
    return page;
}

View SamplePages::announced(bool accepted) const
{
    AnnouncedPageSchema const& fields = schema<AnnouncedPageSchema>();
    View page(fields);
    fill_page(page, fields, "TrackBack");
    page.set(fields.accepted, accepted).set(fields.reason, "That is not a web address: it needs to begin with http:// or https://.");
    page.set(fields.source, "http://lamplight.example/2007/03/lights-out/").set(fields.entry_title, titles[0]);
    page.set(fields.entry_url, "http://quarters.example/2007/03/0/").set(fields.trackback_url, "http://quarters.example/trackback/9352");
    page.set(fields.protocol, "Webmention").set(fields.status_url, "http://quarters.example/webmention/k3y");
    page.set(fields.announce_url, "/webmention").set(fields.permalink, "http://quarters.example/2007/03/0/");
    return page;
}

View SamplePages::status(bool accepted) const
{
    StatusPageSchema const& fields = schema<StatusPageSchema>();
    View page(fields);
    fill_page(page, fields, "A Webmention");
    page.set(fields.state, accepted ? "Waiting" : "Refused").set(fields.is_waiting, accepted).set(fields.is_refused, !accepted);
    page.set(fields.reason, "The source does not link to the entry.").set(fields.status_url, "http://quarters.example/webmention/k3y");
    page.set(fields.source, "http://lamplight.example/2007/03/lights-out/").set(fields.target, "http://quarters.example/2007/03/0/");
    page.set(fields.received, "March 9, 2007").set(fields.received_iso, "2007-03-09T12:15:00Z");
    page.set(fields.listed_url, "http://quarters.example/2007/03/0/#ping-4");
    return page;
}

View SamplePages::endpoint() const
{
    EndpointPageSchema const& fields = schema<EndpointPageSchema>();
    View page(fields);
    fill_page(page, fields, "Webmention endpoint");
    page.set(fields.is_webmention, true).set(fields.address, "http://quarters.example/webmention");
    return page;
}

View SamplePages::gone() const
{
    GonePageSchema const& fields = schema<GonePageSchema>();
    View page(fields);
    fill_page(page, fields, "Deleted");
    page.make(fields.head)
        .set(schema<HeadSchema>().no_index, true)
        .set(schema<HeadSchema>().gone_meta, R"(<meta http-equiv="status" content="410 Gone">)");
    page.set(fields.date, "March 9, 2007").set(fields.date_iso, "2007-03-09T12:15:00Z");
    return page;
}

View SamplePages::error(int status) const
{
    ErrorPageSchema const& fields = schema<ErrorPageSchema>();
    View page(fields);
    fill_page(page, fields, "Not found");
    page.set(fields.status, status)
        .set(fields.heading, status == 410 ? "This is gone" : "Nothing is here")
        .set(fields.not_found, status == 404);
    page.set(fields.gone, status == 410).set(fields.message, "No page of this weblog has that address.");
    return page;
}

}  // namespace backtalk::web
