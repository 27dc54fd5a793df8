#include "markup/html_tokenizer_machine.h"

#include "base/text.h"
#include "markup/html_entities.h"
#include "markup/html_tokenizer_scan.h"

#include <algorithm>

// The text states: https://html.spec.whatwg.org/multipage/parsing.html#data-state and those of RCDATA, RAWTEXT, script data,
// PLAINTEXT and CDATA. Each gives the text up to the next byte that means something and lets that byte's function decide.

namespace backtalk::markup {

bool HtmlTokenizer::Machine::data()
{
    while (state_ == State::Data && !stopped_) {
        char const* const p = find_byte<'<', '&', '\r'>(at_, end_);
        if (!give_text_before(p))
            return false;
        if (!(*p == '<' ? less_than() : *p == '&' ? ampersand() : carriage_return()))
            return false;
    }
    return true;
}

bool HtmlTokenizer::Machine::rcdata()
{
    char const* const p = find_byte<'<', '&', '\r', '\0'>(at_, end_);
    if (!give_text_before(p))
        return false;
    return *p == '<' ? less_than_in_raw_text() : *p == '&' ? ampersand() : *p == '\r' ? carriage_return() : nul();
}

bool HtmlTokenizer::Machine::rawtext()
{
    char const* const p = find_byte<'<', '\r', '\0'>(at_, end_);
    if (!give_text_before(p))
        return false;
    return *p == '<' ? less_than_in_raw_text() : *p == '\r' ? carriage_return() : nul();
}

bool HtmlTokenizer::Machine::script_data()
{
    char const* const p = find_byte<'<', '\r', '\0'>(at_, end_);
    if (!give_text_before(p))
        return false;
    return *p == '<' ? less_than_in_script() : *p == '\r' ? carriage_return() : nul();
}

/// The script data escaped and double escaped states, which both end with "-->".
bool HtmlTokenizer::Machine::script_data_escaped()
{
    char const* p = find_byte<'<', '>', '\r', '\0'>(at_, end_);
    while (p != end_ && *p == '>') {
        if (std::string_view(at_, p).ends_with("--")) {
            script_ = Script::Plain;
            return give_source(static_cast<std::size_t>(p + 1 - at_));
        }
        p = find_byte<'<', '>', '\r', '\0'>(p + 1, end_);
    }
    if (!give_text_before(p))
        return false;
    return *p == '<' ? less_than_in_script() : *p == '\r' ? carriage_return() : nul();
}

bool HtmlTokenizer::Machine::plaintext()
{
    char const* const p = find_byte<'\r', '\0'>(at_, end_);
    if (!give_text_before(p))
        return false;
    return *p == '\r' ? carriage_return() : nul();
}

bool HtmlTokenizer::Machine::cdata_section()
{
    char const* p = find_byte<'>', '\r'>(at_, end_);
    while (p != end_ && *p == '>') {
        if (std::string_view(at_, p).ends_with("]]")) {
            give_text({at_, p - 2});
            return go_to(State::Data, p + 1);
        }
        p = find_byte<'>', '\r'>(p + 1, end_);
    }
    return give_text_before(p) && carriage_return();
}

void HtmlTokenizer::Machine::give_text(std::string_view text)
{
    if (text.empty())
        return;
    sink_.text(text);
    token_given();
}

/// The next `size` bytes are text as they stand.
bool HtmlTokenizer::Machine::give_source(std::size_t size)
{
    std::string_view const text(at_, size);
    at_ += size;
    give_text(text);
    return true;
}

/// Text up to `p`, which becomes the next byte to read. False at the end of the buffer.
bool HtmlTokenizer::Machine::give_text_before(char const* p)
{
    bool const more = p != end_;
    give_source(static_cast<std::size_t>((more ? p : decided_text_end()) - at_));
    return more && !stopped_;
}

/// Where text at the end of the buffer can be given: not the first bytes of a character, nor what may end its state.
char const* HtmlTokenizer::Machine::decided_text_end() const
{
    if (at_end_of_input_)
        return end_;
    std::string_view const text = source_from(at_);
    char const closing = state_ == State::CdataSection ? ']' : '-';
    if (state_ == State::CdataSection || state_ == State::ScriptData) {
        std::size_t held = 0;
        while (held < 2 && held < text.size() && text[text.size() - 1 - held] == closing)
            ++held;
        if (held > 0)
            return end_ - held;
    }
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        auto const byte = static_cast<unsigned char>(text[text.size() - back]);
        if (byte < 0x80)
            break;
        if (byte >= 0xC0)
            return back < (byte >= 0xF0 ? 4U : byte >= 0xE0 ? 3U : 2U) ? end_ - back : end_;
    }
    return end_;
}

bool HtmlTokenizer::Machine::ampersand()
{
    std::string_view const source = source_from(at_);
    if (!at_end_of_input_ && reference_is_open(source))
        return false;
    CharacterReference const reference = character_reference(source, ReferencePlace::Text);
    if (reference.length == 0)
        return give_source(1);
    at_ += reference.length;
    give_text(reference.str());
    return true;
}

/// https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream
bool HtmlTokenizer::Machine::carriage_return()
{
    bool const last = at_ + 1 == end_;
    if (last && !at_end_of_input_)
        return false;
    bool const line_feed_follows = !last && at_[1] == '\n';
    ++at_;
    if (!line_feed_follows)
        give_text("\n");
    return true;
}

bool HtmlTokenizer::Machine::nul()
{
    ++at_;
    give_text("\xEF\xBF\xBD");
    return true;
}

/// Tag open and end tag open state.
bool HtmlTokenizer::Machine::less_than()
{
    std::string_view const source = source_from(at_);
    if (source.size() < 2)
        return at_end_of_input_ && give_source(1);
    char const next = source[1];
    if (is_ascii_alpha(next))
        return begin_tag(1, false);
    if (next == '!')
        return markup_declaration_open();
    if (next == '?')
        begin_declaration(State::BogusComment, 1);
    else if (next != '/')
        return give_source(1);
    else if (source.size() < 3)
        return at_end_of_input_ && give_source(2);
    else if (is_ascii_alpha(source[2]))
        return begin_tag(2, true);
    else if (source[2] == '>')
        at_ += 3;
    else
        begin_declaration(State::BogusComment, 2);
    return true;
}

/// NB: as no tree is built, nothing is in foreign content, and "<![CDATA[" starts a bogus comment like any other "<!".
bool HtmlTokenizer::Machine::markup_declaration_open()
{
    Match const dashes = matches(at_ + 2, "--");
    Match const word = matches(at_ + 2, "doctype");
    if (dashes == Match::Open || word == Match::Open)
        return false;
    if (dashes == Match::Yes)
        begin_declaration(State::Comment, 4);
    else if (word == Match::Yes)
        begin_declaration(State::Doctype, 9);
    else
        begin_declaration(State::BogusComment, 2);
    return true;
}

/// Only the end tag of the element it is in ends RCDATA and RAWTEXT; any other "<" is text.
bool HtmlTokenizer::Machine::less_than_in_raw_text()
{
    Match const slash = matches(at_, "</");
    Match const name = slash == Match::Yes ? matches_word(at_ + 2, raw_end_tag_) : slash;
    if (name == Match::Open)
        return false;
    return name == Match::Yes ? begin_tag(2, true) : give_source(1);
}

/// Script data less-than sign state, and those of its escaped and double escaped states.
bool HtmlTokenizer::Machine::less_than_in_script()
{
    if (script_ == Script::DoubleEscaped) {
        Match const slash = matches(at_, "</");
        Match const word = slash == Match::Yes ? matches_word(at_ + 2, "script") : slash;
        if (word == Match::Open)
            return false;
        if (word == Match::No)
            return give_source(1);
        script_ = Script::Escaped;
        return give_source(8);
    }
    Match const escape = script_ == Script::Plain ? matches(at_, "<!--") : matches_word(at_ + 1, "script");
    if (escape == Match::Open)
        return false;
    if (escape == Match::No)
        return less_than_in_raw_text();
    if (script_ == Script::Plain) {
        // The dashes stay to be read: "<!-->" ends at once what it begins.
        script_ = Script::Escaped;
        return give_source(2);
    }
    script_ = Script::DoubleEscaped;
    return give_source(7);
}

HtmlTokenizer::Machine::Match HtmlTokenizer::Machine::matches(char const* p, std::string_view lower_case) const
{
    for (char c : lower_case) {
        if (p == end_)
            return at_end_of_input_ ? Match::No : Match::Open;
        if (to_ascii_lower(*p++) != c)
            return Match::No;
    }
    return Match::Yes;
}

/// The whole name of a tag: what follows ends it.
HtmlTokenizer::Machine::Match HtmlTokenizer::Machine::matches_word(char const* p, std::string_view lower_case) const
{
    Match const start = lower_case.empty() ? Match::No : matches(p, lower_case);
    if (start != Match::Yes)
        return start;
    p += lower_case.size();
    if (p == end_)
        return at_end_of_input_ ? Match::No : Match::Open;
    return is_ascii_space(*p) || *p == '/' || *p == '>' ? Match::Yes : Match::No;
}

}  // namespace backtalk::markup
