#include "markup/html_tokenizer_machine.h"

#include "base/text.h"
#include "markup/html_tokenizer_scan.h"

#include <array>
#include <cstdint>

// The states inside a tag: https://html.spec.whatwg.org/multipage/parsing.html#tag-name-state to #self-closing-start-tag-state.
// A state calls the next one directly where that is nearly always what follows. Never back to before_attribute_name(), so
// that the stack does not grow with the number of attributes.

namespace backtalk::markup {
namespace {

enum : std::uint8_t { Space = 1, Slash = 2, Greater = 4, Equals = 8, Ampersand = 16, Capital = 32, Nul = 64 };

/// What each byte means in a tag.
constexpr std::array<std::uint8_t, 256> classes = [] {
    std::array<std::uint8_t, 256> table{};
    for (char c : {' ', '\t', '\n', '\f', '\r'})
        table[static_cast<unsigned char>(c)] = Space;
    for (unsigned char c = 'A'; c <= 'Z'; ++c)
        table[c] = Capital;
    table[0] = Nul;
    table['/'] = Slash;
    table['>'] = Greater;
    table['='] = Equals;
    table['&'] = Ampersand;
    return table;
}();

std::uint8_t class_of(char c) { return classes[static_cast<unsigned char>(c)]; }

/// The first byte of the classes in `stop`, or `end`; what was passed is added to `passed`.
char const* scan(char const* p, char const* end, std::uint8_t stop, std::uint8_t& passed)
{
    for (; p < end && (class_of(*p) & stop) == 0; ++p)
        passed |= class_of(*p);
    return p;
}

char const* skip_space(char const* p, char const* end)
{
    while (p < end && class_of(*p) == Space)
        ++p;
    return p;
}

}  // namespace

bool HtmlTokenizer::Machine::begin_tag(std::size_t name, bool is_end_tag)
{
    token_ = at_;
    tag_.begin(is_end_tag);
    tag_.name() = {name, name, true};
    return go_to(State::TagName, token_ + name);
}

bool HtmlTokenizer::Machine::tag_name()
{
    std::uint8_t passed = 0;
    char const* const p = scan(at_, end_, Space | Slash | Greater, passed);
    if ((passed & (Capital | Nul)) != 0)
        tag_.name().plain = false;
    if (p == end_)
        return wait_at(p);
    tag_.name().end = offset(p);
    at_ = p + 1;
    if (*p == '>')
        return give_tag(false);
    return go_to(*p == '/' ? State::SelfClosingStartTag : State::BeforeAttributeName, p + 1);
}

bool HtmlTokenizer::Machine::before_attribute_name()
{
    char const* const p = skip_space(at_, end_);
    if (p == end_)
        return wait_at(p);
    if (*p == '/' || *p == '>')
        return go_to(State::AfterAttributeName, p);
    tag_.add_attribute(offset(p));
    // An equals sign here is the first letter of a name.
    return *p == '=' ? go_to(State::AttributeName, p + 1) : (go_to(State::AttributeName, p), attribute_name());
}

bool HtmlTokenizer::Machine::attribute_name()
{
    std::uint8_t passed = 0;
    char const* const p = scan(at_, end_, Space | Slash | Greater | Equals, passed);
    if ((passed & (Capital | Nul)) != 0)
        tag_.attribute_name().plain = false;
    if (p == end_)
        return wait_at(p);
    tag_.attribute_name().end = offset(p);
    tag_.attribute_value() = {offset(p), offset(p), true};
    if (*p != '=')
        return go_to(State::AfterAttributeName, p);
    go_to(State::BeforeAttributeValue, p + 1);
    return before_attribute_value();
}

bool HtmlTokenizer::Machine::after_attribute_name()
{
    char const* const p = skip_space(at_, end_);
    if (p == end_)
        return wait_at(p);
    at_ = p + 1;
    if (*p == '>')
        return give_tag(false);
    if (*p == '/')
        return go_to(State::SelfClosingStartTag, p + 1);
    return *p == '=' ? go_to(State::BeforeAttributeValue, p + 1) : go_to(State::BeforeAttributeName, p);
}

bool HtmlTokenizer::Machine::before_attribute_value()
{
    char const* const p = skip_space(at_, end_);
    if (p == end_)
        return wait_at(p);
    at_ = p + 1;
    if (*p == '>')
        return give_tag(false);
    bool const quoted = *p == '"' || *p == '\'';
    tag_.attribute_value().start = offset(quoted ? p + 1 : p);
    if (!quoted) {
        go_to(State::AttributeValueUnquoted, p);
        return attribute_value_unquoted();
    }
    if (*p == '\'')
        return go_to(State::AttributeValueSingleQuoted, p + 1);
    go_to(State::AttributeValueDoubleQuoted, p + 1);
    return attribute_value_double_quoted();
}

bool HtmlTokenizer::Machine::attribute_value_double_quoted()
{
    char const* p = find_byte<'"', '&', '\r', '\0'>(at_, end_);
    if (p != end_ && *p != '"') {
        tag_.attribute_value().plain = false;
        p = find_byte<'"'>(p, end_);
    }
    if (p == end_)
        return wait_at(p);
    tag_.attribute_value().end = offset(p);
    go_to(State::AfterAttributeValueQuoted, p + 1);
    return after_attribute_value_quoted();
}

bool HtmlTokenizer::Machine::attribute_value_single_quoted()
{
    char const* p = find_byte<'\'', '&', '\r', '\0'>(at_, end_);
    if (p != end_ && *p != '\'') {
        tag_.attribute_value().plain = false;
        p = find_byte<'\''>(p, end_);
    }
    if (p == end_)
        return wait_at(p);
    tag_.attribute_value().end = offset(p);
    return go_to(State::AfterAttributeValueQuoted, p + 1);
}

bool HtmlTokenizer::Machine::attribute_value_unquoted()
{
    std::uint8_t passed = 0;
    char const* const p = scan(at_, end_, Space | Greater, passed);
    if ((passed & (Ampersand | Nul)) != 0)
        tag_.attribute_value().plain = false;
    if (p == end_)
        return wait_at(p);
    tag_.attribute_value().end = offset(p);
    at_ = p + 1;
    return *p == '>' ? give_tag(false) : go_to(State::BeforeAttributeName, p + 1);
}

bool HtmlTokenizer::Machine::after_attribute_value_quoted()
{
    if (at_ == end_)
        return false;
    char const* const p = at_;
    at_ = p + 1;
    if (*p == '>')
        return give_tag(false);
    if (*p == '/')
        return go_to(State::SelfClosingStartTag, p + 1);
    return go_to(State::BeforeAttributeName, is_ascii_space(*p) ? p + 1 : p);
}

bool HtmlTokenizer::Machine::self_closing_start_tag()
{
    if (at_ == end_)
        return false;
    if (*at_ != '>')
        return go_to(State::BeforeAttributeName, at_);
    ++at_;
    return give_tag(true);
}

bool HtmlTokenizer::Machine::give_tag(bool self_closing)
{
    HtmlStartTag const tag = tag_.resolve({token_, at_}, self_closing);
    state_ = State::Data;
    if (tag_.is_end_tag()) {
        sink_.end_tag(tag.name);
    } else {
        switch_text_state(tag.name);
        sink_.start_tag(tag);
    }
    token_given();
    return true;
}

/// As the tree construction of https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody would, scripting disabled.
void HtmlTokenizer::Machine::switch_text_state(std::string_view name)
{
    State state = State::Data;
    switch (name.size()) {
    case 3: state = name == "xmp" ? State::Rawtext : state; break;
    case 5: state = name == "title" ? State::Rcdata : name == "style" ? State::Rawtext : state; break;
    case 6: state = name == "script" ? State::ScriptData : name == "iframe" ? State::Rawtext : state; break;
    case 7: state = name == "noembed" ? State::Rawtext : state; break;
    case 8: state = name == "textarea" ? State::Rcdata : name == "noframes" ? State::Rawtext : state; break;
    case 9: state = name == "plaintext" ? State::Plaintext : state; break;
    default: break;
    }
    if (state == State::Data)
        return;
    state_ = state;
    script_ = Script::Plain;
    raw_end_tag_ = name;
}

}  // namespace backtalk::markup
