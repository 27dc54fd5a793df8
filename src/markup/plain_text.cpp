#include "markup/plain_text.h"

#include "base/text.h"
#include "markup/html_elements.h"
#include "markup/html_tokenizer.h"
#include "markup/text_builder.h"

namespace backtalk::markup {

namespace {

class PlainText final : public HtmlSink {
public:
    explicit PlainText(std::size_t bytes_max) : text_(bytes_max) { }

    void start_tag(HtmlStartTag const& tag) override
    {
        ElementTraits const traits = element_traits(tag.name);
        if (traits.is_block)
            text_.break_line();
        if (traits.element == HtmlElement::Img && !hidden_.now())
            text_.add(tag.attribute("alt"));
        hidden_.start(traits);
    }

    void end_tag(std::string_view name) override
    {
        ElementTraits const traits = element_traits(name);
        if (traits.is_block)
            text_.break_line();
        hidden_.end(traits);
    }

    void text(std::string_view text) override
    {
        if (!hidden_.now())
            text_.add(text);
    }

    std::string take() { return text_.take(); }

private:
    TextBuilder text_;
    HiddenContent hidden_;
};

}  // namespace

std::string plain_text(std::string_view html)
{
    PlainText sink(html.size() * 2 + 64);  // One reference can become more bytes than it has, but not twice as many.
    tokenize_html(html, sink);
    std::string text = sink.take();
    return is_valid_utf8(text) ? text : repaired_utf8(text);
}

}  // namespace backtalk::markup
