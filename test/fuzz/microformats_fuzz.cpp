// Any page gives a tree and items that are bounded, sorted and well-formed, and JSON that can be read.
#include <algorithm>
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "markup/html_tree.h"
#include "markup/microformats.h"
#include "url/url.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void check_tree(std::string_view html)
{
    HtmlTree const tree(html);
    require(tree.memory_bytes() <= 40 * html.size() + 4096);
    HtmlNode const* const root = tree.root();
    require(root->is(HtmlTag::Html) && root->first_child->is(HtmlTag::Head) && root->first_child->next_sibling->is(HtmlTag::Body));
    std::size_t count = 0;
    for (HtmlNode const* node = root; node != nullptr; node = next_node(node, root)) {
        ++count;
        require(count <= tree.node_count());
        if (node != root)
            require(node->parent != nullptr && !node->parent->is_text);
        require(node->is_text ? !node->text().empty() && node->first_child == nullptr : !node->name().empty());
        for (HtmlNode const* child = node->first_child; child != nullptr; child = child->next_sibling)
            require(child->parent == node);
        require(!node->is(HtmlTag::Template) && !(has_flag(node->tag, html_tag_flag::Void) && node->first_child != nullptr));
    }
    require(count == tree.node_count());
}

std::size_t bytes_seen = 0;

void check_item(MfItem const& item, std::size_t depth)
{
    require(depth < 32);
    require(!item.types.empty() && std::ranges::is_sorted(item.types) && std::ranges::adjacent_find(item.types) == item.types.end());
    bytes_seen += item.id.size();
    for (std::string const& type : item.types)
        require(type.starts_with("h-"));
    for (MfProperty const& property : item.properties) {
        require(!property.name.empty() && !property.values.empty());
        if (&property - item.properties.data() < 20)
            require(item.find(property.name) == &property && item.text_of(property.name) == property.values.front().text);
        for (MfValue const& value : property.values) {
            bytes_seen += value.text.size() + (value.html ? value.html->size() : 0) + (value.alt ? value.alt->size() : 0);
            require(value.item.size() <= 1);
            for (MfItem const& nested : value.item)
                check_item(nested, depth + 1);
        }
    }
    for (MfItem const& child : item.children)
        check_item(child, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const html(reinterpret_cast<char const*>(bytes), size);
    check_tree(html);
    static Url const url = *Url::parse("https://rosa.example/notes/7");
    Microformats const found = read_microformats(html, url);
    bytes_seen = 0;
    for (MfItem const& item : found.items)
        check_item(item, 0);
    for (MfRelUrl const& link : found.rel_urls) {
        require(!link.url.empty() && !link.rels.empty() && std::ranges::is_sorted(link.rels));
        bytes_seen += link.url.size() + link.text.size();
    }
    if (!found.rel_urls.empty())
        require(found.rel(found.rel_urls.front().rels.front()).front() == found.rel_urls.front().url);
    require(bytes_seen <= 64 * size + 1024 * 1024);
    if (is_valid_utf8(html)) {
        boost::system::error_code error;
        boost::json::parse_options options;
        options.max_depth = 256;
        boost::json::parse(to_json(found), error, {}, options);
        require(!error);
    }
    return 0;
}
