#include "markup/html_tokenizer.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/text.h"
#include "markup/html_entities.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

/// Writes each token on a line, text that comes in several calls on one.
class Writer : public HtmlSink {
public:
    void start_tag(HtmlStartTag const& tag) override
    {
        line("<", tag.name);
        for (HtmlAttribute const& attribute : tag.attributes)
            out_.append(" [").append(attribute.name).append("]=[").append(attribute.value).append("]");
        out_ += tag.self_closing ? "/" : "";
    }
    void end_tag(std::string_view name) override { line("</", name); }
    void text(std::string_view text) override
    {
        REQUIRE_FALSE(text.empty());
        if (!in_text_)
            line("text ", "");
        out_.append(text);
        in_text_ = true;
    }
    void comment(std::string_view text) override { line("comment ", text); }
    void doctype(HtmlDoctype const& doctype) override
    {
        line("doctype ", doctype.name.data() ? doctype.name : "(none)");
        out_.append(" [").append(doctype.public_identifier.data() ? doctype.public_identifier : "(none)");
        out_.append("] [").append(doctype.system_identifier.data() ? doctype.system_identifier : "(none)");
        out_.append(doctype.force_quirks ? "] quirks" : "]");
    }
    std::string const& out() const { return out_; }

private:
    void line(std::string_view kind, std::string_view what)
    {
        out_.append(out_.empty() ? "" : "\n").append(kind).append(what);
        in_text_ = false;
    }

    std::string out_;
    bool in_text_ = false;
};

struct Start {
    HtmlState state = HtmlState::Data;
    std::string last_start_tag;
};

std::string tokens(std::string_view document, Start const& start = {}, std::size_t piece = std::string_view::npos)
{
    Writer writer;
    HtmlTokenizer tokenizer(writer);
    tokenizer.start_in(start.state, start.last_start_tag);
    // Each piece in a buffer of its own and exactly its size: views into a piece that is gone would be seen.
    for (std::size_t at = 0; at < document.size(); at += std::min(piece, document.size() - at)) {
        std::vector<char> const bytes(document.begin() + static_cast<std::ptrdiff_t>(at),
            document.begin() + static_cast<std::ptrdiff_t>(at + std::min(piece, document.size() - at)));
        tokenizer.feed({bytes.data(), bytes.size()});
    }
    tokenizer.finish();
    return writer.out();
}

std::string tokens_in_one_go(std::string_view document)
{
    Writer writer;
    tokenize_html(document, writer);
    return writer.out();
}

/// The string form of a test: \uXXXX within the string itself where the case says doubleEscaped.
std::string text_of(boost::json::value const& value, bool double_escaped)
{
    std::string const text(value.as_string());
    return double_escaped ? std::string(boost::json::parse("\"" + text + "\"").as_string()) : text;
}

std::string expected_tokens(boost::json::object const& test, bool double_escaped)
{
    Writer writer;
    auto const text = [&](boost::json::value const& value) { return text_of(value, double_escaped); };
    for (auto const& token : test.at("output").as_array()) {
        auto const& fields = token.as_array();
        std::string const kind(fields[0].as_string());
        if (kind == "Character") {
            writer.text(text(fields[1]));
        } else if (kind == "Comment") {
            writer.comment(text(fields[1]));
        } else if (kind == "EndTag") {
            writer.end_tag(text(fields[1]));
        } else if (kind == "StartTag") {
            std::vector<std::pair<std::string, std::string>> kept;
            for (auto const& [name, value] : fields[2].as_object())
                kept.emplace_back(double_escaped ? text(boost::json::value(name)) : std::string(name), text(value));
            std::vector<HtmlAttribute> attributes;
            for (auto const& [name, value] : kept)
                attributes.push_back({name, value});
            std::string const name = text(fields[1]);
            writer.start_tag({name, attributes, fields.size() > 3 && fields[3].as_bool()});
        } else {
            REQUIRE(kind == "DOCTYPE");
            std::string name = fields[1].is_null() ? "" : text(fields[1]);
            std::string pub = fields[2].is_null() ? "" : text(fields[2]);
            std::string sys = fields[3].is_null() ? "" : text(fields[3]);
            auto const view = [](boost::json::value const& value, std::string const& held) {
                return value.is_null() ? std::string_view() : std::string_view(held);
            };
            writer.doctype({view(fields[1], name), view(fields[2], pub), view(fields[3], sys), !fields[4].as_bool()});
        }
    }
    return writer.out();
}

std::vector<HtmlState> initial_states(boost::json::object const& test)
{
    static std::map<std::string_view, HtmlState> const states = {{"Data state", HtmlState::Data}, {"PLAINTEXT state", HtmlState::Plaintext},
        {"RCDATA state", HtmlState::Rcdata}, {"RAWTEXT state", HtmlState::Rawtext}, {"Script data state", HtmlState::ScriptData},
        {"CDATA section state", HtmlState::CdataSection}};
    auto const* named = test.if_contains("initialStates");
    if (!named)
        return {HtmlState::Data};
    std::vector<HtmlState> out;
    for (auto const& state : named->as_array())
        out.push_back(states.at(std::string_view(state.as_string())));
    return out;
}

/// Runs a case from each of its states: whole, byte by byte, in pieces of three, and all at once. Returns the number of runs.
int run_case(boost::json::object const& test)
{
    bool const double_escaped = test.contains("doubleEscaped") && test.at("doubleEscaped").as_bool();
    std::string const input = text_of(test.at("input"), double_escaped);
    std::string const expected = expected_tokens(test, double_escaped);
    int runs = 0;
    for (HtmlState const state : initial_states(test)) {
        INFO(std::string_view(test.at("description").as_string()) << ", input " << input);
        Start const start{state, test.contains("lastStartTag") ? std::string(test.at("lastStartTag").as_string()) : ""};
        CHECK(tokens(input, start) == expected);
        CHECK(tokens(input, start, 1) == expected);
        CHECK(tokens(input, start, 3) == expected);
        if (state == HtmlState::Data)
            CHECK(tokens_in_one_go(input) == expected);
        ++runs;
    }
    return runs;
}

std::string repeated(std::string_view what, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += what;
    return out;
}

}  // namespace

TEST_CASE("the tokenizer gives the tokens of the html5lib suite", "[markup][html]")
{
    std::filesystem::path const folder = std::filesystem::path(SHARED_FIXTURES) / "security" / "html5lib-tokenizer";
    if (!std::filesystem::exists(folder)) {
        WARN("skipped: no folder " << folder);
        return;
    }
    int runs = 0;
    for (auto const& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".test")
            continue;
        std::ifstream stream(file.path(), std::ios::binary);
        std::string const json((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
        auto const suite = boost::json::parse(json);
        for (auto const& test : suite.at("tests").as_array())
            runs += run_case(test.as_object());
    }
    CHECK(runs > 500);
}

TEST_CASE("names are lower case, values decoded, the first of equal attributes stays", "[markup][html]")
{
    CHECK(tokens("<A HREF='a&amp;b' Href=x checked TITLE=\"one\r\ntwo\" =x>") == "<a [href]=[a&b] [checked]=[] [title]=[one\ntwo] [=x]=[]");
    CHECK(tokens("<br/><p a=b/><p/ c>") == "<br/\n<p [a]=[b/]\n<p [c]=[]");
    CHECK(tokens("</A href=x >") == "</a");
    CHECK(tokens(std::string_view("<a\0 b\0=c\0>", 10)) == "<a\uFFFD [b\uFFFD]=[c\uFFFD]");
    CHECK(tokens("<a b\n=\r'c'd=e>") == "<a [b]=[c] [d]=[e]");
}

TEST_CASE("the last of many attributes is still found, and their number is limited", "[markup][html]")
{
    std::string tag = "<a";
    for (int i = 0; i < 40; ++i)
        tag += " n" + std::to_string(i % 20) + "=" + std::to_string(i);
    std::string const twenty = tokens(tag + ">");
    CHECK(twenty.starts_with("<a [n0]=[0] [n1]=[1]"));
    CHECK(twenty.ends_with("[n18]=[18] [n19]=[19]"));

    std::string many = "<a";
    for (int i = 0; i < 5000; ++i)
        many += " n" + std::to_string(i);
    std::string const kept = tokens(many + "><b>");
    CHECK(std::count(kept.begin(), kept.end(), '=') == 1000);
    CHECK(kept.ends_with("[n999]=[]\n<b"));
}

TEST_CASE("an attribute that is missing differs from one that is empty", "[markup][html]")
{
    struct Looker : HtmlSink {
        void start_tag(HtmlStartTag const& tag) override
        {
            ++tags;
            CHECK(tag.has_attribute("alt"));
            CHECK(tag.attribute("alt").data() != nullptr);
            CHECK(tag.attribute("alt").empty());
            CHECK_FALSE(tag.has_attribute("src"));
            CHECK(tag.attribute("src").data() == nullptr);
        }
        int tags = 0;
    } looker;
    tokenize_html("<img alt><img alt=''><img alt=\"\"><img alt=>", looker);
    CHECK(looker.tags == 4);
}

TEST_CASE("raw text lasts until its own end tag", "[markup][html]")
{
    CHECK(tokens("<title>a<b>&amp;</titles></TITLE >c") == "<title\ntext a<b>&</titles>\n</title\ntext c");
    CHECK(tokens("<style>a<b>&amp;</style/>c") == "<style\ntext a<b>&amp;\n</style\ntext c");
    CHECK(tokens("<textarea><!-- </textarea> -->") == "<textarea\ntext <!-- \n</textarea\ntext  -->");
    CHECK(tokens("<plaintext></plaintext>&amp;") == "<plaintext\ntext </plaintext>&amp;");
    CHECK(tokens("<iframe><a></iframe><noscript><a>") == "<iframe\ntext <a>\n</iframe\n<noscript\n<a");
    CHECK(tokens("<xmp></xmp", {}, 1) == "<xmp\ntext </xmp");
    CHECK(tokens("<noembed><</noembed><noframes></noframes>") == "<noembed\ntext <\n</noembed\n<noframes\n</noframes");
}

TEST_CASE("a script may speak of scripts within a comment", "[markup][html]")
{
    for (std::size_t const piece : {std::string::npos, std::size_t(1), std::size_t(2)}) {
        CHECK(tokens("<script>if (a<b) '<!--<script>'</script>--></script>x", {}, piece) ==
            "<script\ntext if (a<b) '<!--<script>'</script>-->\n</script\ntext x");
        CHECK(tokens("<script><!--</script>x", {}, piece) == "<script\ntext <!--\n</script\ntext x");
        CHECK(tokens("<script><!--><script></script>x", {}, piece) == "<script\ntext <!--><script>\n</script\ntext x");
        CHECK(tokens("<script><!--->x<script></script>x", {}, piece) == "<script\ntext <!--->x<script>\n</script\ntext x");
        CHECK(tokens("<script><!-- <scripts></script>x", {}, piece) == "<script\ntext <!-- <scripts>\n</script\ntext x");
        CHECK(tokens("<script><!-- <script></scripts> <a --->\r\n</script>", {}, piece) ==
            "<script\ntext <!-- <script></scripts> <a --->\n\n</script");
    }
}

TEST_CASE("a CDATA section is text where one is started, else a bogus comment", "[markup][html]")
{
    CHECK(tokens("a&amp;<b>]]]>&amp;", {HtmlState::CdataSection, ""}, 1) == "text a&amp;<b>]&");
    CHECK(tokens("<![CDATA[x]]>") == "comment [CDATA[x]]");
}

TEST_CASE("a comment ends where browsers end it", "[markup][html]")
{
    for (std::size_t const piece : {std::string::npos, std::size_t(1)}) {
        CHECK(tokens("<!-->a", {}, piece) == "comment \ntext a");
        CHECK(tokens("<!--->a", {}, piece) == "comment \ntext a");
        CHECK(tokens("<!--x--!>a", {}, piece) == "comment x\ntext a");
        CHECK(tokens("<!--x>--->a", {}, piece) == "comment x>-\ntext a");
        CHECK(tokens("<!--x-- >a", {}, piece) == "comment x-- >a");
        CHECK(tokens("<!--x--!", {}, piece) == "comment x");
        CHECK(tokens("<!---", {}, piece) == "comment ");
        CHECK(tokens("<!-x\ry>", {}, piece) == "comment -x\ny");
        CHECK(tokens("</ x><?php echo '>'?>", {}, piece) == "comment  x\ncomment ?php echo '\ntext '?>");
    }
}

TEST_CASE("a doctype gives its identifiers and what is wrong with it", "[markup][html]")
{
    CHECK(tokens("<!doctype html public \"-//W3C//DTD HTML 4.01//EN\" 'http://x/'>") ==
        "doctype html [-//W3C//DTD HTML 4.01//EN] [http://x/]");
    CHECK(tokens("<!DOCTYPE html SYSTEM 'about:legacy-compat' junk") == "doctype html [(none)] [about:legacy-compat]");
    CHECK(tokens("<!DOCTYPE html SYSTEM 'about:legacy-compat'") == "doctype html [(none)] [about:legacy-compat] quirks");
    CHECK(tokens("<!DOCTYPE html PUBLIC 'a>b") == "doctype html [a] [(none)] quirks\ntext b");
    CHECK(tokens("<!DOCTYPE>") == "doctype (none) [(none)] [(none)] quirks");
}

TEST_CASE("line ends become line feeds, wherever the pieces are cut", "[markup][html]")
{
    for (std::size_t const piece : {std::string::npos, std::size_t(1), std::size_t(2)})
        CHECK(tokens("a\r\nb\rc\n\r\r\n<!--\r\n-->\r", {}, piece) == "text a\nb\nc\n\n\n\ncomment \n\ntext \n");
}

TEST_CASE("text is never cut within a character", "[markup][html]")
{
    struct Checker : HtmlSink {
        void text(std::string_view text) override { CHECK(is_valid_utf8(text)); }
    } checker;
    HtmlTokenizer tokenizer(checker);
    for (char const& c : std::string_view("caf\u00E9 \u65E5\u672C \U0001F600<title>\U0001F600"))
        tokenizer.feed({&c, 1});
    tokenizer.finish();
}

TEST_CASE("a sink that wants no more gets no more", "[markup][html]")
{
    struct Stopper : HtmlSink {
        void start_tag(HtmlStartTag const& tag) override { seen += tag.name; }
        void text(std::string_view text) override { seen += text; }
        bool wants_more() override { return seen.find('b') == std::string::npos; }
        std::string seen;
    };
    Stopper whole;
    tokenize_html("<a>x<b>y<c>", whole);
    CHECK(whole.seen == "axb");
    Stopper pieces;
    HtmlTokenizer tokenizer(pieces);
    for (char const& c : std::string_view("<a>x<b>y<c>"))
        tokenizer.feed({&c, 1});
    tokenizer.finish();
    CHECK(pieces.seen == "axb");
}

TEST_CASE("a reference may be cut anywhere and be as long as it likes", "[markup][html]")
{
    CHECK(tokens("&notin;&notit;&#x" + repeated("0", 5000) + "41;&#" + repeated("9", 5000) + " &CounterClockwiseContourIntegral;", {}, 1) ==
        "text \u2209\u00ACit;A\uFFFD \u2233");
    CHECK(tokens("&#" + repeated("0", 100), {}, 1) == "text \uFFFD");
    CHECK(tokens("&am", {}, 1) == "text &am");
    CHECK(tokens("&amp", {}, 1) == "text &");
}

TEST_CASE("references in text follow the standard", "[markup][html]")
{
    CHECK(decoded_references("It&#8217;s &amp; &lt;b&gt; &eacute;t&eacute &unknown; &; &# &#x; &") ==
        "It\u2019s & <b> \u00E9t\u00E9 &unknown; &; &# &#x; &");
    CHECK(decoded_references("&#128;&#x93;&#0;&#xD800;&#x110000;&#x1F600;&#9;") == "\u20AC\u201C\uFFFD\uFFFD\uFFFD\U0001F600\t");
    CHECK(decoded_references("&amp;amp; &nGt; &ngE;") == "&amp; \u226B\u20D2 \u2267\u0338");
    CHECK(decoded_references("&ampx &AMPx &copy2026") == "&x &x \u00A92026");
}

TEST_CASE("references in attributes spare old query strings", "[markup][html]")
{
    CHECK(tokens("<a href='?a=1&copy=2&amp;reg=3&reg;&lt&para2'>") == "<a [href]=[?a=1&copy=2&reg=3\u00AE<&para2]");
}

TEST_CASE("what is cut off at the end of the document is text, a comment or nothing", "[markup][html]")
{
    for (std::size_t const piece : {std::string::npos, std::size_t(1)}) {
        CHECK(tokens("a<", {}, piece) == "text a<");
        CHECK(tokens("a</", {}, piece) == "text a</");
        CHECK(tokens("a<!", {}, piece) == "text a\ncomment ");
        CHECK(tokens("a<!-", {}, piece) == "text a\ncomment -");
        CHECK(tokens("a<!doc", {}, piece) == "text a\ncomment doc");
        CHECK(tokens("a<b c='>", {}, piece) == "text a");
        CHECK(tokens("a</b", {}, piece) == "text a");
        CHECK(tokens("", {}, piece).empty());
    }
}
