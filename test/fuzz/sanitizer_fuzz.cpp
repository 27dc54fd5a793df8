#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "markup/html_tokenizer.h"
#include "markup/plain_text.h"
#include "markup/sanitizer.h"

using namespace backtalk;

namespace {

/// Dies of whatever may not come out of the sanitizer.
class Guard final : public markup::HtmlSink {
public:
    void start_tag(markup::HtmlStartTag const& tag) override
    {
        for (markup::HtmlAttribute const& attribute : tag.attributes) {
            bool const link = tag.name == "a" && attribute.name == "href" &&
                (attribute.value.starts_with("http://") || attribute.value.starts_with("https://") ||
                    attribute.value.starts_with("mailto:"));
            assert(link || (tag.name == "a" && attribute.name == "rel" && attribute.value == "nofollow ugc") ||
                (tag.name == "abbr" && attribute.name == "title"));
        }
        for (std::string_view name :
            {"script", "style", "img", "iframe", "svg", "math", "object", "embed", "form", "input", "base", "link", "meta", "template"})
            assert(tag.name != name);
        if (tag.name != "br")
            open.emplace_back(tag.name);
    }
    void end_tag(std::string_view name) override
    {
        assert(!open.empty() && open.back() == name);
        open.pop_back();
    }
    void comment(std::string_view) override { assert(false); }
    void doctype(markup::HtmlDoctype const&) override { assert(false); }

    std::vector<std::string> open;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    Url const base = *Url::parse("http://a.example/2007/");
    for (auto const rules : {markup::SanitizerRules::Comment, markup::SanitizerRules::Line}) {
        std::string const safe = markup::sanitized(input, &base, rules);
        assert(is_valid_utf8(safe));
        Guard guard;
        markup::tokenize_html(safe, guard);
        assert(guard.open.empty());
        assert(markup::sanitized(safe, &base, rules) == safe);
    }
    std::string const text = markup::plain_text(input);
    assert(is_valid_utf8(text) && text.find("\n\n") == std::string::npos && text.find("  ") == std::string::npos);
    return 0;
}
