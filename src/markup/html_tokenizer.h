#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace backtalk::markup {

/// Name in ASCII lower case, value with character references decoded.
struct HtmlAttribute {
    std::string_view name;
    std::string_view value;
};

/// Views are valid during the call only.
struct HtmlStartTag {
    std::string_view name;                      ///< ASCII lower case
    std::span<HtmlAttribute const> attributes;  ///< In source order, the first of equal names only, at most 1000.
    bool self_closing;

    /// The value of the attribute, or nullptr data where there is none.
    std::string_view attribute(std::string_view attribute_name) const;
    bool has_attribute(std::string_view attribute_name) const;
};

struct HtmlDoctype {
    std::string_view name;               ///< ASCII lower case; data() is nullptr where missing
    std::string_view public_identifier;  ///< data() is nullptr where missing
    std::string_view system_identifier;  ///< data() is nullptr where missing
    bool force_quirks;
};

/// What the tokenizer found, in document order.
class HtmlSink {
public:
    virtual ~HtmlSink() = default;
    virtual void start_tag(HtmlStartTag const&) { }
    virtual void end_tag(std::string_view /*name, lower case*/) { }
    /// Decoded text, never empty; one run may come in several calls, none of which ends within a character.
    virtual void text(std::string_view) { }
    virtual void comment(std::string_view) { }
    virtual void doctype(HtmlDoctype const&) { }
    /// Returning false stops the tokenizer; what follows is not read.
    virtual bool wants_more() { return true; }
};

enum class HtmlState { Data, Plaintext, Rcdata, Rawtext, ScriptData, CdataSection };

/// The tokenizer of the HTML standard: streaming, linear in time, without recursion. It switches by itself to the text
/// states of title, textarea, style, xmp, iframe, noembed, noframes, script and plaintext, as a tree builder without
/// scripting would ask it to.
///
/// Input: UTF-8 (see decoded_html() in charset.h). Ill-formed bytes pass through unchanged.
/// Memory: what is read of the current tag, comment or doctype; a limit on the document is the caller's.
/// NB:    no tree is built, so nothing is foreign content: CDATA sections are bogus comments, and an SVG style is raw text.
/// Spec:  https://html.spec.whatwg.org/multipage/parsing.html#tokenization
class HtmlTokenizer {
public:
    explicit HtmlTokenizer(HtmlSink& sink);
    ~HtmlTokenizer();
    HtmlTokenizer(HtmlTokenizer const&) = delete;
    HtmlTokenizer& operator=(HtmlTokenizer const&) = delete;

    /// For the conformance tests and for fragments: where to start, and the last start tag seen.
    void start_in(HtmlState state, std::string_view last_start_tag);
    /// The next piece of the document; may end anywhere, also inside a tag or a character.
    void feed(std::string_view chunk);
    /// The end of the document. Call once.
    void finish();

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

/// The whole document at once; the fastest way.
void tokenize_html(std::string_view document, HtmlSink& sink);

}  // namespace backtalk::markup
