#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "markup/sanitizer.h"
#include "weblog/mention.h"
#include "weblog/source_page.h"

using namespace backtalk;

namespace {

bool is_line(std::string const& text, std::size_t characters_max)
{
    return is_valid_utf8(text) && code_point_count(text) <= characters_max && without_controls(text) == text &&
        text.find('\n') == std::string::npos;
}

bool is_web_url(std::string const& text)
{
    auto const url = Url::parse(text);
    return url && !url->has_credentials() && url->str() == text;
}

bool is_web_url_or_nothing(std::string const& text) { return text.empty() || is_web_url(text); }

void check(SourceEntry const& entry)
{
    assert(is_line(entry.name, 255) && is_line(entry.summary, 500));
    assert(is_valid_utf8(entry.content_html) && is_valid_utf8(entry.content_text) && code_point_count(entry.content_text) <= 5000);
    assert(is_line(entry.author.name, 255) && entry.relations.size() <= 100 && entry.responses.size() <= 50);
    assert(!entry.author_page || !entry.author_page->has_credentials());
    for (auto const* urls : {&entry.syndication, &entry.photos, &entry.videos, &entry.audios}) {
        assert(urls->size() <= 10);
        for (std::string const& url : *urls)
            assert(is_web_url(url));
    }
    for (NestedResponse const& response : entry.responses)
        assert(is_web_url(response.url) && is_web_url_or_nothing(response.author_url) && is_web_url_or_nothing(response.author_photo) &&
            is_line(response.text, 500) && is_line(response.author_name, 255));
}

/// What is shown of a mention is clean, whoever wrote it.
void check_listing(SourcePage const& page)
{
    PingClaim const claim(EntryId(1), Origin::Webmention, page.url);
    auto const mention = verify(claim, page, [](Url const& url) { return url.host() == "b.example"; });
    if (!mention)
        return;
    Listing const& listing = mention->listing();
    assert(markup::sanitized(listing.content_html, nullptr) == listing.content_html);
    assert(is_line(listing.title, 255) && is_line(listing.excerpt, 500) && is_line(listing.summary, 500));
    assert(is_web_url_or_nothing(listing.author_url) && is_web_url_or_nothing(listing.author_photo));
    assert((mention->type() == MentionType::Rsvp) == !listing.rsvp.empty());
}

void check(SourcePage const& page)
{
    assert(is_valid_utf8(page.text));
    for (std::string const* text : {&page.title, &page.site_name, &page.author_name})
        assert(is_line(*text, 255));
    if (page.canonical)
        assert(!page.canonical->has_credentials());
    if (page.entry)
        check(*page.entry);
    check_listing(page);
    for (SourceLink const& link : page.links) {
        assert(link.text_position <= page.text.size() + 1);
        for (std::size_t most : {std::size_t{5}, std::size_t{40}, std::size_t{255}}) {
            auto const [excerpt, position, bytes] = excerpt_around(page, link, most);
            assert(position <= excerpt.size() && bytes <= excerpt.size() - position && is_valid_utf8(excerpt.substr(position, bytes)));
            assert(is_valid_utf8(excerpt) && code_point_count(excerpt) <= most && excerpt.find('\n') == std::string::npos);
        }
        if (&link - page.links.data() > 50)
            break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    Url const url = *Url::parse("http://a.example/page");
    // The first byte says what it is: JSON hardly ever begins otherwise, and its corpus does not tire the HTML reader.
    if (input.starts_with('{') || input.starts_with('[')) {
        if (auto const page = read_source(input, "application/json", url))
            check(*page);
        return 0;
    }
    if (auto const author = read_author_page(input, "text/html", url, url))
        assert(is_line(author->name, 255));
    if (auto const page = read_source(input, "text/html", url))
        check(*page);
    if (auto const page = read_source(input, "text/plain", url))
        check(*page);

    // A filter loses no link that leads to its host.
    LinkFilter const filter(std::vector<std::string>{"b.example"});
    std::string const utf8 = repaired_utf8(input);
    SourcePage const all = read_source_page(utf8, url);
    SourcePage const some = read_source_page(utf8, url, filter);
    std::size_t wanted = 0;
    for (SourceLink const& link : all.links)
        wanted += filter.wants(link.url) ? 1 : 0;
    assert(some.links.size() == wanted || all.links.size() == markup::LinkCollector::links_max);
    return 0;
}
