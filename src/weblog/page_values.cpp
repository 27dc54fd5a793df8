#include "weblog/page_values.h"

#include <algorithm>
#include <ranges>

#include "base/text.h"

namespace backtalk {

namespace {
constexpr std::size_t language_bytes_max = 35;  // RFC 5646, 4.4.1
}

std::optional<Url> url_in(std::string_view text)
{
    Result<Url> url = Url::parse(text);
    if (!url || url->has_credentials())
        return std::nullopt;
    return *std::move(url);
}

std::optional<Url> url_in(markup::MfValue const& value)
{
    for (markup::MfItem const& item : value.item)
        if (auto url = url_in(item, "url"))
            return url;
    return url_in(value.text);
}

std::optional<Url> url_in(markup::MfItem const& item, std::string_view property)
{
    if (markup::MfProperty const* const found = item.find(property))
        for (markup::MfValue const& value : found->values)
            if (auto url = url_in(value.text))
                return url;
    return std::nullopt;
}

std::vector<Url> urls_in(markup::MfItem const& item, std::string_view property, std::size_t count_max)
{
    std::vector<Url> urls;
    if (markup::MfProperty const* const found = item.find(property)) {
        for (markup::MfValue const& value : found->values) {
            if (urls.size() >= count_max)
                break;
            if (auto url = url_in(value); url && std::ranges::find(urls, *url) == urls.end())
                urls.push_back(*std::move(url));
        }
    }
    return urls;
}

std::string line_of(std::string_view text, std::size_t characters_max) { return cut_at_word(without_controls(text), characters_max); }

std::string language_tag(std::string_view text)
{
    std::string_view const tag = trimmed(text);
    bool const plain = std::ranges::all_of(tag, [](char c) { return is_ascii_alnum(c) || c == '-' || c == '_'; });
    return plain && tag.size() <= language_bytes_max ? std::string(tag) : std::string();
}

std::vector<markup::MfItem const*> all_items(std::vector<markup::MfItem> const& items)
{
    std::vector<markup::MfItem const*> all;
    std::vector<markup::MfItem const*> open;
    auto const push = [&](std::vector<markup::MfItem> const& more) {
        for (markup::MfItem const& item : more | std::views::reverse)
            open.push_back(&item);
    };
    push(items);
    while (!open.empty()) {
        markup::MfItem const* const item = open.back();
        open.pop_back();
        all.push_back(item);
        push(item->children);
        for (markup::MfProperty const& property : item->properties | std::views::reverse)
            for (markup::MfValue const& value : property.values | std::views::reverse)
                push(value.item);
    }
    return all;
}

}  // namespace backtalk
