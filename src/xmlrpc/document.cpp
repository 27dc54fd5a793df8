#include "xmlrpc/document.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "markup/charset.h"

namespace backtalk::xmlrpc {

namespace {

/// pugixml calls it for each node, without recursion.
class DepthCheck final : public pugi::xml_tree_walker {
public:
    bool for_each(pugi::xml_node&) override { return depth() < depth_max; }
};

/// UTF-8 without what XML cannot have, which is how UTF-16 and ISO-2022 show.
bool is_plain_utf8(std::string_view bytes)
{
    auto const is_odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_ascii_space(c); };
    return is_valid_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), is_odd);
}

}  // namespace

Result<void> load(pugi::xml_document& document, std::string_view body, std::string_view content_type)
{
    std::string const decoded = is_plain_utf8(body) ? std::string() : markup::decoded_html(body, content_type);
    std::string_view text = decoded.empty() ? body : decoded;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    // Scripts that print an empty line before the declaration are common; XML does not allow it.
    text = trimmed(text);
    if (text.empty())
        return failure(ErrorCode::Malformed, "an empty body");

    constexpr unsigned flags =
        pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_ws_pcdata_single | pugi::parse_doctype;
    pugi::xml_parse_result const parsed = document.load_buffer(text.data(), text.size(), flags, pugi::encoding_utf8);
    // It stands before the root, so it was seen even if what follows is broken.
    for (pugi::xml_node const node : document.children())
        if (node.type() == pugi::node_doctype)
            return failure(ErrorCode::Refused, "a document type declaration is not accepted");
    if (!parsed)
        return failure(ErrorCode::Malformed, fmt::format("not XML: {} at byte {}", parsed.description(), parsed.offset));
    if (DepthCheck check; !document.traverse(check))
        return failure(ErrorCode::TooLarge, fmt::format("elements are nested more than {} deep", depth_max));
    return {};
}

}  // namespace backtalk::xmlrpc
