#include "pingback/discovery.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace backtalk::pingback {

namespace {

constexpr std::string_view opening = "<link rel=\"pingback\" href=\"";

/// The first match of the specification's regular expression: what its parentheses hold.
std::optional<std::string_view> first_match(std::string_view text)
{
    for (std::size_t found = text.find(opening); found != std::string_view::npos; found = text.find(opening, found + 1)) {
        std::size_t const start = found + opening.size();
        // The opening has quotes itself, so this ends before the next one: the search stays linear.
        std::size_t const end = text.find('"', start);
        if (end == std::string_view::npos)
            return std::nullopt;
        std::string_view rest = text.substr(end + 1, 3);
        if (rest.starts_with(' '))
            rest.remove_prefix(1);
        if (rest.starts_with('/'))
            rest.remove_prefix(1);
        if (end > start && rest.starts_with('>'))
            return text.substr(start, end - start);
    }
    return std::nullopt;
}

/// Once, from left to right: "&amp;lt;" becomes "&lt;". No other entity may be used (P4).
std::string expanded(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, char>, 4> entities = {{{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}}};
    std::string out;
    while (!text.empty()) {
        std::size_t length = 1;
        char c = text.front();
        for (auto const& [entity, meaning] : entities)
            if (text.starts_with(entity)) {
                length = entity.size();
                c = meaning;
            }
        out += c;
        text.remove_prefix(length);
    }
    return out;
}

}  // namespace

std::optional<Url> discover(std::string_view text, std::vector<std::string> const& x_pingback, Url const& page_url)
{
    std::string reference;
    for (std::string const& value : x_pingback)
        if (reference.empty())
            reference = trimmed(value);
    if (reference.empty()) {
        auto const match = first_match(text);
        if (!match)
            return std::nullopt;
        reference = expanded(*match);
    }
    auto const url = page_url.resolve(reference);
    if (!url || url->has_credentials())
        return std::nullopt;
    return url->without_fragment();
}

std::string link_element(Url const& server) { return std::string(opening) + escaped(replaced_all(server.str(), "'", "%27")) + "\" />"; }

}  // namespace backtalk::pingback
