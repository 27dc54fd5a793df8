#include "webmention/discovery.h"

#include "base/text.h"
#include "http/link_header.h"
#include "markup/html_elements.h"
#include "markup/html_tokenizer.h"

namespace backtalk::webmention {

namespace {

constexpr std::size_t reference_bytes_max = 8192;  ///< More is no Url.

/// The relations that name an endpoint, the better one first.
enum class Relation { Proper, Legacy };

bool is_legacy(std::string_view token)
{
    return equal_ignoring_case(token, "http://webmention.org/") || equal_ignoring_case(token, "http://webmention.org");
}

struct Relations {
    bool proper = false;
    bool legacy = false;
};

Relations relations_of(std::string_view rel)
{
    Relations relations;
    for (std::size_t i = 0; i < rel.size(); ++i) {
        std::size_t const start = i;
        while (i < rel.size() && !is_ascii_space(rel[i]))
            ++i;
        std::string_view const token = rel.substr(start, i - start);
        relations.proper |= equal_ignoring_case(token, "webmention");
        relations.legacy |= is_legacy(token);
    }
    return relations;
}

struct FoundReference {
    std::string reference;
    Endpoint::Found found;
};

/// The first element of each relation, unresolved: <base> may come later.
class PageReader final : public markup::HtmlSink {
public:
    void start_tag(markup::HtmlStartTag const& tag) override
    {
        markup::ElementTraits const traits = markup::element_traits(tag.name);
        if (!hidden_.now() && tag.has_attribute("href"))
            read(tag, traits.element);
        hidden_.start(traits);
    }

    void end_tag(std::string_view name) override { hidden_.end(markup::element_traits(name)); }

    std::optional<FoundReference> proper;
    std::optional<FoundReference> legacy;
    std::optional<std::string> base;

private:
    void read(markup::HtmlStartTag const& tag, markup::HtmlElement element)
    {
        std::string_view const reference = tag.attribute("href").substr(0, reference_bytes_max + 1);
        if (element == markup::HtmlElement::Base && !base)
            base = reference;
        if (element != markup::HtmlElement::Link && element != markup::HtmlElement::A)
            return;
        Relations const relations = relations_of(tag.attribute("rel"));
        auto const found = element == markup::HtmlElement::Link ? Endpoint::Found::LinkElement : Endpoint::Found::Anchor;
        if (relations.proper && !proper)
            proper = {std::string(reference), found};
        if (relations.legacy && !legacy)
            legacy = {std::string(reference), found};
    }

    markup::HiddenContent hidden_;
};

std::optional<FoundReference> named_in(std::vector<http::Link> const& links, Relation relation, Url const& page_url)
{
    for (http::Link const& link : links) {
        bool const matches = relation == Relation::Proper
            ? link.has_relation("webmention")
            : link.has_relation("http://webmention.org/") || link.has_relation("http://webmention.org");
        if (!matches)
            continue;
        // RFC 8288, 3.2: the link is then one of that page.
        if (auto const anchor = link.parameter("anchor")) {
            auto const context = page_url.resolve(*anchor);
            if (!context || context->without_fragment() != page_url.without_fragment())
                continue;
        }
        return FoundReference{link.target, Endpoint::Found::LinkHeader};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Endpoint> find_endpoint(std::string_view utf8_html, std::vector<std::string> const& link_headers, Url const& page_url)
{
    auto const links = http::read_link_headers(link_headers);
    auto found = named_in(links, Relation::Proper, page_url);
    PageReader page;
    if (!found) {
        if (is_valid_utf8(utf8_html))
            markup::tokenize_html(utf8_html, page);
        else
            markup::tokenize_html(repaired_utf8(utf8_html), page);
        found = page.proper;
    }
    if (!found)
        found = named_in(links, Relation::Legacy, page_url);
    if (!found)
        found = page.legacy;
    if (!found)
        return std::nullopt;

    Url base = page_url;
    if (found->found != Endpoint::Found::LinkHeader && page.base && !trimmed(found->reference).empty())
        if (auto url = page_url.resolve(*page.base))
            base = *std::move(url);
    auto const url = base.resolve(found->reference);
    if (!url || url->has_credentials())
        return std::nullopt;
    return Endpoint(url->without_fragment(), found->found);
}

std::optional<Url> discover(std::string_view utf8_html, std::vector<std::string> const& link_headers, Url const& page_url)
{
    auto endpoint = find_endpoint(utf8_html, link_headers, page_url);
    return endpoint ? std::optional(std::move(endpoint->url)) : std::nullopt;
}

}  // namespace backtalk::webmention
