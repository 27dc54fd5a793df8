#include "judge/evidence_of_page.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "judge/copied_share.h"
#include "judge/language_guess.h"
#include "judge/memory.h"
#include "judge/page_outline.h"

namespace backtalk::judge {

namespace {

/// A link among so many, without words around it, is one of a list that nobody reads.
constexpr std::size_t long_list_min = 100;

/// The line of the page's text in which the link stands, without the link's own words.
std::size_t words_around(SourcePage const& page, SourceLink const& link)
{
    std::string_view const text = page.text;
    std::size_t const position = std::min(link.text_position, text.size());
    std::size_t const before = position == 0 ? std::string_view::npos : text.rfind('\n', position - 1);
    std::size_t const start = before == std::string_view::npos ? 0 : before + 1;
    std::size_t const end = std::min(text.find('\n', position), text.size());
    std::size_t const line = end - start;
    return line - std::min(line, link.text_length);
}

LinkPlace place_of(SourcePage const& page, PageOutline const& outline, SourceLink const* link)
{
    constexpr std::size_t running_text_min = 40;  // bytes
    if (link == nullptr)
        return LinkPlace::Alone;
    if (outline.hides_link)
        return LinkPlace::Hidden;
    if (words_around(page, *link) >= running_text_min)
        return LinkPlace::RunningText;
    return outline.links_out >= long_list_min ? LinkPlace::LongList : LinkPlace::Alone;
}

}  // namespace

PageEvidence evidence_of_page(SourcePage const& page, std::string_view html, SourceLink const* target, std::string_view entry_text)
{
    PageOutline const outline = outline_of(html, page.url, target ? target->url.host() : std::string_view());
    PageEvidence evidence;
    evidence.link = place_of(page, outline, target);
    evidence.links_out = outline.links_out;
    std::set<std::string> domains;
    for (std::string const& host : outline.hosts_out)
        domains.insert(registrable_domain(host));
    evidence.domains_out = domains.size();
    evidence.text_bytes = page.text.size();
    evidence.copied_share = copied_share(page.text, entry_text);
    evidence.language = page.language.empty() ? guessed_language(page.text) : page.language;
    evidence.has_author = !page.author_name.empty();
    evidence.has_feed = outline.has_feed;
    evidence.own_posts = outline.own_pages;
    evidence.archive_years = outline.own_years;
    return evidence;
}

}  // namespace backtalk::judge
