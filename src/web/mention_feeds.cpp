#include "web/mention_feeds.h"

#include <fmt/format.h>

#include "base/text.h"
#include "feed/feed.h"
#include "webmention/jf2.h"

namespace backtalk::web {

namespace {

std::string author_of(ShownMention const& shown)
{
    Listing const& listing = shown.mention.mention.listing();
    return !listing.author_name.empty() ? listing.author_name
        : !listing.site_name.empty()    ? listing.site_name
                                        : std::string(shown.mention.mention.url().host());
}

std::string const& text_of(ShownMention const& shown)
{
    Listing const& listing = shown.mention.mention.listing();
    return listing.content_text.empty() ? listing.excerpt : listing.content_text;
}

std::string title_of(ShownMention const& shown)
{
    Listing const& listing = shown.mention.mention.listing();
    return listing.title.empty() ? fmt::format("{} of {}", webmention::activity_type(shown.mention.mention.type()), shown.target)
                                 : listing.title;
}

Instant listed_since(ShownMention const& shown) { return shown.mention.listed.value_or(shown.mention.received); }

}  // namespace

std::string mentions_html(std::span<ShownMention const> mentions)
{
    std::string html = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Webmentions</title></head>\n"
                       "<body class=\"h-feed\">\n<h1 class=\"p-name\">Webmentions</h1>\n";
    for (ShownMention const& shown : mentions) {
        Listing const& listing = shown.mention.mention.listing();
        std::string const author = escaped(author_of(shown));
        html += "<article class=\"h-entry\">\n";
        html += listing.author_url.empty()
            ? fmt::format("<span class=\"p-author h-card\">{}</span>\n", author)
            : fmt::format("<a class=\"p-author h-card\" href=\"{}\">{}</a>\n", escaped(listing.author_url), author);
        html += fmt::format(
            "<a class=\"u-url p-name\" href=\"{}\">{}</a>\n", escaped(shown.mention.mention.url().str()), escaped(title_of(shown)));
        MentionType const type = shown.mention.mention.type();
        html += fmt::format("<a class=\"u-{}\" href=\"{}\">{}</a>\n",
            type == MentionType::Rsvp ? "in-reply-to" : webmention::wm_property(type), escaped(shown.target), escaped(shown.target));
        if (!listing.rsvp.empty())
            html += fmt::format("<span class=\"p-rsvp\">{}</span>\n", escaped(listing.rsvp));
        html += fmt::format(
            "<p class=\"p-content\">{}</p>\n<time>{}</time>\n</article>\n", escaped(text_of(shown)), rfc3339(listed_since(shown)));
    }
    return html + "</body>\n</html>\n";
}

std::string mentions_atom(std::span<ShownMention const> mentions, std::string_view self_url)
{
    feed::FeedInfo info;
    info.title = "Webmentions";
    info.self_url = self_url;
    info.home_url = mentions.empty() ? std::string(self_url) : mentions.front().target;
    std::vector<feed::FeedEntry> entries;
    for (ShownMention const& shown : mentions) {
        Listing const& listing = shown.mention.mention.listing();
        feed::FeedEntry entry;
        entry.url = shown.mention.mention.url().str();
        entry.id = fmt::format("{}#mention-{}", shown.target, shown.mention.id.value);
        entry.title = title_of(shown);
        entry.summary = text_of(shown);
        entry.content_html = listing.content_html;
        entry.author = author_of(shown);
        entry.author_url = listing.author_url;
        entry.published = entry.updated = listed_since(shown);
        entries.push_back(std::move(entry));
    }
    return feed::atom_feed(info, entries);
}

}  // namespace backtalk::web
