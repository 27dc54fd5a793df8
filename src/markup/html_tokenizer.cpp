#include "markup/html_tokenizer.h"

#include "markup/html_tokenizer_machine.h"

#include <algorithm>

namespace backtalk::markup {
namespace {

HtmlAttribute const* find_attribute(HtmlStartTag const& tag, std::string_view name)
{
    auto const found = std::find_if(tag.attributes.begin(), tag.attributes.end(), [&](HtmlAttribute const& a) { return a.name == name; });
    return found == tag.attributes.end() ? nullptr : &*found;
}

}  // namespace

std::string_view HtmlStartTag::attribute(std::string_view attribute_name) const
{
    auto const* found = find_attribute(*this, attribute_name);
    return found ? found->value : std::string_view();
}

bool HtmlStartTag::has_attribute(std::string_view attribute_name) const { return find_attribute(*this, attribute_name) != nullptr; }

HtmlTokenizer::HtmlTokenizer(HtmlSink& sink) : machine_(std::make_unique<Machine>(sink)) { }
HtmlTokenizer::~HtmlTokenizer() = default;

void HtmlTokenizer::start_in(HtmlState state, std::string_view last_start_tag) { machine_->start_in(state, last_start_tag); }
void HtmlTokenizer::feed(std::string_view chunk) { machine_->feed(chunk); }
void HtmlTokenizer::finish() { machine_->finish(); }

void tokenize_html(std::string_view document, HtmlSink& sink)
{
    HtmlTokenizer tokenizer(sink);
    tokenizer.feed(document);
    tokenizer.finish();
}

}  // namespace backtalk::markup
