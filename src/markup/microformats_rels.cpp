#include "markup/microformats_rels.h"

#include <algorithm>

namespace backtalk::markup {

void MfRelCollector::add(HtmlNode const& element)
{
    std::string_view const rel = element.attribute("rel");
    std::string_view const href = element.attribute("href");
    if (rel.empty() || href.data() == nullptr)
        return;
    std::string url = values_.absolute(href);
    if (url.empty() || !budget_.take_bytes(url.size() + rel.size()))
        return;
    auto const [position, is_new] = positions_.try_emplace(url, links_.size());
    if (is_new)
        links_.emplace_back().url = std::move(url);
    MfRelUrl& link = links_[position->second];
    for_each_token(rel, [&](std::string_view token) { link.rels.push_back(ascii_lower(token)); });

    struct Known {
        std::string_view attribute;
        std::string MfRelUrl::* field;
    };
    static constexpr Known known[] = {
        {"title", &MfRelUrl::title},
        {"media", &MfRelUrl::media},
        {"hreflang", &MfRelUrl::hreflang},
        {"type", &MfRelUrl::type},
    };
    for (Known const& each : known)
        if ((link.*each.field).empty())
            link.*each.field = element.attribute(each.attribute);
    if (link.text.empty())
        link.text = values_.raw_text(element);
}

std::vector<MfRelUrl> MfRelCollector::take()
{
    for (MfRelUrl& link : links_) {
        std::ranges::sort(link.rels);
        auto const repeated = std::ranges::unique(link.rels);
        link.rels.erase(repeated.begin(), repeated.end());
    }
    std::erase_if(links_, [](MfRelUrl const& link) { return link.rels.empty(); });
    return std::move(links_);
}

}  // namespace backtalk::markup
