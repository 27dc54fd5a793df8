#include "markup/microformats.h"

#include <algorithm>

#include "markup/microformats_reader.h"

namespace backtalk::markup {

bool MfItem::is(std::string_view type) const { return std::ranges::find(types, type) != types.end(); }

MfProperty const* MfItem::find(std::string_view property) const
{
    auto const found = std::ranges::find(properties, property, &MfProperty::name);
    return found == properties.end() ? nullptr : &*found;
}

std::string_view MfItem::text_of(std::string_view property) const
{
    MfProperty const* const found = find(property);
    return found == nullptr ? std::string_view() : std::string_view(found->values.front().text);
}

std::vector<std::string_view> Microformats::rel(std::string_view name) const
{
    std::vector<std::string_view> urls;
    for (MfRelUrl const& link : rel_urls)
        if (std::ranges::find(link.rels, name) != link.rels.end())
            urls.push_back(link.url);
    return urls;
}

Microformats read_microformats(std::string_view utf8_html, Url const& url)
{
    HtmlTree const tree(utf8_html);
    return MfReader(tree, utf8_html.size(), url).read();
}

}  // namespace backtalk::markup
