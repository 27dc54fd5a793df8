#include "markup/page_links.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "markup/text_builder.h"

namespace backtalk::markup {

std::string_view name_of(LinkElement element)
{
    switch (element) {
    case LinkElement::A: return "a";
    case LinkElement::Area: return "area";
    case LinkElement::Img: return "img";
    case LinkElement::Video: return "video";
    case LinkElement::Audio: return "audio";
    case LinkElement::Source: return "source";
    case LinkElement::Iframe: return "iframe";
    case LinkElement::Blockquote: return "blockquote";
    case LinkElement::Q: return "q";
    case LinkElement::Ins: return "ins";
    case LinkElement::Del: return "del";
    case LinkElement::PlainText: return "text";
    }
    return {};
}

bool LinkFilter::wants_host(std::string_view host) const
{
    return !is_limited_ || std::find(hosts_.begin(), hosts_.end(), host) != hosts_.end();
}

namespace {

/// The host of "//host:port/…" if the URL parser would leave it as it is but for letter case; nothing if only the parser knows.
std::optional<std::string_view> plain_host(std::string_view after_scheme)
{
    if (!after_scheme.starts_with("//"))
        return std::nullopt;
    std::string_view authority = after_scheme.substr(2);
    std::size_t host_end = authority.size();
    std::size_t last_label = 0;
    for (std::size_t i = 0; i < authority.size(); ++i) {
        char const c = authority[i];
        if (c == '/' || c == '?' || c == '#') {
            host_end = std::min(host_end, i);
            authority = authority.substr(0, i);
            break;
        }
        if (c == ':' && host_end == authority.size())
            host_end = i;
        else if (c == '.' && i < host_end)
            last_label = i + 1;
        else if (!is_ascii_alnum(c) && c != '-' && c != '_')
            return std::nullopt;
    }
    std::string_view const host = authority.substr(0, std::min(host_end, authority.size()));
    // A last label that begins with a digit is an IPv4 address in one of its many spellings.
    if (host.empty() || last_label >= host.size() || is_ascii_digit(host[last_label]))
        return std::nullopt;
    return host;
}

/// "http" of "http://a.example/": empty where the reference begins with no scheme.
std::string_view scheme_of(std::string_view reference)
{
    if (reference.empty() || !is_ascii_alpha(reference[0]))
        return {};
    for (std::size_t i = 1; i < reference.size(); ++i) {
        char const c = reference[i];
        if (c == ':')
            return reference.substr(0, i);
        if (!is_ascii_alnum(c) && c != '+' && c != '-' && c != '.')
            return {};
    }
    return {};
}

}  // namespace

bool LinkFilter::may_want(std::string_view reference, Url const& base) const
{
    if (!is_limited_)
        return true;
    // The parser drops blanks and controls at the ends and tabs and line ends everywhere: leave such references to it.
    if (reference.empty())
        return wants(base);
    if (static_cast<unsigned char>(reference[0]) <= ' ')
        return true;
    std::string_view const scheme = scheme_of(reference);
    std::string_view rest = reference;
    if (!scheme.empty()) {
        if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https"))
            return false;
        rest.remove_prefix(scheme.size() + 1);
        if (!rest.starts_with("//"))
            return true;
    } else if (!rest.starts_with("//")) {
        // Without two slashes (or backslashes, or a scheme broken by a tab) it stays on the base's host.
        bool const odd = std::any_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rest.size(), 16)),
            [](char c) { return c == '\\' || static_cast<unsigned char>(c) < ' '; });
        return odd || wants(base);
    }
    auto const host = plain_host(rest);
    if (!host)
        return true;
    return std::any_of(hosts_.begin(), hosts_.end(), [&](std::string const& wanted) { return equal_ignoring_case(wanted, *host); });
}

void LinkCollector::set_base(std::string_view reference)
{
    if (has_base_element_)
        return;
    has_base_element_ = true;
    if (auto base = base_.resolve(reference))
        base_ = *std::move(base);
}

namespace {

bool is_nofollow(std::string_view rel)
{
    for (std::string_view token : split(rel, ' '))
        if (equal_ignoring_case(token, "nofollow") || equal_ignoring_case(token, "ugc") || equal_ignoring_case(token, "sponsored"))
            return true;
    return false;
}

struct LinkAttribute {
    LinkElement element;
    std::string_view name;
};

std::optional<LinkAttribute> link_attribute(HtmlElement element)
{
    switch (element) {
    case HtmlElement::A: return LinkAttribute{LinkElement::A, "href"};
    case HtmlElement::Area: return LinkAttribute{LinkElement::Area, "href"};
    case HtmlElement::Img: return LinkAttribute{LinkElement::Img, "src"};
    case HtmlElement::Video: return LinkAttribute{LinkElement::Video, "src"};
    case HtmlElement::Audio: return LinkAttribute{LinkElement::Audio, "src"};
    case HtmlElement::Source: return LinkAttribute{LinkElement::Source, "src"};
    case HtmlElement::Iframe: return LinkAttribute{LinkElement::Iframe, "src"};
    case HtmlElement::Blockquote: return LinkAttribute{LinkElement::Blockquote, "cite"};
    case HtmlElement::Q: return LinkAttribute{LinkElement::Q, "cite"};
    case HtmlElement::Ins: return LinkAttribute{LinkElement::Ins, "cite"};
    case HtmlElement::Del: return LinkAttribute{LinkElement::Del, "cite"};
    default: return std::nullopt;
    }
}

}  // namespace

void LinkCollector::start_tag(HtmlStartTag const& tag, HtmlElement element, std::size_t text_position)
{
    auto const where = link_attribute(element);
    if (!where)
        return;
    if (element == HtmlElement::A)
        end_of_a(text_position);  // An a inside an a ends the first.
    std::string_view const reference = tag.attribute(where->name);
    if (reference.data() == nullptr || links_.size() >= links_max || !filter_.may_want(reference, base_))
        return;
    auto url = base_.resolve(reference);
    if (!url || !filter_.wants(*url))
        return;
    PageLink& link = links_.emplace_back(*std::move(url), where->element);
    link.text_position = text_position;
    if (element == HtmlElement::A || element == HtmlElement::Area)
        link.nofollow = is_nofollow(tag.attribute("rel"));
    if (element == HtmlElement::A)
        open_a_ = links_.size() - 1;
}

void LinkCollector::end_of_a(std::size_t text_size)
{
    if (open_a_ == none)
        return;
    PageLink& link = links_[open_a_];
    link.text_length = text_size > link.text_position ? text_size - link.text_position : 0;
    open_a_ = none;
}

namespace {

class LinksOf final : public HtmlSink {
public:
    LinksOf(std::string_view html, Url const& base) : text_(html.size() * 2 + 64), links_(base, LinkFilter()) { }

    void start_tag(HtmlStartTag const& tag) override
    {
        ElementTraits const traits = element_traits(tag.name);
        if (traits.is_block)
            text_.break_line();
        if (!hidden_.now()) {
            links_.start_tag(tag, traits.element, text_.next_position());
            if (traits.element == HtmlElement::Img)
                text_.add(tag.attribute("alt"));
        }
        hidden_.start(traits);
    }

    void end_tag(std::string_view name) override
    {
        ElementTraits const traits = element_traits(name);
        if (traits.is_block)
            text_.break_line();
        hidden_.end(traits);
        if (traits.element == HtmlElement::A)
            links_.end_of_a(text_.size());
    }

    void text(std::string_view text) override
    {
        if (!hidden_.now())
            text_.add(text);
    }

    std::vector<PageLink> take() { return links_.take(); }

private:
    TextBuilder text_;
    LinkCollector links_;
    HiddenContent hidden_;
};

}  // namespace

std::vector<PageLink> links_of(std::string_view html, Url const& base)
{
    LinksOf sink(html, base);
    tokenize_html(html, sink);
    return sink.take();
}

}  // namespace backtalk::markup
