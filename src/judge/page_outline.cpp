#include "judge/page_outline.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "markup/html_elements.h"
#include "markup/html_tokenizer.h"

namespace backtalk::judge {

namespace {

constexpr std::size_t html_bytes_max = 2u << 20;
constexpr std::size_t hosts_max = 150;
constexpr std::size_t own_pages_max = 500;

/// The host of an absolute reference, as written; empty of others.
std::string_view written_host(std::string_view reference)
{
    std::size_t const slashes = reference.find("//");
    if (slashes > 6)  // or nowhere
        return {};
    if (slashes > 0 && !starts_with_ignoring_case(reference, "http:") && !starts_with_ignoring_case(reference, "https:"))
        return {};
    std::string_view host = reference.substr(slashes + 2);
    return host.substr(0, host.find_first_of("/?#:\\"));
}

std::string_view without_www(std::string_view host) { return starts_with_ignoring_case(host, "www.") ? host.substr(4) : host; }

/// Styles that take an element out of sight. NB: only what is written at the element itself; style sheets are not read.
bool is_hiding_style(std::string_view style)
{
    std::string plain;
    for (char const c : style)
        if (!is_ascii_space(c))
            plain += to_ascii_lower(c);
    constexpr std::array hiding = {
        "display:none", "visibility:hidden", "font-size:0", "text-indent:-9", "left:-9", "top:-9", "font-size:1px"};
    return std::ranges::any_of(hiding, [&](std::string_view each) { return plain.find(each) != std::string::npos; });
}

/// The year that a dated address has as one of its parts: 2009 of "/weblog/2009/03/lights-out". Nothing of others.
std::optional<int> year_in(std::string_view reference)
{
    constexpr int first_weblogs = 1994;
    constexpr int last = 2099;
    for (std::string_view const part : split(reference.substr(0, reference.find_first_of("?#")), '/')) {
        auto const year = part.size() == 4 ? parse_integer<int>(part) : std::nullopt;
        if (year && *year >= first_weblogs && *year <= last)
            return year;
    }
    return std::nullopt;
}

class OutlineReader final : public markup::HtmlSink {
public:
    OutlineReader(Url const& page, std::string_view target_host)
        : own_host_(without_www(page.host())), target_host_(without_www(target_host))
    {
    }

    void start_tag(markup::HtmlStartTag const& tag) override
    {
        if (tag.name == "link")
            look_at_feed(tag);
        // Scripts show a body that was hidden until all is loaded: it says nothing.
        bool const hides = tag.has_attribute("hidden") || is_hiding_style(tag.attribute("style"));
        if (tag.name == "a")
            look_at_link(tag.attribute("href"), hides || !hidden_in_.empty());
        if (hidden_in_.empty() && hides && !markup::element_traits(tag.name).is_void && tag.name != "body" && tag.name != "html") {
            hidden_in_ = tag.name;
            depth_ = 1;
        } else if (!hidden_in_.empty() && tag.name == hidden_in_) {
            ++depth_;
        }
    }
    void end_tag(std::string_view name) override
    {
        if (!hidden_in_.empty() && name == hidden_in_ && --depth_ == 0)
            hidden_in_.clear();
    }
    PageOutline finished()
    {
        outline_.own_pages = own_pages_.size();
        outline_.own_years = own_years_.size();
        outline_.hides_link = hidden_links_ > 0 && seen_links_ == 0;
        return std::move(outline_);
    }

private:
    void look_at_feed(markup::HtmlStartTag const& tag)
    {
        std::string_view const type = tag.attribute("type");
        if (equal_ignoring_case(trimmed(tag.attribute("rel")), "alternate") &&
            (equal_ignoring_case(type, "application/atom+xml") || equal_ignoring_case(type, "application/rss+xml") ||
                equal_ignoring_case(type, "application/feed+json")))
            outline_.has_feed = true;
    }

    void look_at_link(std::string_view reference, bool hidden)
    {
        reference = trimmed(reference);
        if (reference.empty() || reference.front() == '#')
            return;
        std::string_view const host = without_www(written_host(reference));
        if (!host.empty() && equal_ignoring_case(host, target_host_))
            ++(hidden ? hidden_links_ : seen_links_);
        if (host.empty() || equal_ignoring_case(host, own_host_)) {
            bool const has_scheme = host.empty() && reference.find(':') < reference.find('/');
            if (!has_scheme && own_pages_.size() < own_pages_max && own_pages_.emplace(reference).second)
                if (auto const year = year_in(reference))
                    own_years_.insert(*year);
            return;
        }
        ++outline_.links_out;
        if (outline_.hosts_out.size() < hosts_max)
            outline_.hosts_out.insert(ascii_lower(host));
    }

    std::string_view own_host_;
    std::string_view target_host_;
    PageOutline outline_;
    std::set<std::string> own_pages_;
    std::set<int> own_years_;
    std::string hidden_in_;  ///< The element that hides what is in it; empty: none does.
    std::size_t depth_ = 0;  ///< Of elements of that name.
    std::size_t hidden_links_ = 0;
    std::size_t seen_links_ = 0;
};

}  // namespace

PageOutline outline_of(std::string_view html, Url const& page, std::string_view target_host)
{
    OutlineReader reader(page, target_host);
    markup::tokenize_html(html.substr(0, html_bytes_max), reader);
    return reader.finished();
}

}  // namespace backtalk::judge
