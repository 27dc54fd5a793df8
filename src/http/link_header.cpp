#include "http/link_header.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace backtalk::http {

namespace {

constexpr std::size_t links_max = 1000;
constexpr std::size_t parameters_max = 100;

std::vector<std::string> lower_tokens(std::string_view text)
{
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::size_t const start = i;
        while (i < text.size() && !is_ascii_space(text[i]))
            ++i;
        if (i > start)
            tokens.push_back(ascii_lower(text.substr(start, i - start)));
    }
    return tokens;
}

/// Reads one line. A comma or semicolon may stand between angle brackets and inside quotes, so nothing is split before it is read.
class LinkLine {
public:
    explicit LinkLine(std::string_view line) : rest_(line) { }

    /// RFC 8288, B.2
    std::optional<Link> next()
    {
        skip_blanks();
        while (starts_with(',')) {
            rest_.remove_prefix(1);
            skip_blanks();
        }
        std::size_t const end = starts_with('<') ? rest_.find('>') : std::string_view::npos;
        if (end == std::string_view::npos)
            return std::nullopt;
        Link link;
        link.target = trimmed(rest_.substr(1, end - 1));
        rest_.remove_prefix(end + 1);
        read_parameters(link);
        return link;
    }

private:
    bool starts_with(char c) const { return !rest_.empty() && rest_.front() == c; }

    void skip_blanks() { rest_.remove_prefix(std::find_if_not(rest_.begin(), rest_.end(), is_ascii_space) - rest_.begin()); }

    std::string_view take_until(std::string_view ends)
    {
        std::string_view const taken = rest_.substr(0, rest_.find_first_of(ends));
        rest_.remove_prefix(taken.size());
        return trimmed(taken);
    }

    /// B.3
    void read_parameters(Link& link)
    {
        bool has_rel = false;
        for (skip_blanks(); starts_with(';'); skip_blanks()) {
            rest_.remove_prefix(1);
            std::string name = ascii_lower(take_until("=;,"));
            std::string value;
            if (starts_with('=')) {
                rest_.remove_prefix(1);
                skip_blanks();
                value = starts_with('"') ? quoted_string() : std::string(take_until(";,"));
            }
            if (name == "rel") {
                if (!std::exchange(has_rel, true))
                    link.relations = lower_tokens(value);
            } else if (!name.empty() && link.parameters.size() < parameters_max) {
                link.parameters.push_back({std::move(name), std::move(value)});
            }
        }
    }

    /// B.4; without an end it goes to the end of the line.
    std::string quoted_string()
    {
        std::string value;
        std::size_t i = 1;
        for (; i < rest_.size() && rest_[i] != '"'; ++i) {
            if (rest_[i] == '\\' && i + 1 < rest_.size())
                ++i;
            value += rest_[i];
        }
        rest_.remove_prefix(std::min(i + 1, rest_.size()));
        return value;
    }

    std::string_view rest_;
};

}  // namespace

bool Link::has_relation(std::string_view relation) const
{
    return std::find(relations.begin(), relations.end(), relation) != relations.end();
}

std::optional<std::string_view> Link::parameter(std::string_view name) const
{
    auto const found = std::find_if(parameters.begin(), parameters.end(), [&](Parameter const& each) { return each.name == name; });
    return found == parameters.end() ? std::nullopt : std::optional<std::string_view>(found->value);
}

std::vector<Link> read_link_headers(std::vector<std::string> const& values)
{
    std::vector<Link> links;
    for (std::string const& value : values) {
        LinkLine line(value);
        while (links.size() < links_max) {
            auto link = line.next();
            if (!link)
                break;
            links.push_back(*std::move(link));
        }
    }
    return links;
}

}  // namespace backtalk::http
