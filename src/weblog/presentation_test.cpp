#include "weblog/presentation.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace backtalk;

namespace {

std::string words(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += (i > 0 ? " word" : "word") + std::to_string(i);
    return text;
}

SourceEntry entry_saying(std::string name, std::string summary, std::string content)
{
    SourceEntry entry;
    entry.name = std::move(name);
    entry.summary = std::move(summary);
    entry.content_text = std::move(content);
    return entry;
}

}  // namespace

TEST_CASE("a name that begins the content is none", "[presentation]")
{
    CHECK(repeats("A note", "A note"));
    CHECK(repeats("A note…", "A note of some length"));
    CHECK(repeats("A note ...", "A  note\nof some length"));
    CHECK(repeats("Anote", "A\xC2\xA0note"));
    CHECK(repeats("An\nother", "Another"));
    CHECK_FALSE(repeats("A note", "A not"));
    CHECK_FALSE(repeats("A note", "Another"));
    CHECK_FALSE(repeats("A note", ""));
    CHECK_FALSE(repeats("", "A note"));
    CHECK_FALSE(repeats("…", "A note"));
    CHECK_FALSE(repeats("a note", "A note"));
}

TEST_CASE("a reply is shown by its content, its summary, its name or the start of its content, in that order", "[presentation]")
{
    std::string const long_text = words(300);
    CHECK(words_of_reply(entry_saying("Name", "Summary", "Line one\nline two")) == "Line one line two");
    CHECK(words_of_reply(entry_saying("Name", "Summary", long_text)) == "Summary");
    CHECK(words_of_reply(entry_saying("Name", "", long_text)) == "Name");
    std::string const shortened = words_of_reply(entry_saying("", "", long_text));
    CHECK(shortened.starts_with("word0 word1 "));
    CHECK(shortened.ends_with("…"));
    CHECK(code_point_count(shortened) <= response_characters_max);
    CHECK(words_of_reply(entry_saying("Name", "", "")) == "Name");
    CHECK(words_of_reply({}) == "");
}

TEST_CASE("a like has words only where its author wrote some", "[presentation]")
{
    CHECK(words_of_reaction(entry_saying("Ann liked this", "", "")) == "");
    CHECK(words_of_reaction(entry_saying("Ann liked this", "Short", "")) == "Short");
    CHECK(words_of_reaction(entry_saying("Ann liked this", "Short", "Lovely")) == "Lovely");
}

TEST_CASE("a text that is cut keeps its lines and its characters", "[presentation]")
{
    CHECK(cut_text("one\ntwo", 7) == "one\ntwo");
    CHECK(cut_text("one\ntwo three", 9) == "one\ntwo…");
    std::string harbour;
    for (int i = 0; i < 50; ++i)
        harbour += "港";
    for (std::size_t most = 1; most < 50; ++most) {
        CHECK(is_valid_utf8(cut_text(harbour, most)));
        CHECK(code_point_count(cut_text(harbour, most)) == most);
    }
}

TEST_CASE("content is shown with its markup unless it is long, and never with scripts", "[presentation]")
{
    Url const base = *Url::parse("https://a.example/post");
    SourceEntry entry = entry_saying("", "", "Yes");
    entry.content_html = "<p onclick=x>Yes <script>alert(1)</script><a href='/x'>there</a></p>";
    std::string const shown = shown_content(entry, base);
    CHECK(shown.find("script") == std::string::npos);
    CHECK(shown.find("onclick") == std::string::npos);
    CHECK(shown.find("https://a.example/x") != std::string::npos);
    entry.content_text = std::string(shown_content_characters_max + 1, 'x');
    CHECK(shown_content(entry, base) == "");
    CHECK(shown_content({}, base) == "");
}
