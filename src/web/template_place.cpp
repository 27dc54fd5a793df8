#include "web/template_place.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

namespace {

template <std::size_t size> bool is_one_of(std::array<std::string_view, size> const& words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

constexpr std::array<std::string_view, 17> url_attributes{"href", "src", "action", "formaction", "cite", "data", "poster", "icon",
    "profile", "background", "longdesc", "manifest", "xlink:href", "ping", "usemap", "codebase", "classid"};
/// Elements whose text is not HTML: no escaping works there.
constexpr std::array<std::string_view, 7> raw_elements{"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"};
/// What these load becomes part of the page, so no value may choose it.
constexpr std::array<std::string_view, 5> loading_elements{"script", "iframe", "object", "embed", "frame"};

std::unexpected<Error> refused(std::string text) { return failure(ErrorCode::Malformed, std::move(text)); }

constexpr std::size_t name_bytes_max = 64;

}  // namespace

Result<void> HtmlPlace::walk(std::string_view literal)
{
    if (literal.empty())
        return {};
    // "{{x}}-->" with an x that ends in "--" would end the comment early, and "{{x}}>" likewise.
    if (after_value_ && std::string_view("->!").contains(literal.front()))
        return refused("a value must not stand directly before - or > in a comment");
    after_value_ = false;
    for (char c : literal)
        TRY_DONE(step(c));
    return {};
}

Result<void> HtmlPlace::step(char c)
{
    switch (state_) {
    case State::Text:
        if (c == '<')
            state_ = State::TagOpen;
        return {};
    case State::TagOpen:
        is_end_tag_ = false;
        if (is_ascii_alpha(c)) {
            element_ = to_ascii_lower(c);
            is_json_ = false;
            state_ = State::TagName;
        } else if (c == '/') {
            state_ = State::EndTagOpen;
        } else if (c == '!') {
            seen_.clear();
            state_ = State::Declaration;
        } else if (c == '?') {
            state_ = State::Bogus;
        } else if (c != '<') {
            state_ = State::Text;
        }
        return {};
    case State::EndTagOpen:
        is_end_tag_ = true;
        if (is_ascii_alpha(c)) {
            element_ = to_ascii_lower(c);
            state_ = State::TagName;
        } else {
            state_ = c == '>' ? State::Text : State::Bogus;
        }
        return {};
    case State::Declaration:
        seen_ += c;
        if (seen_ == "--") {
            seen_ = "<!--";
            state_ = State::Comment;
        } else if (seen_ != "-") {
            state_ = c == '>' ? State::Text : State::Bogus;
        }
        return {};
    case State::Bogus:
        if (c == '>')
            state_ = State::Text;
        return {};
    case State::Comment:
        if (c == '-' || c == '!') {
            if (seen_.size() < name_bytes_max)
                seen_ += c;
        } else if (c == '>' && (seen_.ends_with("--") || seen_.ends_with("--!") || seen_ == "<!---")) {
            state_ = State::Text;
        } else {
            seen_.clear();
        }
        if (seen_.size() == name_bytes_max)
            seen_ = "--";
        return {};
    case State::EscapableText:
    case State::RawText:
    case State::JsonScript: match_end_tag(c); return {};
    case State::Value:
        if (c == quote_) {
            if (is_url_ && url_state_ == UrlState::Prefix)
                url_state_ = UrlState::Rest;
            if (element_ == "script" && attribute_ == "type")
                is_json_ = equal_ignoring_case(seen_, "application/ld+json") || equal_ignoring_case(seen_, "application/json");
            state_ = State::AfterValue;
            return {};
        }
        if (is_url_)
            return url_character(c);
        if (seen_.size() < name_bytes_max)
            seen_ += c;
        return {};
    default: return tag_character(c);
    }
}

/// Between "<name" and ">", outside quotes.
Result<void> HtmlPlace::tag_character(char c)
{
    bool const blank = is_ascii_space(c);
    if (c == '>' && state_ != State::BeforeValue)
        return end_tag();
    switch (state_) {
    case State::TagName:
        if (blank || c == '/')
            state_ = State::Tag;
        else if (element_.size() < name_bytes_max)
            element_ += to_ascii_lower(c);
        return {};
    case State::AfterValue:
        if (!blank && c != '/')
            return refused("a blank is missing before this attribute");
        state_ = State::Tag;
        return {};
    case State::Tag:
    case State::AfterName:
        if (blank)
            return {};
        if (c == '=' && state_ == State::AfterName) {
            state_ = State::BeforeValue;
            return {};
        }
        if (c == '/') {
            state_ = State::Tag;
            return {};
        }
        if (!is_ascii_alpha(c) && c != '_' && c != ':')
            return refused(fmt::format("a tag holds a stray {:?}", c));
        attribute_ = to_ascii_lower(c);
        state_ = State::AttributeName;
        return {};
    case State::AttributeName:
        if (blank)
            state_ = State::AfterName;
        else if (c == '/')
            state_ = State::Tag;
        else if (c == '=')
            state_ = State::BeforeValue;
        else if (c == '"' || c == '\'' || c == '<')
            return refused("an attribute's name holds a quote or <");
        else if (attribute_.size() < name_bytes_max)
            attribute_ += to_ascii_lower(c);
        return {};
    case State::BeforeValue:
        if (blank)
            return {};
        if (c == '"' || c == '\'')
            return begin_value(c);
        if (c == '>')
            return refused("an attribute has no value after =");
        state_ = State::Unquoted;
        return {};
    case State::Unquoted:
        if (blank)
            state_ = State::Tag;
        return {};
    default: return {};
    }
}

Result<void> HtmlPlace::begin_value(char quote)
{
    if (attribute_ == "http-equiv")
        return refused("http-equiv is not for themes: the server sends the headers");
    quote_ = quote;
    is_url_ = is_one_of(url_attributes, attribute_);
    url_state_ = UrlState::Start;
    seen_.clear();
    state_ = State::Value;
    return {};
}

Result<void> HtmlPlace::end_tag()
{
    seen_.clear();
    state_ = State::Text;
    if (is_end_tag_)
        return {};
    if (element_ == "title" || element_ == "textarea")
        state_ = State::EscapableText;
    else if (is_one_of(raw_elements, element_))
        state_ = element_ == "script" && is_json_ ? State::JsonScript : State::RawText;
    return {};
}

/// Looks for "</element" and what may follow it.
void HtmlPlace::match_end_tag(char c)
{
    if (c == '<') {
        seen_ = "<";
        return;
    }
    if (seen_.empty())
        return;
    std::string const end = "</" + element_;
    if (seen_.size() == end.size()) {
        if (c == '>') {
            state_ = State::Text;
        } else if (is_ascii_space(c) || c == '/') {
            is_end_tag_ = true;
            state_ = State::Tag;
        }
        seen_.clear();
        return;
    }
    seen_ += to_ascii_lower(c);
    if (!end.starts_with(seen_))
        seen_.clear();
}

/// The literal part of a URL: a scheme must be whole and known before a value comes.
Result<void> HtmlPlace::url_character(char c)
{
    switch (url_state_) {
    case UrlState::Start:
    case UrlState::Prefix:
        if (c == '/' || c == '?' || c == '#') {
            url_state_ = UrlState::Rest;
        } else if (c == ':') {
            if (seen_ != "http" && seen_ != "https" && seen_ != "mailto")
                return refused(fmt::format("a URL of the scheme {:?}: themes use http, https and mailto", seen_));
            url_state_ = UrlState::Rest;
        } else {
            url_state_ = UrlState::Prefix;
            if (seen_.size() < name_bytes_max)
                seen_ += to_ascii_lower(c);
        }
        return {};
    case UrlState::AfterValue:
        // "{{a}}:…" could make a scheme of a value.
        if (c != '/' && c != '?' && c != '#' && c != '&')
            return refused("behind a value at the start of a URL only / ? # & may come");
        url_state_ = UrlState::Rest;
        return {};
    case UrlState::Rest: return {};
    }
    return {};
}

Result<Template::Code> HtmlPlace::value(Schema::Field const& field, bool raw)
{
    switch (field.kind) {
    case FieldKind::Flag: return refused(fmt::format("{} is a flag: write {{{{#{}}}}}…{{{{/{}}}}}", field.name, field.name, field.name));
    case FieldKind::List:
    case FieldKind::Object:
        return refused(fmt::format("{} is {} of {}: open it with {{{{#{}}}}}", field.name,
            field.kind == FieldKind::List ? "a list" : "an object", field.of->name(), field.name));
    case FieldKind::Html:
        if (state_ != State::Text)
            return refused(fmt::format("{} is markup and cannot stand in {}", field.name, words()));
        if (!raw)
            return refused(fmt::format("{0} is markup: write {{{{{{{0}}}}}}}", field.name));
        return Template::Code::Raw;
    case FieldKind::Json:
        if (state_ != State::JsonScript || !seen_.empty())
            return refused(fmt::format("{} is JSON: it belongs into <script type=\"application/ld+json\">", field.name));
        return Template::Code::Json;
    case FieldKind::Text:
    case FieldKind::Url:
    case FieldKind::Number: break;
    }
    if (raw)
        return refused(fmt::format("{} is not markup: write {{{{{}}}}}, it will be escaped", field.name, field.name));
    Template::Code const code = field.kind == FieldKind::Number ? Template::Code::Number : Template::Code::Escaped;
    switch (state_) {
    case State::Text: return code;
    case State::EscapableText:
        if (!seen_.empty())
            return refused("a value must not stand directly behind <");
        return code;
    case State::Comment:
        seen_.clear();
        after_value_ = true;
        return code;
    case State::Value: return attribute_value(field);
    case State::Unquoted:
    case State::BeforeValue: return refused(fmt::format("the value of the attribute {} needs quotes", attribute_));
    default: return refused(fmt::format("no value can stand in {}", words()));
    }
}

Result<Template::Code> HtmlPlace::attribute_value(Schema::Field const& field)
{
    if (attribute_.starts_with("on"))
        return refused(fmt::format("no value can stand in the event handler {}", attribute_));
    if (attribute_ == "style" || attribute_ == "srcdoc" || attribute_ == "srcset" || attribute_ == "imagesrcset")
        return refused(fmt::format("no value can stand in the attribute {}", attribute_));
    if (element_ == "script")
        return refused("no value can stand in a script's tag");
    if (!is_url_)
        return field.kind == FieldKind::Number ? Template::Code::Number : Template::Code::Escaped;
    if (is_one_of(loading_elements, element_))
        return refused(fmt::format("no value can choose what <{}> loads", element_));
    switch (url_state_) {
    case UrlState::Start:
    case UrlState::AfterValue:
        if (field.kind != FieldKind::Url)
            return refused(fmt::format("{} starts with {}, which is not a url", attribute_, field.name));
        url_state_ = UrlState::AfterValue;
        return Template::Code::WholeUrl;
    case UrlState::Prefix: return refused("in a URL a value stands at the start, or behind a / ? or #");
    case UrlState::Rest: break;
    }
    return field.kind == FieldKind::Number ? Template::Code::Number : Template::Code::UrlPart;
}

Result<void> HtmlPlace::border()
{
    switch (state_) {
    case State::TagName:
    case State::AttributeName: state_ = State::AfterValue; return {};
    case State::AfterName: state_ = State::Tag; return {};
    case State::TagOpen:
    case State::EndTagOpen:
    case State::Declaration: return refused("a section cannot begin or end in the middle of <");
    case State::BeforeValue:
    case State::Unquoted: return refused(fmt::format("the value of the attribute {} needs quotes", attribute_));
    case State::EscapableText:
    case State::RawText:
    case State::JsonScript:
        if (!seen_.empty())
            return refused("a section cannot begin or end in the middle of an end tag");
        return {};
    case State::Value:
        if (is_url_ && url_state_ == UrlState::Prefix)
            return refused("in a URL a section begins at the start, or behind a / ? or #");
        return {};
    default: return {};
    }
}

Result<void> HtmlPlace::join(HtmlPlace const& before, bool repeats)
{
    auto const in_tag = [](HtmlPlace const& place) { return place.state_ == State::Tag || place.state_ == State::AfterValue; };
    bool same = state_ == before.state_ || (in_tag(*this) && in_tag(before));
    if (same && state_ != State::Text)
        same = element_ == before.element_ && is_end_tag_ == before.is_end_tag_ && is_json_ == before.is_json_;
    if (same && state_ == State::Value)
        same = attribute_ == before.attribute_ && quote_ == before.quote_;
    // What a second round would be preceded by is not what its steps were compiled for.
    if (same && state_ == State::Comment && (repeats ? after_value_ || seen_ != before.seen_ : false))
        return refused("a repeated section in a comment ends with some text, so that no value stands before - or >");
    if (!same)
        return refused(fmt::format("the section begins in {} and ends in {}", before.words(), words()));
    after_value_ = after_value_ || before.after_value_;
    if (state_ == State::AfterValue || before.state_ == State::AfterValue)
        state_ = state_ == State::Tag ? State::AfterValue : state_;
    if (state_ == State::Value && is_url_ && url_state_ != before.url_state_)
        url_state_ = UrlState::AfterValue;
    if (state_ == State::Comment && seen_ != before.seen_) {
        seen_.clear();
        after_value_ = true;
    }
    if (state_ == State::Value && seen_ != before.seen_)
        seen_ = "?";
    return {};
}

std::string_view HtmlPlace::words() const
{
    switch (state_) {
    case State::Text: return "text";
    case State::TagOpen:
    case State::EndTagOpen:
    case State::TagName: return "a tag's name";
    case State::Tag:
    case State::AfterValue:
    case State::AttributeName:
    case State::AfterName: return "a tag";
    case State::BeforeValue:
    case State::Unquoted: return "an unquoted attribute";
    case State::Value: return "an attribute's value";
    case State::Declaration:
    case State::Bogus: return "a declaration";
    case State::Comment: return "a comment";
    case State::EscapableText: return "a title or textarea";
    case State::RawText: return "a script or style sheet";
    case State::JsonScript: return "a JSON script";
    }
    return "";
}

bool is_safe_reference(std::string_view url)
{
    // A browser drops C0 controls and blanks at the start, and tabs and line ends everywhere ("java\nscript:").
    while (!url.empty() && static_cast<unsigned char>(url.front()) <= 0x20)
        url.remove_prefix(1);
    std::string scheme;
    for (char c : url) {
        if (c == '\t' || c == '\n' || c == '\r')
            continue;
        if (c == '/' || c == '?' || c == '#' || c == '\\')
            return true;
        if (c == ':')
            return scheme == "http" || scheme == "https" || scheme == "mailto";
        if (scheme.size() < 8)
            scheme += to_ascii_lower(c);
    }
    return true;
}

}  // namespace backtalk::web
