#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "markup/html_elements.h"
#include "markup/html_tokenizer.h"
#include "url/url.h"

namespace backtalk::markup {

/// What kind of markup holds a link. PlainText: written out in a text without markup.
enum class LinkElement : std::uint8_t { A, Area, Img, Video, Audio, Source, Iframe, Blockquote, Q, Ins, Del, PlainText };

/// "a", "blockquote" …; "text" for PlainText.
std::string_view name_of(LinkElement element);

/// One link of a page, resolved.
struct PageLink {
    PageLink(Url the_url, LinkElement the_element) : url(std::move(the_url)), element(the_element) { }

    Url url;
    LinkElement element;
    bool nofollow = false;          ///< rel has the token nofollow, ugc or sponsored.
    std::size_t text_position = 0;  ///< Byte in the page's text where it stands.
    std::size_t text_length = 0;    ///< Bytes of its own text there; 0 for images and the like.
};

/// Which links of a page are wanted. Links to other hosts cost no full parse then.
class LinkFilter {
public:
    /// Every link.
    LinkFilter() = default;
    /// Only links to these hosts, as Url::host() writes them; whatever their scheme and port.
    explicit LinkFilter(std::vector<std::string> hosts) : hosts_(std::move(hosts)), is_limited_(true) { }

    bool wants(Url const& url) const { return wants_host(url.host()); }
    /// `host` as Url::host() writes it.
    bool wants_host(std::string_view host) const;
    /// False if the reference, on a page with this base, surely leads to no wanted host. Never false by mistake.
    bool may_want(std::string_view reference, Url const& base) const;

private:
    std::vector<std::string> hosts_;
    bool is_limited_ = false;
};

/// Gathers the links of a page from its tags: href of a and area; src of img, video, audio, source and iframe; cite of
/// blockquote, q, ins and del. At most `links_max`.
class LinkCollector {
public:
    static constexpr std::size_t links_max = 20'000;

    LinkCollector(Url base, LinkFilter filter) : base_(std::move(base)), filter_(std::move(filter)) { }

    /// The first <base href> of a page; later ones have no effect, as in browsers.
    void set_base(std::string_view reference);
    Url const& base() const { return base_; }

    /// `text_position`: where the text after this tag begins.
    void start_tag(HtmlStartTag const& tag, HtmlElement element, std::size_t text_position);
    /// The end of an element a; `text_size` is how much text there is up to it.
    void end_of_a(std::size_t text_size);

    std::vector<PageLink> take() { return std::move(links_); }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    Url base_;
    LinkFilter filter_;
    bool has_base_element_ = false;
    std::vector<PageLink> links_;
    std::size_t open_a_ = none;  ///< The link whose text is being read.
};

/// The links of a piece of HTML, in its order, repeats included: what one of our own entries links to. Positions refer to
/// plain_text(html).
std::vector<PageLink> links_of(std::string_view html, Url const& base);

}  // namespace backtalk::markup
