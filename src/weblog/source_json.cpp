#include "base/text.h"
#include "markup/json_page.h"
#include "markup/plain_text.h"
#include "weblog/page_values.h"
#include "weblog/source_page.h"

namespace backtalk {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// NB: HTML inside JSON is HTML: a note that links in its content links.
void add_links_of_content(SourcePage& page, LinkFilter const& filter)
{
    for (SourceLink& link : markup::links_of(page.entry->content_html, page.url))
        if (filter.wants(link.url))
            page.links.push_back(std::move(link));
}

}  // namespace

Result<SourcePage> read_source_json(std::string_view utf8_json, Url const& url, LinkFilter filter)
{
    if (utf8_json.starts_with(byte_order_mark))
        utf8_json.remove_prefix(byte_order_mark.size());
    TRY(markup::JsonPage json, markup::read_json_page(utf8_json, markup::LinkCollector::links_max));
    SourcePage page(url);
    SourceMicroformats read = read_source_microformats(json.microformats, url, url, filter);
    page.site_name = std::move(read.feed_name);
    page.entry = std::move(read.entry);
    if (page.entry) {
        SourceEntry const& entry = *page.entry;
        page.title = entry.name;
        page.author_name = entry.author.name;
        page.author_url = entry.author.url;
        page.author_photo = entry.author.photo;
        page.author_page = entry.author_page;
        page.published = entry.published;
        page.description = entry.summary;
        page.text = entry.content_html.empty() ? entry.content_text : markup::plain_text(entry.content_html);
        add_links_of_content(page, filter);
    } else {
        page.author_name = read.feed_author.name;
    }
    page.language = language_tag(json.language);
    for (Url const& each : json.urls)
        if (page.links.size() < markup::LinkCollector::links_max && filter.wants(each))
            page.links.emplace_back(each, LinkElement::PlainText);
    return page;
}

}  // namespace backtalk
