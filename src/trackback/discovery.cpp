#include "trackback/discovery.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "http/link_header.h"
#include "markup/html_elements.h"
#include "markup/html_tokenizer.h"

namespace backtalk::trackback {

namespace {

constexpr std::size_t blocks_max = 1000;
constexpr std::size_t value_bytes_max = 4000;

/// One rdf:Description, as written; references, not URLs.
struct Block {
    std::string about, identifier, ping, title;
};

/// "ping" of "trackback:ping".
std::string_view local_name(std::string_view name)
{
    std::size_t const colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// rdf:Description, which holds a dc:description.
bool is_description(std::string_view name) { return local_name(name) == "description" && name != "dc:description"; }

std::string* member_of(Block& block, std::string_view name)
{
    std::string_view const local = local_name(name);
    if (local == "about")
        return &block.about;
    if (local == "identifier")
        return &block.identifier;
    if (local == "ping")
        return &block.ping;
    return local == "title" ? &block.title : nullptr;
}

/// Finds RDF descriptions wherever the tokenizer is: in the page, or in the text of one of its comments.
class RdfReader {
public:
    explicit RdfReader(std::vector<Block>& blocks) : blocks_(blocks) { }

    void start_tag(markup::HtmlStartTag const& tag)
    {
        if (tag.name.find(':') == std::string_view::npos)
            return;
        if (is_description(tag.name)) {
            end();
            if (blocks_.size() >= blocks_max)
                return;
            Block& block = blocks_.emplace_back();
            for (markup::HtmlAttribute const& attribute : tag.attributes)
                if (std::string* const member = member_of(block, attribute.name); member != nullptr && member->empty())
                    *member = trimmed(attribute.value.substr(0, value_bytes_max));
            is_open_ = !tag.self_closing;
            element_.clear();
        } else if (is_open_) {
            // <trackback:ping rdf:resource="…"/> as in RSS 1.0 (T10), or text up to the end tag.
            if (std::string* const member = member_of(blocks_.back(), tag.name); member != nullptr && member->empty())
                *member = trimmed(tag.attribute("rdf:resource").substr(0, value_bytes_max));
            element_ = tag.self_closing ? std::string_view() : tag.name;
        }
    }

    void end_tag(std::string_view name)
    {
        if (name == element_)
            element_.clear();
        else if (is_description(name))
            end();
    }

    void text(std::string_view text)
    {
        if (!is_open_ || element_.empty())
            return;
        std::string* const member = member_of(blocks_.back(), element_);
        if (member != nullptr && member->size() < value_bytes_max)
            *member += text.substr(0, value_bytes_max);
    }

    void end()
    {
        is_open_ = false;
        element_.clear();
    }

private:
    std::vector<Block>& blocks_;
    bool is_open_ = false;
    std::string element_;  ///< The member being read, by its full name.
};

/// The HTML tokenizer reads the RDF of a comment as well: it knows both kinds of quotes, blanks around "=" and entities, and it
/// never fails on what a template engine got wrong.
class CommentReader final : public markup::HtmlSink {
public:
    explicit CommentReader(std::vector<Block>& blocks) : rdf_(blocks) { }

    void start_tag(markup::HtmlStartTag const& tag) override { rdf_.start_tag(tag); }
    void end_tag(std::string_view name) override { rdf_.end_tag(name); }
    void text(std::string_view text) override { rdf_.text(text); }
    void comment(std::string_view comment) override
    {
        // HTML has no CDATA: <![CDATA[…]]> is a comment to it.
        if (comment.starts_with("[CDATA[") && comment.ends_with("]]"))
            rdf_.text(comment.substr(7, comment.size() - 9));
    }

private:
    RdfReader rdf_;
};

bool contains_ignoring_case(std::string_view text, std::string_view lower)
{
    auto const same = [](char a, char b) { return to_ascii_lower(a) == b; };
    return std::search(text.begin(), text.end(), lower.begin(), lower.end(), same) != text.end();
}

bool has_trackback_token(std::string_view rel)
{
    std::size_t i = 0;
    while (i < rel.size()) {
        std::size_t const start = i;
        while (i < rel.size() && !is_ascii_space(rel[i]))
            ++i;
        if (equal_ignoring_case(rel.substr(start, i - start), "trackback"))
            return true;
        ++i;
    }
    return false;
}

/// What a page says of TrackBack, unresolved.
class PageReader final : public markup::HtmlSink {
public:
    PageReader() : rdf_(blocks) { }

    void start_tag(markup::HtmlStartTag const& tag) override
    {
        markup::ElementTraits const traits = markup::element_traits(tag.name);
        if (!hidden_.now())
            read(tag, traits.element);
        hidden_.start(traits);
    }

    void end_tag(std::string_view name) override
    {
        hidden_.end(markup::element_traits(name));
        rdf_.end_tag(name);
    }

    void text(std::string_view text) override
    {
        if (!hidden_.now())
            rdf_.text(text);
    }

    void comment(std::string_view comment) override
    {
        if (hidden_.now())
            return;
        if (comment.starts_with("[CDATA[") && comment.ends_with("]]"))
            rdf_.text(comment.substr(7, comment.size() - 9));
        if (!contains_ignoring_case(comment, ":description"))
            return;
        CommentReader reader(blocks);
        markup::tokenize_html(comment, reader);
    }

    std::vector<Block> blocks;
    std::vector<std::string> link_elements;
    std::vector<std::string> anchors;
    std::optional<std::string> base;
    std::string canonical;

private:
    void read(markup::HtmlStartTag const& tag, markup::HtmlElement element)
    {
        rdf_.start_tag(tag);
        std::string_view const reference = tag.attribute("href");
        if (reference.data() == nullptr || reference.size() > value_bytes_max)
            return;
        std::string_view const rel = tag.attribute("rel");
        if (element == markup::HtmlElement::Base && !base)
            base = reference;
        else if (element == markup::HtmlElement::Link && has_trackback_token(rel) && link_elements.size() < blocks_max)
            link_elements.emplace_back(reference);
        else if (element == markup::HtmlElement::Link && canonical.empty() && equal_ignoring_case(trimmed(rel), "canonical"))
            canonical = reference;
        else if (element == markup::HtmlElement::A && has_trackback_token(rel) && anchors.size() < blocks_max)
            anchors.emplace_back(reference);
    }

    RdfReader rdf_;
    markup::HiddenContent hidden_;
};

std::vector<std::string> trackback_links(std::vector<std::string> const& link_headers)
{
    std::vector<std::string> references;
    for (http::Link& link : http::read_link_headers(link_headers))
        if (link.has_relation("trackback"))
            references.push_back(std::move(link.target));
    return references;
}

/// How surely a block speaks of the page that was linked to.
enum class Match { None, PageOnly, PageWithoutFragment, Exact };

/// The addresses of what was linked to.
class Subject {
public:
    Subject(Url const& linked_url, Url const& page_url, std::optional<Url> const& canonical)
        : fragment_(linked_url.fragment().value_or("")), keys_{comparison_key(linked_url), comparison_key(page_url)}
    {
        if (canonical)
            keys_.push_back(comparison_key(*canonical));
    }

    Match match(Url const& identifier) const
    {
        if (!is_page(identifier))
            return Match::None;
        std::string_view const fragment = identifier.fragment().value_or("");
        if (fragment == fragment_)
            return Match::Exact;
        return fragment.empty() ? Match::PageWithoutFragment : Match::PageOnly;
    }

    bool is_page(Url const& url) const { return std::find(keys_.begin(), keys_.end(), comparison_key(url)) != keys_.end(); }

private:
    std::string fragment_;
    std::vector<std::string> keys_;
};

/// http or https, and not a place on the page itself.
std::optional<Url> endpoint_url(Url const& base, std::string_view reference, Url const& page_url)
{
    if (trimmed(reference).empty())
        return std::nullopt;
    auto url = base.resolve(reference);
    if (!url || url->has_credentials() || url->without_fragment() == page_url.without_fragment())
        return std::nullopt;
    return url->without_fragment();
}

struct Candidate {
    Candidate(Match the_match, Endpoint the_endpoint) : match(the_match), endpoint(std::move(the_endpoint)) { }

    Match match;
    Endpoint endpoint;
};

std::optional<Candidate> candidate_of(Block const& block, Url const& base, Url const& page_url, Subject const& subject)
{
    // The oldest form (before trackback:ping) had the ping URL in `about`.
    bool const oldest = block.ping.empty();
    if (oldest && block.identifier.empty())
        return std::nullopt;
    std::string const& identifier = block.identifier.empty() ? block.about : block.identifier;
    if (identifier.empty())
        return std::nullopt;
    auto const named = base.resolve(identifier);
    if (!named)
        return std::nullopt;
    Match const match = subject.match(*named);
    auto url = endpoint_url(base, oldest ? block.about : block.ping, page_url);
    if (match == Match::None || !url || (oldest && subject.is_page(*url)))
        return std::nullopt;
    Candidate candidate(match, Endpoint(*std::move(url), Endpoint::Found::Rdf));
    candidate.endpoint.title = cut_at_word(without_controls(block.title), 255);
    return candidate;
}

void add_once(std::vector<Endpoint>& endpoints, Endpoint endpoint)
{
    bool const known = std::any_of(endpoints.begin(), endpoints.end(), [&](Endpoint const& each) { return each.url == endpoint.url; });
    if (!known)
        endpoints.push_back(std::move(endpoint));
}

/// The endpoints of the blocks that match best.
std::vector<Endpoint> best_of(std::vector<Candidate> const& candidates)
{
    Match best = Match::None;
    for (Candidate const& candidate : candidates)
        best = std::max(best, candidate.match);
    std::vector<Endpoint> endpoints;
    for (Candidate const& candidate : candidates)
        if (candidate.match == best)
            add_once(endpoints, candidate.endpoint);
    // Blocks that only their fragments tell apart, and none has the linked one: which of them is meant, nobody knows.
    if (best == Match::PageOnly && endpoints.size() > 1)
        endpoints.clear();
    return endpoints;
}

std::vector<Endpoint> resolved(std::vector<std::string> const& references, Url const& base, Url const& page_url, Endpoint::Found found)
{
    std::vector<Endpoint> endpoints;
    for (std::string const& reference : references)
        if (auto url = endpoint_url(base, reference, page_url))
            add_once(endpoints, Endpoint(*std::move(url), found));
    return endpoints;
}

std::string_view without_www(std::string_view host) { return host.starts_with("www.") ? host.substr(4) : host; }

}  // namespace

std::vector<Endpoint> discover(
    std::string_view utf8_html, std::vector<std::string> const& link_headers, Url const& page_url, Url const& linked_url)
{
    PageReader page;
    if (is_valid_utf8(utf8_html))
        markup::tokenize_html(utf8_html, page);
    else
        markup::tokenize_html(repaired_utf8(utf8_html), page);

    Url base = page_url;
    if (page.base)
        if (auto url = page_url.resolve(*page.base))
            base = *std::move(url);
    std::optional<Url> canonical;
    if (auto url = base.resolve(page.canonical); !page.canonical.empty() && url && without_www(url->host()) == without_www(page_url.host()))
        canonical = *std::move(url);

    Subject const subject(linked_url, page_url, canonical);
    std::vector<Candidate> candidates;
    bool speaks_of_others = false;
    for (Block const& block : page.blocks) {
        if (auto candidate = candidate_of(block, base, page_url, subject))
            candidates.push_back(*std::move(candidate));
        else
            speaks_of_others |= !block.ping.empty();
    }
    std::vector<Endpoint> endpoints = best_of(candidates);
    for (Endpoint& endpoint : resolved(trackback_links(link_headers), page_url, page_url, Endpoint::Found::LinkHeader))
        add_once(endpoints, std::move(endpoint));
    for (Endpoint& endpoint : resolved(page.link_elements, base, page_url, Endpoint::Found::LinkElement))
        add_once(endpoints, std::move(endpoint));
    std::vector<Endpoint> anchors = resolved(page.anchors, base, page_url, Endpoint::Found::Anchor);
    bool const is_listing = anchors.size() > 1 || (candidates.empty() && speaks_of_others);
    if (!is_listing)
        for (Endpoint& anchor : anchors)
            add_once(endpoints, std::move(anchor));
    return endpoints;
}

}  // namespace backtalk::trackback
