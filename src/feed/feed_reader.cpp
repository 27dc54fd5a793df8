#include "feed/feed_reader.h"

#include <algorithm>

#include "base/text.h"
#include "feed/feed_items.h"
#include "markup/charset.h"
#include "markup/plain_text.h"

namespace backtalk::feed {

namespace {

constexpr std::size_t title_characters_max = 255;
constexpr std::size_t content_bytes_max = 64 * 1024;

/// UTF-8 without what XML cannot have, which is how UTF-16 shows.
bool is_plain_utf8(std::string_view bytes)
{
    auto const is_odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_ascii_space(c); };
    return is_valid_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), is_odd);
}

/// What a document is, by the name of its first element.
bool is_xml_feed(std::string_view text)
{
    // Behind declaration, comments, style sheets and perhaps a document type, which is refused where it belongs to a feed.
    std::size_t at = 0;
    while ((at = text.find('<', at)) != std::string_view::npos) {
        std::string_view const rest = text.substr(at);
        if (rest.starts_with("<!--"))
            at = text.find("-->", at);
        else if (rest.starts_with("<?") || rest.starts_with("<!"))
            at = text.find('>', at);
        else
            break;
    }
    if (at == std::string_view::npos)
        return false;
    std::string_view name = text.substr(at + 1, 64);
    name = name.substr(0, name.find_first_of(" \t\r\n>/"));
    if (auto const colon = name.find(':'); colon != std::string_view::npos)
        name.remove_prefix(colon + 1);
    return name == "feed" || name == "rss" || name == "RDF" || name == "urlset" || name == "sitemapindex";
}

}  // namespace

std::string_view to_word(FeedKind kind)
{
    switch (kind) {
    case FeedKind::Atom: return "Atom feed";
    case FeedKind::Rss: return "RSS feed";
    case FeedKind::Json: return "JSON feed";
    case FeedKind::HFeed: return "h-feed";
    case FeedKind::Sitemap: return "sitemap";
    case FeedKind::SitemapIndex: return "index of sitemaps";
    }
    return {};
}

FeedItem* FeedItems::add(std::string_view reference, Url const& base)
{
    reference = trimmed(reference);
    if (reference.empty() || full())
        return nullptr;
    Result<Url> const url = base.resolve(reference);
    if (!url || url->has_credentials())
        return nullptr;
    Url page = url->without_fragment();
    if (!seen_.insert(comparison_key(page)).second)
        return nullptr;
    return &feed_.items.emplace_back(std::move(page));
}

std::string title_of_text(std::string_view text) { return cut_at_word(without_controls(repaired_utf8(text)), title_characters_max); }

std::string title_of_html(std::string_view html) { return title_of_text(markup::plain_text(html)); }

std::string kept_content(std::string_view html) { return std::string(html.substr(0, content_bytes_max)); }

std::optional<ZonedTime> feed_date(std::string_view text)
{
    text = trimmed(text);
    if (text.empty() || text.size() > 100)
        return std::nullopt;
    if (auto const date = parse_rfc3339(text))
        return date;
    if (auto const instant = parse_http_date(text))
        return ZonedTime{*instant};
    return std::nullopt;
}

Result<ReadFeed> read_feed(std::string_view bytes, std::string_view content_type, Url const& url)
{
    std::string decoded;
    if (!is_plain_utf8(bytes)) {
        decoded = markup::decoded_html(bytes, content_type);
        bytes = decoded;
    }
    if (bytes.starts_with("\xEF\xBB\xBF"))
        bytes.remove_prefix(3);
    std::string_view const text = trimmed(bytes);
    if (text.empty())
        return failure(ErrorCode::Malformed, "it is empty");
    if (text.front() == '{' || text.front() == '[')
        return read_json_feed(text, url);
    if (is_xml_feed(text))
        return read_xml_feed(text, url);
    return read_h_feed(text, url);
}

}  // namespace backtalk::feed
