#include "markup/html_tokenizer_machine.h"

#include "base/text.h"
#include "markup/html_entities.h"
#include "markup/html_tokenizer_doctype.h"
#include "markup/html_tokenizer_scan.h"

#include <array>

namespace backtalk::markup {

void HtmlTokenizer::Machine::start_in(HtmlState state, std::string_view last_start_tag)
{
    switch (state) {
    case HtmlState::Data: state_ = State::Data; break;
    case HtmlState::Plaintext: state_ = State::Plaintext; break;
    case HtmlState::Rcdata: state_ = State::Rcdata; break;
    case HtmlState::Rawtext: state_ = State::Rawtext; break;
    case HtmlState::ScriptData: state_ = State::ScriptData; break;
    case HtmlState::CdataSection: state_ = State::CdataSection; break;
    }
    raw_end_tag_ = ascii_lower(last_start_tag);
}

void HtmlTokenizer::Machine::feed(std::string_view chunk)
{
    if (stopped_ || chunk.empty())
        return;
    bool const from_kept = !kept_.empty();
    if (from_kept)
        kept_.append(chunk);
    read_buffer(from_kept ? std::string_view(kept_) : chunk);

    char const* const keep = stopped_ ? end_ : in_text() ? at_ : token_;
    read_of_kept_ = static_cast<std::size_t>(at_ - keep);
    if (from_kept)
        kept_.erase(0, static_cast<std::size_t>(keep - kept_.data()));
    else
        kept_.assign(keep, end_);
    // A numeric reference may have any number of digits, and each piece reads it from its ampersand.
    if (in_text() && kept_.size() > 64 && kept_.front() == '&')
        kept_ = shortened_open_reference(kept_);
}

void HtmlTokenizer::Machine::finish()
{
    if (stopped_)
        return;
    at_end_of_input_ = true;
    read_buffer(kept_);
    stopped_ = true;
}

void HtmlTokenizer::Machine::read_buffer(std::string_view buffer)
{
    token_ = buffer.data();
    at_ = token_ + read_of_kept_;
    end_ = token_ + buffer.size();
    while (!stopped_ && step()) { }
}

bool HtmlTokenizer::Machine::step()
{
    switch (state_) {
    case State::Data: return data();
    case State::Rcdata: return rcdata();
    case State::Rawtext: return rawtext();
    case State::ScriptData: return script_ == Script::Plain ? script_data() : script_data_escaped();
    case State::Plaintext: return plaintext();
    case State::CdataSection: return cdata_section();
    case State::TagName: return tag_name();
    case State::BeforeAttributeName: return before_attribute_name();
    case State::AttributeName: return attribute_name();
    case State::AfterAttributeName: return after_attribute_name();
    case State::BeforeAttributeValue: return before_attribute_value();
    case State::AttributeValueDoubleQuoted: return attribute_value_double_quoted();
    case State::AttributeValueSingleQuoted: return attribute_value_single_quoted();
    case State::AttributeValueUnquoted: return attribute_value_unquoted();
    case State::AfterAttributeValueQuoted: return after_attribute_value_quoted();
    case State::SelfClosingStartTag: return self_closing_start_tag();
    case State::BogusComment: return bogus_comment();
    case State::Comment: return comment();
    case State::Doctype: return doctype();
    }
    return false;
}

void HtmlTokenizer::Machine::token_given() { stopped_ = !sink_.wants_more(); }

/// `inside`: how many bytes behind "<" the data starts.
void HtmlTokenizer::Machine::begin_declaration(State state, std::size_t inside)
{
    token_ = at_;
    inside_ = inside;
    go_to(state, token_ + inside);
}

bool HtmlTokenizer::Machine::give_comment(char const* to, char const* next)
{
    std::string_view data(token_ + inside_, static_cast<std::size_t>(to - (token_ + inside_)));
    if (find_byte<'\r', '\0'>(data.data(), to) != to) {
        scratch_.clear();
        append_normalised(scratch_, data);
        data = scratch_;
    }
    go_to(State::Data, next);
    sink_.comment(data);
    token_given();
    return true;
}

/// https://html.spec.whatwg.org/multipage/parsing.html#bogus-comment-state
bool HtmlTokenizer::Machine::bogus_comment()
{
    char const* const greater = find_byte<'>'>(at_, end_);
    if (greater == end_ && !at_end_of_input_)
        return wait_at(end_);
    return give_comment(greater, greater == end_ ? end_ : greater + 1);
}

/// https://html.spec.whatwg.org/multipage/parsing.html#comment-start-state to the comment end bang state. Taken together they
/// end at the first "-->" or "--!>" in the data, or at ">" or "->" right at its start.
bool HtmlTokenizer::Machine::comment()
{
    char const* const start = token_ + inside_;
    for (;;) {
        char const* const greater = find_byte<'>'>(at_, end_);
        std::string_view const before(start, static_cast<std::size_t>(greater - start));
        std::size_t const mark = before.ends_with("--!") ? 3 : before.ends_with("--") ? 2 : before == "-" ? 1 : 0;
        if (greater == end_) {
            if (!at_end_of_input_)
                return wait_at(end_);
            // What could have begun the end mark is not part of the comment.
            return give_comment(end_ - (mark == 0 && before.ends_with('-') ? 1 : mark), end_);
        }
        if (mark > 0 || before.empty())
            return give_comment(greater - mark, greater + 1);
        at_ = greater + 1;
    }
}

bool HtmlTokenizer::Machine::doctype()
{
    char const* const greater = find_byte<'>'>(at_, end_);
    bool const missing = greater == end_;
    if (missing && !at_end_of_input_)
        return wait_at(end_);
    std::string_view const inside(token_ + inside_, static_cast<std::size_t>(greater - (token_ + inside_)));
    go_to(State::Data, missing ? end_ : greater + 1);
    read_doctype(inside, missing, sink_);
    token_given();
    return true;
}

}  // namespace backtalk::markup
