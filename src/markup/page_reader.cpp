#include "markup/page_reader.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "markup/text_builder.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t value_bytes_max = 1000;
constexpr std::size_t json_ld_bytes_max = 64 * 1024;

std::string value_of(std::string_view text)
{
    TextBuilder value(value_bytes_max);
    value.add(text.substr(0, 4 * value_bytes_max));
    return value.take();
}

void set_once(std::string& field, std::string_view value)
{
    if (field.empty() && !value.empty())
        field = value_of(value);
}

bool has_token(std::string_view tokens, std::string_view token)
{
    std::size_t i = 0;
    while (i < tokens.size()) {
        std::size_t const start = i;
        while (i < tokens.size() && !is_ascii_space(tokens[i]))
            ++i;
        if (equal_ignoring_case(tokens.substr(start, i - start), token))
            return true;
        ++i;
    }
    return false;
}

class PageReader final : public HtmlSink {
public:
    PageReader(Url const& url, LinkFilter filter) : links_(url, std::move(filter)), text_(page_text_bytes_max), content_(url) { }

    void start_tag(HtmlStartTag const& tag) override
    {
        ElementTraits const traits = element_traits(tag.name);
        if (traits.is_block)
            break_line();
        if (!hidden_.now())
            read_element(tag, traits);
        hidden_.start(traits);
    }

    void end_tag(std::string_view name) override
    {
        ElementTraits const traits = element_traits(name);
        if (traits.is_block)
            break_line();
        hidden_.end(traits);
        if (traits.element == HtmlElement::A)
            links_.end_of_a(text_.size());
        if (reading_ != nullptr && traits.element == reading_until_)
            end_reading();
    }

    void text(std::string_view text) override
    {
        if (!hidden_.now())
            text_.add(text);
        bool const is_wanted = !hidden_.now() || reading_until_ == HtmlElement::Title || reading_until_ == HtmlElement::Script;
        if (reading_ != nullptr && is_wanted && words_.size() < reading_bytes_max_)
            words_ += text.substr(0, reading_bytes_max_);
    }

    PageContent take()
    {
        content_.base = links_.base();
        content_.links = links_.take();
        content_.text = text_.take();
        return std::move(content_);
    }

private:
    void break_line()
    {
        text_.break_line();
        if (reading_ != nullptr)
            words_ += ' ';
    }

    void read_element(HtmlStartTag const& tag, ElementTraits const& traits)
    {
        PageFacts& facts = content_.facts;
        links_.start_tag(tag, traits.element, text_.next_position());
        switch (traits.element) {
        case HtmlElement::Html: set_once(facts.language, tag.attribute("lang")); break;
        case HtmlElement::Base:
            if (tag.has_attribute("href"))
                links_.set_base(tag.attribute("href"));
            break;
        case HtmlElement::Link: read_link_element(tag); break;
        case HtmlElement::Meta: read_meta(tag); break;
        case HtmlElement::Img: text_.add(tag.attribute("alt")); break;
        case HtmlElement::A:
            if (facts.rel_author.empty() && has_token(tag.attribute("rel"), "author")) {
                set_once(facts.rel_author_url, tag.attribute("href"));
                begin_reading(facts.rel_author, HtmlElement::A);
            }
            break;
        case HtmlElement::Time:
            if (tag.has_attribute("pubdate") || has_token(tag.attribute("itemprop"), "datePublished"))
                set_once(facts.time_published, tag.attribute("datetime"));
            break;
        case HtmlElement::Title: begin_reading(facts.title, HtmlElement::Title); break;
        case HtmlElement::H1: begin_reading(facts.first_h1, HtmlElement::H1); break;
        case HtmlElement::Script:
            if (starts_with_ignoring_case(trimmed(tag.attribute("type")), "application/ld+json")) {
                begin_reading(json_, HtmlElement::Script);
                reading_bytes_max_ = json_ld_bytes_max;
            }
            break;
        default: break;
        }
        if (!content_.has_microformats)
            content_.has_microformats = has_microformat_root(tag.attribute("class"));
    }

    void read_link_element(HtmlStartTag const& tag)
    {
        std::string_view const rel = tag.attribute("rel");
        if (has_token(rel, "canonical"))
            set_once(content_.facts.canonical, tag.attribute("href"));
        else if (has_token(rel, "author"))
            set_once(content_.facts.rel_author_url, tag.attribute("href"));
    }

    void read_meta(HtmlStartTag const& tag)
    {
        if (equal_ignoring_case(trimmed(tag.attribute("http-equiv")), "status"))
            set_once(content_.facts.http_status, tag.attribute("content"));
        struct Known {
            std::string_view name;
            std::string PageFacts::* field;
        };
        static constexpr Known known[] = {
            {"og:title", &PageFacts::og_title},
            {"og:site_name", &PageFacts::og_site_name},
            {"article:published_time", &PageFacts::article_published},
            {"datepublished", &PageFacts::article_published},
            {"author", &PageFacts::meta_author},
            {"dc.creator", &PageFacts::meta_author},
            {"dc.date", &PageFacts::meta_date},
            {"date", &PageFacts::meta_date},
            {"description", &PageFacts::description},
            {"og:description", &PageFacts::description},
        };
        for (std::string_view attribute : {"property", "name", "itemprop"}) {
            std::string_view const name = tag.attribute(attribute);
            if (name.empty())
                continue;
            for (Known const& each : known)
                if (equal_ignoring_case(name, each.name))
                    set_once(content_.facts.*each.field, tag.attribute("content"));
            return;
        }
    }

    /// The text up to the end of that element goes to `field`, if it has none yet.
    void begin_reading(std::string& field, HtmlElement until)
    {
        if (reading_ != nullptr || !field.empty())
            return;
        reading_ = &field;
        reading_until_ = until;
        reading_bytes_max_ = 4 * value_bytes_max;
        words_.clear();
    }

    void end_reading()
    {
        if (reading_ == &json_)
            read_json_ld(words_, content_.json_ld);
        else
            set_once(*reading_, words_);
        reading_ = nullptr;
    }

    LinkCollector links_;
    TextBuilder text_;
    PageContent content_;
    HiddenContent hidden_;
    std::string* reading_ = nullptr;
    HtmlElement reading_until_ = HtmlElement::Other;
    std::size_t reading_bytes_max_ = 0;
    std::string words_;
    std::string json_;  ///< Stays empty: it only stands for what is read from words_.
};

/// adr and geo alone say nothing of a page or its people.
constexpr std::string_view microformat_roots[] = {"h-entry", "hentry", "h-card", "vcard", "h-feed", "hfeed", "h-cite", "h-event", "vevent",
    "h-item", "h-review", "hreview", "h-review-aggregate", "hreview-aggregate", "h-product", "hproduct", "h-recipe", "hrecipe", "h-resume",
    "hresume"};

bool is_microformat_root(std::string_view token)
{
    bool const may_be = token.size() >= 5 && token.size() <= 18 && (token[0] == 'h' || token[0] == 'v');
    return may_be && std::ranges::find(microformat_roots, token) != std::end(microformat_roots);
}

}  // namespace

bool has_microformat_root(std::string_view classes)
{
    std::size_t i = 0;
    while (i < classes.size()) {
        std::size_t const start = i;
        while (i < classes.size() && !is_ascii_space(classes[i]))
            ++i;
        if (is_microformat_root(classes.substr(start, i - start)))
            return true;
        ++i;
    }
    return false;
}

PageContent read_page(std::string_view utf8_html, Url const& url, LinkFilter filter)
{
    PageReader reader(url, std::move(filter));
    if (is_valid_utf8(utf8_html))
        tokenize_html(utf8_html, reader);
    else
        tokenize_html(repaired_utf8(utf8_html), reader);
    return reader.take();
}

}  // namespace backtalk::markup
