#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "markup/html_tokenizer.h"
#include "markup/html_tokenizer_tag.h"

namespace backtalk::markup {

/// The states of the tokenizer, over one buffer: what earlier pieces left over, and the new piece.
///
/// Each state is a function that goes on from `at_`. It returns false where the buffer ends before it can decide, and is
/// called again when there is more, to continue where it was. States that decide by a few bytes (what follows "<", an end
/// tag in raw text, a character reference) look ahead instead and are part of the text state that meets them; what they
/// wait for is short. Of the past only the token being read is kept.
class HtmlTokenizer::Machine {
public:
    explicit Machine(HtmlSink& sink) : sink_(sink) { }

    void start_in(HtmlState state, std::string_view last_start_tag);
    void feed(std::string_view chunk);
    void finish();

private:
    enum class State {
        Data,
        Rcdata,
        Rawtext,
        ScriptData,
        Plaintext,
        CdataSection,
        TagName,
        BeforeAttributeName,
        AttributeName,
        AfterAttributeName,
        BeforeAttributeValue,
        AttributeValueDoubleQuoted,
        AttributeValueSingleQuoted,
        AttributeValueUnquoted,
        AfterAttributeValueQuoted,
        SelfClosingStartTag,
        BogusComment,
        Comment,
        Doctype,
    };
    enum class Script { Plain, Escaped, DoubleEscaped };
    enum class Match { No, Yes, Open };  ///< Open: so far, but the buffer ends.

    // html_tokenizer_machine.cpp
    void read_buffer(std::string_view buffer);
    bool step();
    void token_given();
    void begin_declaration(State state, std::size_t inside);
    bool bogus_comment();
    bool comment();
    bool doctype();
    bool give_comment(char const* to, char const* next);

    // html_tokenizer_text.cpp
    bool data();
    bool rcdata();
    bool rawtext();
    bool script_data();
    bool script_data_escaped();
    bool plaintext();
    bool cdata_section();
    bool give_text_before(char const* p);
    bool give_source(std::size_t size);
    void give_text(std::string_view text);
    char const* decided_text_end() const;
    bool ampersand();
    bool carriage_return();
    bool nul();
    bool less_than();
    bool less_than_in_raw_text();
    bool less_than_in_script();
    bool markup_declaration_open();
    Match matches(char const* p, std::string_view lower_case) const;
    Match matches_word(char const* p, std::string_view lower_case) const;

    // html_tokenizer_states.cpp
    bool begin_tag(std::size_t name, bool is_end_tag);
    bool tag_name();
    bool before_attribute_name();
    bool attribute_name();
    bool after_attribute_name();
    bool before_attribute_value();
    bool attribute_value_double_quoted();
    bool attribute_value_single_quoted();
    bool attribute_value_unquoted();
    bool after_attribute_value_quoted();
    bool self_closing_start_tag();
    bool give_tag(bool self_closing);
    void switch_text_state(std::string_view start_tag);

    bool in_text() const { return state_ <= State::CdataSection; }
    std::size_t offset(char const* p) const { return static_cast<std::size_t>(p - token_); }
    std::string_view source_from(char const* p) const { return {p, static_cast<std::size_t>(end_ - p)}; }
    bool wait_at(char const* p)
    {
        at_ = p;
        return false;
    }
    bool go_to(State state, char const* p)
    {
        state_ = state;
        at_ = p;
        return true;
    }

    HtmlSink& sink_;
    State state_ = State::Data;
    Script script_ = Script::Plain;
    bool at_end_of_input_ = false;
    bool stopped_ = false;
    std::string raw_end_tag_;  ///< Name of the end tag that ends the raw text: that of the last start tag.

    std::string kept_;              ///< What earlier pieces left over.
    std::size_t read_of_kept_ = 0;  ///< How much of it need not be read again.
    char const* at_ = nullptr;      ///< The next byte to read.
    char const* end_ = nullptr;     ///< Of the buffer.
    char const* token_ = nullptr;   ///< Where the tag, comment or doctype being read starts; all offsets count from here.
    std::size_t inside_ = 0;        ///< Where the data of the comment or doctype starts.
    RawTag tag_;
    std::string scratch_;
};

}  // namespace backtalk::markup
