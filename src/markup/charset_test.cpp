#include "markup/charset.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "markup/charset_labels.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

Charset charset(std::string_view label)
{
    INFO(label);
    auto const named = Charset::named(label);
    REQUIRE(named.has_value());
    return *named;
}

/// One sentence as a blog of its time would have sent it.
struct Sample {
    std::string_view label;
    std::string_view bytes;
    std::string_view text;
};

Sample const samples[] = {
    {"windows-1252", "It\x92s a \x93new\x94 entry \x97 on B\xE4ume f\xFCr 5 \x80", "It’s a “new” entry — on Bäume für 5 €"},
    {"iso-8859-1",
        "Se\xF1or N\xFA\xF1"
        "ez escribi\xF3 una rese\xF1"
        "a",
        "Señor Núñez escribió una reseña"},
    {"windows-1251",
        "\xCF\xF0\xE8\xE2\xE5\xF2, \xFD\xF2\xEE \xE7\xE0\xEF\xE8\xF1\xFC \xE2 \xEC\xEE\xB8\xEC \xE4\xED\xE5\xE2\xED\xE8\xEA\xE5",
        "Привет, это запись в моём дневнике"},
    {"koi8-r", "\xF0\xD2\xC9\xD7\xC5\xD4, \xDC\xD4\xCF \xDA\xC1\xD0\xC9\xD3\xD8 \xD7 \xCD\xCF\xA3\xCD \xC4\xCE\xC5\xD7\xCE\xC9\xCB\xC5",
        "Привет, это запись в моём дневнике"},
    {"shift_jis", "\x8D\xA1\x93\xFA\x82\xCC\x93\xFA\x8BL\x81`\x8E\xCA\x90^\x82\xF0\x92\xC7\x89\xC1\x82\xB5\x82\xDC\x82\xB5\x82\xBD",
        "今日の日記～写真を追加しました"},
    {"euc-jp",
        "\xBA\xA3\xC6\xFC\xA4\xCE\xC6\xFC\xB5\xAD\xA4\xCB\xBC\xCC\xBF\xBF\xA4\xF2\xC4\xC9\xB2\xC3\xA4\xB7\xA4\xDE\xA4\xB7\xA4\xBF\xA1\xA3"
        "\xA4\xA2\xA4\xEA\xA4\xAC\xA4\xC8\xA4\xA6\xA1\xA3",
        "今日の日記に写真を追加しました。ありがとう。"},
    {"iso-2022-jp", "\x1B$BF|5-$G$9\x1B(B", "日記です"},
    {"gb18030", "\xBD\xF1\xCC\xEC\xCE\xD2\xD0\xB4\xC1\xCB\xD2\xBB\xC6\xAA\xB9\xD8\xD3\xDA\xB4\xBA\xCC\xEC\xB5\xC4\xC8\xD5\xD6\xBE",
        "今天我写了一篇关于春天的日志"},
    {"big5",
        "\xA4\xB5\xA4\xD1\xA7\xDA\xBCg\xA4"
        "F\xA4@\xBDg\xC3\xF6\xA9\xF3\xACK\xA4\xD1\xAA\xBA\xA4\xE9\xBBx",
        "今天我寫了一篇關於春天的日誌"},
    {"euc-kr", "\xBF\xC0\xB4\xC3\xC0\xBA \xBA\xBD\xBF\xA1 \xB4\xEB\xC7\xD1 \xB1\xDB\xC0\xBB \xBD\xE8\xBD\xC0\xB4\xCF\xB4\xD9",
        "오늘은 봄에 대한 글을 썼습니다"},
    {"windows-1255", "\xF9\xEC\xE5\xED \xEC\xEB\xE5\xEC\xED \xE6\xE4 \xE4\xF8\xF9\xE5\xEE\xE4 \xF9\xEC\xE9", "שלום לכולם זה הרשומה שלי"},
};

}  // namespace

TEST_CASE("a charset is named by the labels of the standard", "[markup][charset]")
{
    CHECK(charset("UTF-8").name() == "utf-8");
    CHECK(charset("  utf8\n").name() == "utf-8");
    CHECK(charset("ISO-8859-1").name() == "windows-1252");
    CHECK(charset("us-ascii") == Charset::windows_1252());
    CHECK(charset("Windows-31J").name() == "shift_jis");
    CHECK(charset("gb2312").name() == "gbk");
    CHECK(charset("iso-8859-9").name() == "windows-1254");
    CHECK(charset("utf-16").name() == "utf-16le");
    for (std::string_view const label : {"", " ", "utf-7", "UTF-7", "utf-8 utf-8", "iso-2022-kr", "hz-gb-2312", "replacement", "utf-32",
             "cp037", "ibm1047", "scsu", "bocu-1", "x-user-defined", "klingon", "utf"})
        CHECK_FALSE(Charset::named(label).has_value());
}

TEST_CASE("every charset of the list can be read, and no byte of it hides markup behind it", "[markup][charset]")
{
    for (Encoding const& encoding : encodings) {
        INFO(encoding.name);
        Charset const each = charset(encoding.name);
        CHECK(each.name() == encoding.name);
        if (encoding.name.starts_with("utf-16"))
            continue;
        CHECK(to_utf8("plain <a href='x'>", each) == "plain <a href='x'>");
        for (int byte = 0x80; byte <= 0xFF; ++byte) {
            std::string const out = to_utf8(std::string(1, static_cast<char>(byte)) + "<\"'>&", each);
            CHECK(is_valid_utf8(out));
            CHECK(out.ends_with("<\"'>&"));
        }
    }
}

TEST_CASE("sentences of many languages become UTF-8", "[markup][charset]")
{
    for (Sample const& sample : samples) {
        CHECK(to_utf8(sample.bytes, charset(sample.label)) == sample.text);
        CHECK(decoded_text(sample.bytes, charset(sample.label)) == sample.text);
    }
    using namespace std::string_view_literals;
    CHECK(to_utf8("\xFF\xFE"
                  "a\0\x3D\xD8\x00\xDE"sv,
              charset("utf-16le")) == "a\U0001F600");
    CHECK(to_utf8("\xFE\xFF\0a\xD8\x3D\xDE\x00"sv, charset("utf-16be")) == "a\U0001F600");
}

TEST_CASE("a sentence without a label is read rightly", "[markup][charset]")
{
    for (Sample const& sample : samples)
        CHECK(decoded_text(sample.bytes, std::nullopt) == sample.text);
    CHECK(guessed_charset("") == Charset::utf8());
    CHECK(guessed_charset("caf\u00E9") == Charset::utf8());
    CHECK(decoded_text("caf\xE9", std::nullopt) == "caf\u00E9");
    CHECK(decoded_text(std::string(200'000, 'x') + "\xE9t\xE9", std::nullopt) == std::string(200'000, 'x') + "\u00E9t\u00E9");
}

TEST_CASE("ill-formed bytes become replacement characters", "[markup][charset]")
{
    CHECK(to_utf8("a\xFF\xC3", Charset::utf8()) == "a\uFFFD\uFFFD");
    CHECK(to_utf8("a\xE2\x82", Charset::utf8()) == "a\uFFFD");
    CHECK(to_utf8("\x82", charset("shift_jis")) == "\uFFFD");
    CHECK(to_utf8("\xFE", charset("shift_jis")) == "\uFFFD");
    using namespace std::string_view_literals;
    CHECK(to_utf8("\x3D\xD8"sv, charset("utf-16le")) == "\uFFFD");
    CHECK(to_utf8("\x3D\xD8"
                  "a\0"sv,
              charset("utf-16le")) == "\uFFFDa");
    CHECK(to_utf8("\x00\xDE"
                  "a\0b"sv,
              charset("utf-16le")) == "\uFFFDa\uFFFD");
}

TEST_CASE("a stream gives the same text however it is cut", "[markup][charset]")
{
    std::vector<Sample> all(std::begin(samples), std::end(samples));
    all.push_back({"utf-8",
        "\xEF\xBB\xBF"
        "caf\u00E9 \u65E5\u672C \U0001F600 \xFF\xE2\x82",
        "caf\u00E9 \u65E5\u672C \U0001F600 \uFFFD\uFFFD"});
    all.push_back({"utf-16le",
        std::string_view("\xFF\xFE"
                         "a\0\x3D\xD8\x00\xDE",
            8),
        "a\U0001F600"});
    all.push_back({"utf-16be", "\xFE\xFF\xFE\xFF", "\uFEFF"});  // Only the first mark is one.
    for (Sample const& sample : all) {
        for (std::size_t const piece : {1, 2, 3, 7}) {
            StreamDecoder decoder(charset(sample.label));
            std::string out;
            for (std::size_t at = 0; at < sample.bytes.size(); at += piece) {
                std::string const decoded = decoder.feed(sample.bytes.substr(at, piece));
                CHECK(is_valid_utf8(decoded));
                out += decoded;
            }
            out += decoder.finish();
            CHECK(out == sample.text);
        }
    }
}

TEST_CASE("the charset of a content type is found among its parameters", "[markup][charset]")
{
    CHECK(charset_of_content_type("text/html; charset=utf-8") == "utf-8");
    CHECK(charset_of_content_type("text/html;CHARSET = \"Shift_JIS\" ; x=y") == "Shift_JIS");
    CHECK(charset_of_content_type("text/html; a=\"; charset=koi8-r\"; charset=big5") == "big5");
    CHECK(charset_of_content_type("text/html; charset; charset=\"a\\\"b\"") == "a\"b");
    CHECK(charset_of_content_type("text/html; charset=; charset=x") == "x");
    for (std::string_view const none :
        {"", "text/html", "text/html;", "charset=utf-8", "text/html; xcharset=utf-8", "text/html; charset=\""})
        CHECK_FALSE(charset_of_content_type(none).has_value());
}

TEST_CASE("a page is read by mark, header, meta element or guess, in this order", "[markup][charset]")
{
    std::string const latin = "<p>\xE9</p>";
    auto const read = [&](std::string const& head, std::string_view content_type = "") {
        std::string const out = decoded_html(head + latin, content_type);
        CHECK(is_valid_utf8(out));
        return out.substr(out.rfind("<p>") + 3, out.rfind("</p>") - out.rfind("<p>") - 3);
    };
    CHECK(read("\xEF\xBB\xBF<meta charset=koi8-r>", "text/html; charset=koi8-r") == "\uFFFD");
    CHECK(read("<meta charset=latin1>", "text/html; charset=koi8-r") == "\u0418");
    CHECK(read("<meta charset=koi8-r>", "text/html; charset=nonsense") == "\u0418");
    CHECK(read("<META name=x CharSet = 'KOI8-R' >", "text/html") == "\u0418");
    CHECK(read("<meta http-equiv=Content-Type content=\"text/html; charset=koi8-r\">") == "\u0418");
    CHECK(read("<meta content='text/html; charset = \"koi8-r\"' http-equiv=\"Content-Type\" />") == "\u0418");
    CHECK(read("<meta name=Content-Type content=\"text/html; charset=koi8-r\">") == "\u00E9");
    CHECK(read("<!-- <meta charset=koi8-r> --><meta charset=latin1>") == "\u00E9");
    CHECK(read("<!--><meta charset=koi8-r>-->") == "\u0418");
    CHECK(read("<a title='<meta charset=koi8-r>'><meta charset=latin1>") == "\u00E9");
    CHECK(read("<? x ><meta/charset=koi8-r>") == "\u0418");
    CHECK(read("<metadata charset=koi8-r><meta charset=utf-16>") == "\uFFFD");
    CHECK(read("<?xml version='1.0' encoding='koi8-r'?>") == "\u0418");
    CHECK(read("<?xml version='1.0'?>") == "\u00E9");
    CHECK(read(std::string(1100, ' ') + "<meta charset=koi8-r>") == "\u00E9");
    CHECK(decoded_html("caf\u00E9", "") == "caf\u00E9");
    CHECK(decoded_html(std::string_view("\xFF\xFE<\0b\0>\0", 8), "text/html; charset=utf-8") == "<b>");
    for (std::string_view const cut : {"<meta", "<meta ", "<meta charset", "<meta charset=", "<meta charset='koi8-r", "<a b=\"", "<!--",
             "<!", "<", "<?xml encoding='", "<meta content='charset", "<meta content='charset='"})
        CHECK(decoded_html(cut, "") == cut);
}
