#include "weblog/author.h"

#include <algorithm>

#include "weblog/page_values.h"

namespace backtalk {

namespace {

constexpr std::size_t urls_of_card_max = 20;

std::vector<std::string> keys_of(std::vector<Url> const& urls)
{
    std::vector<std::string> keys;
    for (Url const& url : urls)
        keys.push_back(comparison_key(url));
    return keys;
}

bool share_one(std::vector<std::string> const& some, std::vector<std::string> const& others)
{
    return std::ranges::any_of(some, [&](std::string const& each) { return std::ranges::find(others, each) != others.end(); });
}

bool names_one_of(markup::MfItem const& card, std::string_view property, std::vector<std::string> const& keys)
{
    return share_one(keys_of(urls_in(card, property, urls_of_card_max)), keys);
}

std::vector<markup::MfItem const*> cards_of(markup::Microformats const& page)
{
    std::vector<markup::MfItem const*> cards = all_items(page.items);
    std::erase_if(cards, [](markup::MfItem const* item) { return !item->is("h-card"); });
    return cards;
}

/// Steps 2 to 5.
Authorship said_by(markup::MfItem const& item)
{
    Authorship said;
    markup::MfProperty const* const authors = item.find("author");
    if (authors == nullptr)
        return said;
    for (markup::MfValue const& value : authors->values) {
        if (!value.item.empty() && value.item.front().is("h-card"))
            said.author = author_of_card(value.item.front());
        else if (!value.item.empty())
            said.author.name = line_of(value.item.front().text_of("name"));  // NB: who is no h-card is a name, as in XRay.
        else if (auto url = url_in(value.text))
            said.page = std::move(url);
        else
            said.author.name = line_of(value.text);
        if (said.author.is_known() || said.page)
            return said;
    }
    return said;
}

/// Step 7.4.
Author card_here(markup::Microformats const& page, Url const& author_page)
{
    std::vector<std::string> const keys{comparison_key(author_page)};
    for (markup::MfItem const* card : cards_of(page))
        if (names_one_of(*card, "url", keys))
            return author_of_card(*card);
    return {};
}

}  // namespace

Author author_of_card(markup::MfItem const& card)
{
    Author author;
    author.name = line_of(card.text_of("name"));
    if (author.name.empty())
        author.name = line_of(card.text_of("nickname"));
    author.url = url_in(card, "url");
    author.photo = url_in(card, "photo");
    return author;
}

Authorship authorship_of(markup::MfItem const& entry, markup::MfItem const* feed, markup::Microformats const& page)
{
    Authorship found = said_by(entry);
    if (!found.author.is_known() && !found.page && feed != nullptr)
        found = said_by(*feed);
    if (found.author.is_known())
        return found;
    if (!found.page)
        if (auto const links = page.rel("author"); !links.empty())
            found.page = url_in(links.front());
    if (found.page)
        found.author = card_here(page, *found.page);
    return found;
}

std::optional<Author> author_on(markup::Microformats const& author_page, Url const& asked, Url const& answered)
{
    std::vector<std::string> const page_keys{comparison_key(asked), comparison_key(answered)};
    std::vector<markup::MfItem const*> const cards = cards_of(author_page);
    for (markup::MfItem const* card : cards)
        if (names_one_of(*card, "url", page_keys) && names_one_of(*card, "uid", page_keys))
            return author_of_card(*card);

    std::vector<std::string> me;
    for (std::string_view const link : author_page.rel("me"))
        if (auto const url = url_in(link); url && me.size() < 100)
            me.push_back(comparison_key(*url));
    for (markup::MfItem const* card : cards)
        if (names_one_of(*card, "url", me))
            return author_of_card(*card);

    std::vector<markup::MfItem const*> of_page = cards;
    std::erase_if(of_page, [&](markup::MfItem const* card) { return !names_one_of(*card, "url", page_keys); });
    if (of_page.size() == 1)
        return author_of_card(*of_page.front());
    return std::nullopt;
}

}  // namespace backtalk
