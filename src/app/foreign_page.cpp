#include "app/foreign_page.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"
#include "markup/charset.h"
#include "markup/html_tree.h"
#include "markup/page_links.h"
#include "trackback/message.h"
#include "weblog/source_page.h"

namespace backtalk {

namespace {

using markup::HtmlNode;
using markup::HtmlTag;

constexpr std::size_t targets_max = 1000;

/// Gathers targets, and a hash of what the entry says.
class Gathered {
public:
    explicit Gathered(std::initializer_list<Url const*> own)
    {
        for (Url const* const each : own)
            seen_.insert(comparison_key(*each));
    }

    void link(Url const& url)
    {
        says(url.str());
        if (!url.has_credentials() && targets_.size() < targets_max && seen_.insert(comparison_key(url)).second)
            targets_.push_back(url);
    }
    void says(std::string_view text) { hash_ = stable_hash(text, stable_hash("|", hash_)); }

    std::vector<Url> take_targets() { return std::move(targets_); }
    std::string version() const { return fmt::format("{:016x}", hash_); }

private:
    std::unordered_set<std::string> seen_;
    std::vector<Url> targets_;
    std::uint64_t hash_ = stable_hash("page");
};

bool tells(LinkElement element)
{
    using enum LinkElement;
    return element == A || element == Area || element == Blockquote || element == Q || element == PlainText;
}

/// Links that say what the page is, not what it speaks of.
bool is_about_the_page(std::string_view rel)
{
    constexpr std::array<std::string_view, 9> words = {"author", "bookmark", "license", "me", "next", "prev", "search", "tag", "trackback"};
    std::string const lower = ascii_lower(rel);
    for (std::string_view const word : split(lower, ' '))
        if (std::find(words.begin(), words.end(), word) != words.end())
            return true;
    return false;
}

/// The only outermost element with that tag, or nullptr.
HtmlNode const* only_one(HtmlNode const* root, HtmlTag tag)
{
    HtmlNode const* found = nullptr;
    for (HtmlNode const* node = root; node;) {
        bool const matches = node->is(tag);
        if (matches && std::exchange(found, node))
            return nullptr;
        node = markup::next_node(node, root, !matches);
    }
    return found;
}

class PageWalk {
public:
    PageWalk(markup::HtmlTree const& tree, Url const& page, Gathered& gathered) : root_(tree.root()), base_(page), gathered_(gathered)
    {
        if (auto const base = page.resolve(tree.base_reference()); tree.base_reference().data() && base)
            base_ = *base;
    }

    void walk()
    {
        HtmlNode const* start = only_one(root_, HtmlTag::Article);
        bool const in_article = start != nullptr;
        if (!start)
            start = only_one(root_, HtmlTag::Main);
        if (!start)
            start = root_;
        for (HtmlNode const* node = start; node;) {
            bool const into = node->is_text || reads(*node, in_article);
            if (node->is_text)
                gathered_.says(trimmed(node->text()));
            else if (into)
                element(*node);
            node = markup::next_node(node, start, into);
        }
    }

private:
    /// Whether what is inside belongs to the entry. An article's own header may say what it answers.
    static bool reads(HtmlNode const& node, bool in_article)
    {
        switch (node.tag) {
        case HtmlTag::Nav:
        case HtmlTag::Aside:
        case HtmlTag::Head:
        case HtmlTag::Script:
        case HtmlTag::Style: return false;
        case HtmlTag::Header:
        case HtmlTag::Footer: return in_article;
        default: return true;
        }
    }

    void element(HtmlNode const& node)
    {
        std::string_view reference;
        if (node.is(HtmlTag::A) || node.is(HtmlTag::Area))
            reference = is_about_the_page(node.attribute("rel")) ? std::string_view() : node.attribute("href");
        else if (node.is(HtmlTag::Blockquote) || node.name() == "q")
            reference = node.attribute("cite");
        if (trimmed(reference).empty())
            return;
        if (Result<Url> const url = base_.resolve(trimmed(reference)))
            gathered_.link(*url);
    }

    HtmlNode const* root_;
    Url base_;
    Gathered& gathered_;
};

void tell_of_entry(SourceEntry const& entry, Url const& page, Gathered& gathered)
{
    for (Relation const& relation : entry.relations)
        gathered.link(relation.target);
    gathered.says(entry.content_text);
    for (markup::PageLink const& link : markup::links_of(entry.content_html, page))
        if (tells(link.element))
            gathered.link(link.url);
}

bool is_markup(std::string_view content_type)
{
    std::string const type = ascii_lower(content_type.substr(0, content_type.find(';')));
    return type.empty() || type.find("html") != std::string::npos || type.find("xml") != std::string::npos;
}

}  // namespace

Result<ForeignPage> read_foreign_page(Fetched const& fetched)
{
    std::string const content_type(fetched.headers.get("Content-Type").value_or(""));
    TRY(SourcePage const page, read_source(fetched.body, content_type, fetched.url));
    ForeignPage foreign(page.canonical.value_or(page.url));
    foreign.title = page.title;
    foreign.site_name = page.site_name;
    foreign.published = page.published;
    std::string const summary = page.description.empty() && page.entry ? page.entry->content_text : page.description;
    foreign.excerpt = cut_at_word(summary.empty() ? page.text : summary, trackback::field_characters_max);

    Url const& asked = fetched.hops.empty() ? fetched.url : fetched.hops.front();
    Gathered gathered({&foreign.url, &page.url, &asked});
    gathered.says(page.title);
    if (page.entry && !page.entry->content_html.empty()) {
        tell_of_entry(*page.entry, page.url, gathered);
    } else if (is_markup(content_type)) {
        if (page.entry)
            for (Relation const& relation : page.entry->relations)
                gathered.link(relation.target);
        std::string const html = markup::decoded_html(fetched.body, content_type);
        markup::HtmlTree const tree(html);
        PageWalk(tree, fetched.url, gathered).walk();
    } else {
        gathered.says(page.text);
        for (SourceLink const& link : page.links)
            if (tells(link.element))
                gathered.link(link.url);
    }
    foreign.version = gathered.version();
    foreign.targets = gathered.take_targets();
    return foreign;
}

}  // namespace backtalk
