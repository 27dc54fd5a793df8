#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "web/template.h"

namespace backtalk::web {

/// Where in the HTML a template has come to, read from its literal text: it decides how a value is escaped.
///
/// Spec: https://html.spec.whatwg.org/multipage/parsing.html#tokenization, the states that matter here. What a template has no
/// need of (values in unquoted attributes, in style) is refused, not followed.
class HtmlPlace {
public:
    /// Walks over literal text. Errors are sentences for the author of the theme.
    Result<void> walk(std::string_view literal);
    /// How a value is written here, or why none may be.
    Result<Template::Code> value(Schema::Field const& field, bool raw);
    /// A section may begin or end here. (Ends a half-read name.)
    Result<void> border();
    /// The end of a page: in text, with no tag or comment open.
    bool is_at_rest() const { return state_ == State::Text; }
    /// The place after a section that may have been skipped (from `before`) or run to here.
    Result<void> join(HtmlPlace const& before, bool repeats);
    /// "a quoted attribute value"
    std::string_view words() const;

private:
    enum class State : std::uint8_t {
        Text,
        TagOpen,     // "<"
        EndTagOpen,  // "</"
        TagName,
        Tag,         // in a tag, before an attribute
        AfterValue,  // in a tag, where a blank must come next
        AttributeName,
        AfterName,
        BeforeValue,  // "name="
        Value,        // in quotes
        Unquoted,
        Declaration,  // "<!", may become a comment
        Bogus,        // up to ">"
        Comment,
        EscapableText,  // title, textarea
        RawText,        // script, style and the like
        JsonScript,
    };
    enum class UrlState : std::uint8_t { Start, Prefix, AfterValue, Rest };

    Result<void> step(char c);
    Result<void> tag_character(char c);
    Result<void> begin_value(char quote);
    Result<void> end_tag();
    Result<void> url_character(char c);
    Result<Template::Code> attribute_value(Schema::Field const& field);
    void match_end_tag(char c);

    State state_ = State::Text;
    UrlState url_state_ = UrlState::Start;
    char quote_ = 0;
    bool is_end_tag_ = false;
    bool is_url_ = false;       // the attribute
    bool is_json_ = false;      // the script
    bool after_value_ = false;  // in a comment, directly behind a value
    std::string element_;
    std::string attribute_;
    std::string seen_;  // what was read of: an attribute value, a comment's ends, an end tag in raw text
};

/// http, https, mailto or relative, read as a browser reads it.
bool is_safe_reference(std::string_view url);

}  // namespace backtalk::web
