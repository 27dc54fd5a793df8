// Any document gives the same tokens whole and in pieces, in every text state, and a sink that stops is left alone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "markup/html_entities.h"
#include "markup/html_tokenizer.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// All tokens in a row. Checks what every token promises.
class Recorder : public HtmlSink {
public:
    Recorder(bool valid, std::size_t tokens_max) : valid_(valid), tokens_max_(tokens_max) { }

    void start_tag(HtmlStartTag const& tag) override
    {
        token('<', tag.name);
        require(!tag.name.empty() && is_ascii_alpha(tag.name[0]) && tag.attributes.size() <= 1000);
        for (HtmlAttribute const& attribute : tag.attributes) {
            part('@', attribute.name);
            part('=', attribute.value);
            require(!attribute.name.empty() && attribute.value.data() != nullptr);
            // The first of its name, and the only one.
            require(tag.attribute(attribute.name).data() == attribute.value.data());
        }
        part(tag.self_closing ? '1' : '0', {});
    }
    void end_tag(std::string_view name) override { token('/', name); }
    void text(std::string_view text) override
    {
        require(!stopped_ && !text.empty());
        require(!valid_ || is_valid_utf8(text));
        if (!in_text_)
            token('t', {});
        in_text_ = true;
        out_ += text;
    }
    void comment(std::string_view text) override { token('!', text); }
    void doctype(HtmlDoctype const& doctype) override
    {
        token('D', doctype.name);
        part('p', doctype.public_identifier);
        part('s', doctype.system_identifier);
        part(doctype.force_quirks ? 'q' : 'n', {});
    }
    bool wants_more() override
    {
        stopped_ = tokens_ >= tokens_max_;
        return !stopped_;
    }
    std::string const& out() const { return out_; }

private:
    void token(char kind, std::string_view what)
    {
        require(!stopped_);
        ++tokens_;
        in_text_ = false;
        part(kind, what);
    }
    void part(char kind, std::string_view what)
    {
        require(!valid_ || is_valid_utf8(what));
        out_.append("\n").append(1, kind).append(what);
    }

    bool valid_;
    std::size_t tokens_max_;
    std::size_t tokens_ = 0;
    bool in_text_ = false;
    bool stopped_ = false;
    std::string out_;
};

struct Start {
    HtmlState state;
    std::string_view last_start_tag;
};

std::string in_pieces(std::string_view document, Start start, std::uint32_t seed, std::size_t tokens_max)
{
    // In a document that is valid UTF-8 no piece of text ends within a character.
    Recorder recorder(is_valid_utf8(document), tokens_max);
    HtmlTokenizer tokenizer(recorder);
    tokenizer.start_in(start.state, start.last_start_tag);
    while (!document.empty()) {
        seed = seed * 1664525U + 1013904223U;
        std::string const piece(document.substr(0, 1 + (seed >> 24) % 23));
        tokenizer.feed(piece);
        document.remove_prefix(piece.size());
    }
    tokenizer.finish();
    return recorder.out();
}

std::string whole(std::string_view document, Start start, std::size_t tokens_max)
{
    Recorder recorder(is_valid_utf8(document), tokens_max);
    HtmlTokenizer tokenizer(recorder);
    tokenizer.start_in(start.state, start.last_start_tag);
    tokenizer.feed(document);
    tokenizer.finish();
    return recorder.out();
}

}  // namespace

/// The first byte chooses where to start, the second how the document is cut, the third where the sink stops.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    static constexpr Start starts[] = {{HtmlState::Data, ""}, {HtmlState::Rcdata, "title"}, {HtmlState::Rawtext, "style"},
        {HtmlState::ScriptData, "script"}, {HtmlState::Plaintext, ""}, {HtmlState::CdataSection, ""}};
    if (size < 3)
        return 0;
    Start const start = starts[bytes[0] % std::size(starts)];
    std::string_view const document(reinterpret_cast<char const*>(bytes) + 3, size - 3);

    std::string const expected = whole(document, start, SIZE_MAX);
    require(in_pieces(document, start, bytes[1], SIZE_MAX) == expected);
    // Text counts when it begins, so where it is cut decides whether the last run is complete.
    std::string const stopped = whole(document, start, bytes[2] % 16U);
    require(expected.starts_with(stopped));
    require(expected.starts_with(in_pieces(document, start, bytes[1], bytes[2] % 16U)));
    if (start.state == HtmlState::Data) {
        Recorder recorder(is_valid_utf8(document), SIZE_MAX);
        tokenize_html(document, recorder);
        require(recorder.out() == expected);
    }
    std::string const decoded = decoded_references(document);
    require(!is_valid_utf8(document) || is_valid_utf8(decoded));
    require(decoded.size() <= 2 * document.size());
    return 0;
}
