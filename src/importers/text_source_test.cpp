#include "importers/text_source.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace backtalk;
using namespace backtalk::importers;
using markup::Charset;

namespace {

struct Decoded {
    std::string text;
    std::string charset;
    std::size_t read_otherwise;
    bool operator==(Decoded const&) const = default;
};

Decoded decoded(std::string_view bytes, std::size_t piece_bytes, std::optional<Charset> named = {})
{
    TextDecoder decoder(named);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += piece_bytes)
        text += decoder.feed(bytes.substr(i, piece_bytes));
    text += decoder.finish();
    return {text, std::string(decoder.charset().name()), decoder.read_otherwise()};
}

std::string repeated(std::string_view text, std::size_t bytes_min)
{
    std::string out;
    while (out.size() < bytes_min)
        out += text;
    return out;
}

// "港の夜。海はとても静かで、船の灯りだけが見えた。" in three charsets.
constexpr std::string_view harbour = "港の夜。海はとても静かで、船の灯りだけが見えた。";
constexpr std::string_view harbour_sjis =
    "\x8d\x60\x82\xcc\x96\xe9\x81\x42\x8a\x43\x82\xcd\x82\xc6\x82\xc4\x82\xe0\x90\xc3\x82\xa9\x82\xc5\x81\x41\x91\x44\x82\xcc\x93\x94"
    "\x82\xe8\x82\xbe\x82\xaf\x82\xaa\x8c\xa9\x82\xa6\x82\xbd\x81\x42";
constexpr std::string_view harbour_euc =
    "\xb9\xc1\xa4\xce\xcc\xeb\xa1\xa3\xb3\xa4\xa4\xcf\xa4\xc8\xa4\xc6\xa4\xe2\xc0\xc5\xa4\xab\xa4\xc7\xa1\xa2\xc1\xa5\xa4\xce\xc5\xf4"
    "\xa4\xea\xa4\xc0\xa4\xb1\xa4\xac\xb8\xab\xa4\xa8\xa4\xbf\xa1\xa3";

}  // namespace

TEST_CASE("ASCII and UTF-8 pass as they are", "[text_source]")
{
    std::string const text = repeated("The harbour at night — 港の夜, café.\n", 600'000);
    CHECK(decoded(text, 65536) == Decoded{text, "utf-8", 0});
    CHECK(decoded("TITLE: plain\n", 3) == Decoded{"TITLE: plain\n", "utf-8", 0});
    CHECK(decoded("", 1).text.empty());
}

TEST_CASE("a file that is ASCII for its first megabyte and then windows-1252 comes out right", "[text_source]")
{
    std::string const ascii = repeated("The harbour at night, once more.\n", 1 << 20);
    std::string const tail = "He said \x93no\x94 \x96 caf\xe9, d\xe9j\xe0 vu, na\xefve.\n";
    CHECK(decoded(ascii + tail, 4096).text == ascii + "He said “no” – café, déjà vu, naïve.\n");
}

TEST_CASE("a UTF-8 file keeps its text where single pings are windows-1252", "[text_source]")
{
    std::string const line = "Über den Hafen – bei Nacht.\n";
    std::string const bytes = repeated(line, 3000) + "It\x92s a caf\xe9\n" + line;
    Decoded const read = decoded(bytes, 1000);
    CHECK(read.text == repeated(line, 3000) + "It’s a café\n" + line);
    CHECK(read.charset == "utf-8");
    CHECK(read.read_otherwise == 2);
}

TEST_CASE("a windows-1252 file keeps its text where single pings are UTF-8", "[text_source]")
{
    std::string const line = "Le caf\xe9 du port, d\xe9j\xe0 ferm\xe9 \xe0 huit heures, \x93h\xe9las\x94.\n";
    std::string const utf8 = "Le café du port, déjà fermé à huit heures, “hélas”.\n";
    Decoded const read = decoded(line + line + "Un écho – déjà lu\n" + line, 10);
    CHECK(read.text == utf8 + utf8 + "Un écho – déjà lu\n" + utf8);
    CHECK(read.charset == "windows-1252");
}

TEST_CASE("Japanese files are recognised, with pings in UTF-8 among them", "[text_source]")
{
    for (std::string_view const legacy : {harbour_sjis, harbour_euc}) {
        std::string const line = std::string(legacy) + "\n";
        std::string const bytes = "BODY:\n" + line + line + line + std::string(harbour) + "\n" + line;
        std::string const utf8 = std::string(harbour) + "\n";
        Decoded const read = decoded(bytes, 7);
        CHECK(read.text == "BODY:\n" + utf8 + utf8 + utf8 + utf8 + utf8);
        CHECK(read.charset == (legacy == harbour_sjis ? "shift_jis" : "euc-jp"));
    }
}

TEST_CASE("a Japanese line that is not UTF-8 is read in a UTF-8 file", "[text_source]")
{
    std::string const utf8 = std::string(harbour) + "\n";
    std::string const bytes = utf8 + utf8 + std::string(harbour_euc) + "\n" + utf8;
    Decoded const read = decoded(bytes, 1);
    CHECK(read.text == utf8 + utf8 + utf8 + utf8);
    CHECK(read.read_otherwise == 1);
}

TEST_CASE("a named charset is taken at its word", "[text_source]")
{
    CHECK(decoded("caf\xe9", 1, Charset::named("windows-1251")).text == "cafй");
    CHECK(decoded("caf\xe9!", 1, Charset::utf8()).text == "caf\xEF\xBF\xBD!");
    CHECK(decoded(harbour_sjis, 1, Charset::named("shift_jis")).text == harbour);
}

TEST_CASE("UTF-16 is known by its byte order mark", "[text_source]")
{
    std::string const bytes("\xFF\xFEh\0i\0\xE9\0", 8);
    CHECK(decoded(bytes, 1).text == "hié");
}

TEST_CASE("text is the same for pieces of any size, and valid", "[text_source]")
{
    std::string bytes = repeated("caf\xe9 caf\xc3\xa9 \x82\xcc \xff\xfe\x80\n", 300'000);
    bytes += repeated("\xe6\xb8\xaf", 1'100'000);
    bytes += "\r\n\xc3";
    Decoded const whole = decoded(bytes, bytes.size());
    CHECK(is_valid_utf8(whole.text));
    CHECK(decoded(bytes, 1) == whole);
    CHECK(decoded(bytes, 4099) == whole);

    std::string const japanese =
        repeated(std::string(harbour_sjis) + "\nASCII\r\n", 200'000) + std::string(harbour) + "\n" + std::string(harbour_sjis) + "\x82";
    Decoded const japanese_whole = decoded(japanese, japanese.size());
    CHECK(japanese_whole.read_otherwise == 1);
    CHECK(decoded(japanese, 1) == japanese_whole);
    CHECK(decoded(japanese, 977) == japanese_whole);
}
