#include "markup/json_page.h"

#include <exception>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "markup/json_counterparts.h"
#include "markup/mf2_json.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t depth_max = 64;

void read_object(json::object const& object, Microformats& microformats, JsonBudget& budget)
{
    if (!budget.take_item())
        return;
    if (is_mf2_item(object)) {
        microformats.items.push_back(mf2_item(object, budget));
        return;
    }
    json::array const* const items = array_of(object, "items");
    if (items == nullptr) {
        microformats.items.push_back(counterpart_item(object));
        return;
    }
    bool is_mf2 = false;
    MfItem feed = counterpart_feed(object);
    for (json::value const& each : *items) {
        json::object const* const one = each.if_object();
        if (one == nullptr || !budget.take_item())
            continue;
        if (is_mf2_item(*one)) {
            is_mf2 = true;
            microformats.items.push_back(mf2_item(*one, budget));
        } else {
            feed.children.push_back(counterpart_item(*one));
        }
    }
    if (!is_mf2)
        microformats.items.push_back(std::move(feed));
}

void collect_urls(json::value const& root, std::size_t urls_max, std::vector<Url>& urls)
{
    std::unordered_set<std::string> seen;
    std::vector<json::value const*> open{&root};
    while (!open.empty() && urls.size() < urls_max) {
        json::value const* const value = open.back();
        open.pop_back();
        if (json::string const* const text = value->if_string()) {
            if (!starts_with_ignoring_case(trimmed(view(*text)), "http"))
                continue;
            if (auto url = Url::parse(view(*text)); url && seen.insert(url->str()).second)
                urls.push_back(*std::move(url));
        } else if (json::array const* const array = value->if_array()) {
            for (auto each = array->rbegin(); each != array->rend(); ++each)
                open.push_back(&*each);
        } else if (json::object const* const object = value->if_object()) {
            for (std::size_t i = object->size(); i > 0; --i)
                open.push_back(&(object->begin() + static_cast<std::ptrdiff_t>(i - 1))->value());
        }
    }
}

JsonPage page_of(json::value const& root, std::size_t urls_max)
{
    JsonPage page;
    JsonBudget budget;
    for_each_value(root, [&](json::value const& each) {
        if (json::object const* const object = each.if_object()) {
            read_object(*object, page.microformats, budget);
            add_mf2_rels(*object, page.microformats, budget);
            for (std::string_view key : {"language", "lang", "inLanguage"})
                if (json::string const* const language = string_of(*object, key); language != nullptr && page.language.empty())
                    page.language = view(*language).substr(0, 100);
        }
    });
    collect_urls(root, urls_max, page.urls);
    return page;
}

}  // namespace

Result<JsonPage> read_json_page(std::string_view utf8_json, std::size_t urls_max)
{
    if (utf8_json.size() > json_page_bytes_max)
        return failure(ErrorCode::TooLarge, "the JSON is too long");
    std::string const repaired = is_valid_utf8(utf8_json) ? std::string() : repaired_utf8(utf8_json);
    std::string_view const text = repaired.empty() ? utf8_json : std::string_view(repaired);
    try {
        json::monotonic_resource memory;
        json::parse_options options;
        options.max_depth = depth_max;
        json::error_code error;
        json::value const root = json::parse(json::string_view(text.data(), text.size()), error, &memory, options);
        if (error)
            return failure(ErrorCode::Malformed, "not JSON: " + error.message());
        return page_of(root, urls_max);
    } catch (std::exception const& exception) {
        return failure(ErrorCode::Malformed, std::string("not JSON: ") + exception.what());
    }
}

}  // namespace backtalk::markup
