#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

#include "markup/html_tokenizer.h"
#include "web/template.h"

// The input is a template, a line "====", and a text. Any template is compiled or refused; in a page that was compiled, whatever
// stands in its text and URL fields opens no tag and no attribute that is not there when they hold a harmless word.
namespace {

using namespace backtalk;
using namespace backtalk::web;

struct PartSchema : Schema {
    PartSchema() : Schema("part") { }
    TextField const name{*this, "n"};
    UrlField const url{*this, "u"};
};

struct FuzzSchema : Schema {
    FuzzSchema() : Schema("page") { }
    TextField const text{*this, "t"};
    UrlField const url{*this, "u"};
    HtmlField const html{*this, "h"};
    JsonField const json{*this, "j"};
    FlagField const flag{*this, "f"};
    NumberField const number{*this, "i"};
    ListField const list{*this, "l", schema<PartSchema>()};
    ObjectField const object{*this, "o", schema<PartSchema>()};
};

/// The names of tags and attributes, and where comments end.
class Shape : public markup::HtmlSink {
public:
    void start_tag(markup::HtmlStartTag const& tag) override
    {
        shape_ += '<';
        shape_ += tag.name;
        for (markup::HtmlAttribute const& attribute : tag.attributes) {
            shape_ += ' ';
            shape_ += attribute.name;
            if (attribute.name == "href" || attribute.name == "src" || attribute.name == "action") {
                // A scheme of the value's own would change this.
                std::string_view const value = attribute.value;
                shape_ += value.substr(0, 11) == "javascript:" ? "!" : "";
            }
        }
    }
    void end_tag(std::string_view name) override { (shape_ += "</") += name; }
    void comment(std::string_view) override { shape_ += "<!>"; }
    std::string const& shape() const { return shape_; }

private:
    std::string shape_;
};

std::string shape_with(Template const& page, std::string_view text)
{
    FuzzSchema const& fields = schema<FuzzSchema>();
    View view(fields);
    view.set(fields.text, text).set(fields.url, text).set(fields.html, "<b>x</b>").set(fields.json, "{}").set(fields.flag, true);
    view.set(fields.number, 7);
    for (int i = 0; i < 2; ++i)
        view.add(fields.list).set(schema<PartSchema>().name, text).set(schema<PartSchema>().url, text);
    view.make(fields.object).set(schema<PartSchema>().name, text).set(schema<PartSchema>().url, text);
    auto const rendered = page.render(view);
    if (!rendered)
        return {};
    Shape shape;
    markup::tokenize_html(*rendered, shape);
    return shape.shape();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    std::size_t const border = input.find("\n====\n");
    std::string_view const source = input.substr(0, border);
    std::string_view const text = border == std::string_view::npos ? std::string_view() : input.substr(border + 6);
    TemplateSources const sources{{"page", std::string(source)}, {"part", "{{t}}<a href=\"{{u}}\" {{#f}}hidden{{/f}}>{{t}}</a>"}};
    auto const page = Template::compile("page", sources, schema<FuzzSchema>());
    if (!page) {
        assert(!page.error().text.empty());
        return 0;
    }
    if (!text.empty())
        assert(shape_with(*page, "word") == shape_with(*page, text));
    return 0;
}
