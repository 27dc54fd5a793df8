#include "weblog/source_page.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "markup/charset.h"
#include "markup/html_entities.h"
#include "markup/page_reader.h"
#include "weblog/page_values.h"

namespace backtalk {

namespace {

constexpr std::size_t description_characters_max = 500;

std::string first_of(std::initializer_list<std::string_view> values, std::size_t characters_max = name_characters_max)
{
    for (std::string_view value : values)
        if (std::string text = cut_at_word(without_controls(value), characters_max); !text.empty())
            return text;
    return {};
}

std::optional<ZonedTime> first_date(std::initializer_list<std::string_view> values)
{
    for (std::string_view value : values)
        if (auto time = parse_rfc3339(trimmed(value)))
            return time;
    return std::nullopt;
}

std::optional<Url> first_url(Url const& base, std::initializer_list<std::string_view> references)
{
    for (std::string_view reference : references) {
        if (reference.empty())
            continue;
        if (auto url = base.resolve(reference); url && !url->has_credentials())
            return *std::move(url);
    }
    return std::nullopt;
}

std::string_view without_www(std::string_view host) { return host.starts_with("www.") ? host.substr(4) : host; }

std::optional<Url> canonical_of(markup::PageContent const& content, Url const& url)
{
    auto canonical = first_url(content.base, {content.facts.canonical});
    if (!canonical || without_www(canonical->host()) != without_www(url.host()))
        return std::nullopt;
    // http and https are one site, each at its own port.
    if (canonical->port() != url.port() && !(canonical->has_default_port() && url.has_default_port()))
        return std::nullopt;
    return canonical->without_fragment();
}

/// Spec: https://indieweb.org/meta_http-equiv_status
bool says_gone(std::string_view status)
{
    std::string_view const text = trimmed(status);
    return text.starts_with("410") && (text.size() == 3 || !is_ascii_digit(text[3]));
}

// Plug-ins write references into JSON ("It&#8217;s"), where they mean nothing.
std::string unescaped(std::string const& value) { return markup::decoded_references(value); }

void read_words(SourcePage& page, markup::PageContent const& content, SourceMicroformats const& read)
{
    markup::PageFacts const& facts = content.facts;
    markup::JsonLdFacts const& json = content.json_ld;
    std::string_view const entry_name = read.entry ? std::string_view(read.entry->name) : std::string_view();
    page.title = first_of({entry_name, unescaped(json.headline), facts.og_title, facts.title, facts.first_h1});
    page.site_name = first_of({read.feed_name, unescaped(json.site_name), facts.og_site_name, unescaped(json.publisher_name)});
    page.published = read.entry ? read.entry->published : std::nullopt;
    if (!page.published)
        page.published = first_date({json.published, facts.article_published, facts.time_published, facts.meta_date});
    page.language = language_tag(facts.language);
    page.description = first_of({facts.description}, description_characters_max);
}

void read_author(SourcePage& page, markup::PageContent const& content, SourceMicroformats const& read)
{
    markup::PageFacts const& facts = content.facts;
    markup::JsonLdFacts const& json = content.json_ld;
    Author const& author = read.entry ? read.entry->author : read.feed_author;
    page.author_name = first_of({author.name, read.feed_author.name, unescaped(json.author_name), facts.meta_author, facts.rel_author});
    page.author_url = author.url ? author.url : first_url(content.base, {json.author_url, facts.rel_author_url});
    page.author_photo = author.photo;
    if (read.entry)
        page.author_page = read.entry->author_page;
    else if (page.author_name.empty())
        page.author_page = first_url(content.base, {facts.rel_author_url});
    // What this page says of its author was heard already.
    if (page.author_page && comparison_key(*page.author_page) == comparison_key(page.url))
        page.author_page.reset();
}

}  // namespace

SourcePage read_source_page(std::string_view utf8_html, Url const& url, LinkFilter filter)
{
    std::string const repaired = is_valid_utf8(utf8_html) ? std::string() : repaired_utf8(utf8_html);
    std::string_view const html = repaired.empty() ? utf8_html : std::string_view(repaired);
    markup::PageContent content = markup::read_page(html, url, filter);
    SourcePage page(url);
    page.canonical = canonical_of(content, url);
    // A tree is costly: most pages have nothing to grow it for.
    SourceMicroformats read;
    if (content.has_microformats)
        read = read_source_microformats(markup::read_microformats(html, url), url, page.canonical.value_or(url), filter);
    read_words(page, content, read);
    read_author(page, content, read);
    page.is_gone = says_gone(content.facts.http_status);
    page.entry = std::move(read.entry);
    page.links = std::move(content.links);
    page.text = std::move(content.text);
    return page;
}

namespace {

/// What ends a URL in running text.
bool ends_url(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '"' || c == '`' || c == '\x7F'; }

/// Without the punctuation of the sentence that it stands in; a closing bracket stays if it was opened inside.
std::string_view without_punctuation(std::string_view url)
{
    while (!url.empty()) {
        char const last = url.back();
        bool const closes = last == ')' && std::count(url.begin(), url.end(), '(') < std::count(url.begin(), url.end(), ')');
        if (!closes && std::string_view(".,;:!?'*_]}").find(last) == std::string_view::npos)
            return url;
        url.remove_suffix(1);
    }
    return url;
}

constexpr std::size_t written_url_bytes_max = 2000;

/// RFC 8259, and what ends in "+json" by RFC 6839.
bool is_json(std::string_view type)
{
    constexpr std::string_view application = "application/";
    constexpr std::string_view suffix = "+json";
    return equal_ignoring_case(type, "application/json") ||
        (starts_with_ignoring_case(type, application) && type.size() > application.size() + suffix.size() &&
            equal_ignoring_case(type.substr(type.size() - suffix.size()), suffix));
}

}  // namespace

SourcePage read_source_text(std::string_view utf8_text, Url const& url, LinkFilter filter)
{
    SourcePage page(url);
    page.text = std::string(utf8_text.substr(0, markup::page_text_bytes_max));
    if (!is_valid_utf8(page.text))
        page.text = repaired_utf8(page.text);
    std::string_view const text = page.text;
    std::size_t position = 0;
    while (page.links.size() < markup::LinkCollector::links_max) {
        std::size_t const colon = text.find("://", position);
        if (colon == std::string_view::npos)
            break;
        position = colon + 3;
        std::size_t const before = colon - std::min<std::size_t>(colon, 5);
        std::string_view const scheme = text.substr(before, colon - before);
        std::size_t const scheme_size = scheme.size() == 5 && equal_ignoring_case(scheme, "https") ? 5
            : scheme.size() >= 4 && equal_ignoring_case(scheme.substr(scheme.size() - 4), "http")  ? 4
                                                                                                   : 0;
        if (scheme_size == 0)
            continue;
        std::size_t const start = colon - scheme_size;
        std::size_t end = position;
        while (end < text.size() && end - start <= written_url_bytes_max && !ends_url(text[end]))
            ++end;
        position = end;
        std::string_view const written = without_punctuation(text.substr(start, end - start));
        if (end - start > written_url_bytes_max || !filter.may_want(written, url))
            continue;
        auto found = Url::parse(written);
        if (!found || !filter.wants(*found))
            continue;
        SourceLink& link = page.links.emplace_back(*std::move(found), LinkElement::PlainText);
        link.text_position = start;
        link.text_length = written.size();
    }
    return page;
}

Result<SourcePage> read_source(std::string_view bytes, std::string_view content_type, Url const& url, LinkFilter filter)
{
    std::string_view const type = trimmed(content_type.substr(0, content_type.find(';')));
    if (type.empty() || equal_ignoring_case(type, "text/html") || equal_ignoring_case(type, "application/xhtml+xml"))
        return read_source_page(markup::decoded_html(bytes, content_type), url, std::move(filter));
    if (equal_ignoring_case(type, "text/plain"))
        return read_source_text(markup::decoded_text(bytes, markup::charset_of_content_type(content_type).and_then(markup::Charset::named)),
            url, std::move(filter));
    if (is_json(type))
        return read_source_json(markup::decoded_text(bytes, markup::Charset::named("utf-8")), url, std::move(filter));
    return failure(
        ErrorCode::Refused, "the page is neither HTML nor JSON nor text but " + cut_at_word(without_controls(repaired_utf8(type)), 80));
}

namespace {

constexpr std::string_view cut_before = "[…] ";
constexpr std::string_view cut_after = " […]";
constexpr std::size_t mark_characters = 4;

bool is_continuation(char c) { return (c & '\xC0') == '\x80'; }

/// `characters` code points before `position`, then forward to the start of a word if one is near.
std::size_t back_to_word(std::string_view text, std::size_t position, std::size_t characters)
{
    std::size_t start = position;
    while (start > 0 && characters > 0) {
        --start;
        while (start > 0 && is_continuation(text[start]))
            --start;
        --characters;
    }
    if (start == 0 || text[start - 1] == ' ')
        return start;
    std::size_t const blank = text.find(' ', start);
    return blank < position && blank - start < (position - start + 1) / 2 ? blank + 1 : start;
}

/// `characters` code points after `position`, then back to the end of a word if one is near.
std::size_t forward_to_word(std::string_view text, std::size_t position, std::size_t characters)
{
    std::size_t end = position;
    while (end < text.size() && characters > 0) {
        ++end;
        while (end < text.size() && is_continuation(text[end]))
            ++end;
        --characters;
    }
    if (end == text.size() || text[end] == ' ')
        return end;
    std::size_t const blank = text.rfind(' ', end);
    return blank != std::string_view::npos && blank > position && end - blank < (end - position + 1) / 2 ? blank : end;
}

/// From `start` to `end` of the block, with marks where something is left out; the link stands from `at` to `at_end`.
LinkExcerpt joined_around(std::string_view block, std::size_t start, std::size_t at, std::size_t at_end, std::size_t end)
{
    LinkExcerpt excerpt;
    if (start > 0)
        excerpt.text = cut_before;
    std::string_view before = block.substr(start, at - start);
    std::string_view after = block.substr(at_end, end - at_end);
    std::string const own = without_controls(block.substr(at, at_end - at));
    if (start > 0)
        before.remove_prefix(std::min(before.find_first_not_of(' '), before.size()));
    if (end < block.size())
        after = after.substr(0, after.find_last_not_of(' ') + 1);
    excerpt.text += without_controls(before);
    excerpt.link_position = excerpt.text.size();
    excerpt.link_bytes = own.size();
    excerpt.text += own + without_controls(after);
    if (end < block.size())
        excerpt.text += cut_after;
    return excerpt;
}

}  // namespace

LinkExcerpt excerpt_around(SourcePage const& page, SourceLink const& link, std::size_t characters_max)
{
    std::string_view const text = page.text;
    std::size_t position = std::min(link.text_position, text.size());
    std::size_t link_end = std::min(position + link.text_length, text.size());
    if (position > 0 && position == text.size())
        --position;
    while (position > 0 && is_continuation(text[position]))
        --position;
    auto const start_of_block = [&](std::size_t at) {
        std::size_t const newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
        return newline == std::string_view::npos ? 0 : newline + 1;
    };
    std::size_t block_start = start_of_block(position);
    std::size_t const block_end = std::min(text.find('\n', std::max(position, link_end)), text.size());
    // "via: the harbour" alone on its line says little without what came before.
    bool const alone = block_end - block_start <= (link_end - std::min(position, link_end)) + 6;
    if (alone && block_start > 0)
        block_start = start_of_block(block_start - 1);

    std::string const block = replaced_all(text.substr(block_start, block_end - block_start), "\n", " ");
    std::size_t const at = position - block_start;
    std::size_t const at_end = link.text_length == 0 ? at : std::max(at, std::clamp(link_end, block_start, block_end) - block_start);
    if (code_point_count(block) <= characters_max)
        return joined_around(block, 0, at, at_end, block.size());
    std::size_t const own = code_point_count(std::string_view(block).substr(at, at_end - at));
    if (own + 2 * mark_characters >= characters_max) {
        std::string cut = cut_at_word(without_controls(std::string_view(block).substr(at)), characters_max);
        std::size_t const all = cut.size();
        return {std::move(cut), 0, all};
    }
    std::size_t const room = characters_max - own - 2 * mark_characters;
    std::size_t const before_all = code_point_count(std::string_view(block).substr(0, at));
    std::size_t const after_all = code_point_count(std::string_view(block).substr(at_end));
    // What one side does not need, the other may have.
    std::size_t const before = std::min(before_all, std::max(room / 2, room - std::min(room, after_all)));
    std::size_t const after = std::min(after_all, room - before);
    return joined_around(block, back_to_word(block, at, before), at, at_end, forward_to_word(block, at_end, after));
}

}  // namespace backtalk
