#include "importers/movable_type.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "importers/convert_breaks.h"

using namespace backtalk;
using namespace backtalk::importers;

namespace {

struct Collected final : MovableTypeSink {
    std::vector<MovableTypeRecord> records;
    std::vector<ImportProblem> problems;

    void on_record(MovableTypeRecord record) override { records.push_back(std::move(record)); }
    void on_problem(ImportProblem problem) override { problems.push_back(std::move(problem)); }
    bool operator==(Collected const& other) const { return records == other.records && problems == other.problems; }
};

Collected read_in_pieces(std::string_view text, std::size_t piece_bytes, MovableTypeOptions options = {})
{
    Collected collected;
    MovableTypeReader reader(collected, options);
    for (std::size_t i = 0; i < text.size(); i += piece_bytes)
        reader.feed(text.substr(i, piece_bytes));
    reader.finish();
    return collected;
}

Collected read_all(std::string_view text, MovableTypeOptions options = {})
{
    return read_in_pieces(text, std::max<std::size_t>(text.size(), 1), options);
}

std::string file_text(std::filesystem::path const& path)
{
    std::ifstream stream(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
}

std::string case_text(std::string const& name) { return file_text(std::filesystem::path(TEST_DATA "/importers") / name / "export.txt"); }

/// For reading and comparing: control characters, line feeds and backslashes as escapes.
std::string visible(std::string_view text)
{
    std::string out = "\"";
    for (char const c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\\' || c == '"')
            out += std::string("\\") + c;
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            out += fmt::format("\\x{:02x}", c);
        else
            out += c;
    }
    return out + "\"";
}

void line(std::string& out, std::string_view name, std::string_view text)
{
    if (!text.empty())
        out += fmt::format("  {}: {}\n", name, visible(text));
}

std::string date_text(std::optional<ImportDate> const& date)
{
    if (!date)
        return {};
    CivilTime const& t = date->time;
    std::string text =
        fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} (line {})", t.year, t.month, t.day, t.hour, t.minute, t.second, date->line);
    if (date->offset)
        text += fmt::format(" {:+} minutes", date->offset->count());
    return text;
}

std::string_view status_text(MovableTypeStatus status)
{
    switch (status) {
    case MovableTypeStatus::Draft: return "draft";
    case MovableTypeStatus::Publish: return "publish";
    case MovableTypeStatus::Review: return "review";
    case MovableTypeStatus::Future: return "future";
    case MovableTypeStatus::Junk: return "junk";
    case MovableTypeStatus::Unpublish: return "unpublish";
    }
    return {};
}

std::string comments_text(std::optional<AllowComments> allow)
{
    return !allow ? "" : *allow == AllowComments::Open ? "open" : *allow == AllowComments::Closed ? "closed" : "none";
}

void dump(std::string& out, MovableTypeRecord const& record)
{
    out += fmt::format("record, line {}{}\n", record.line, record.no_entry ? ", no entry" : "");
    line(out, "author", record.author);
    line(out, "author email", record.author_email);
    if (record.title)
        out += fmt::format("  title: {}\n", visible(*record.title));
    else
        line(out, "title of the body", title_of(record));
    line(out, "basename", record.basename);
    line(out, "status", status_text(record.status));
    line(out, "allow comments", comments_text(record.allow_comments));
    line(out, "allow pings", !record.allow_pings ? "" : *record.allow_pings ? "yes" : "no");
    if (record.convert_breaks)
        out += fmt::format("  convert breaks: {}\n", visible(*record.convert_breaks));
    line(out, "primary category", record.primary_category);
    for (std::string const& category : record.categories)
        line(out, "category", category);
    for (std::string const& tag : record.tags)
        line(out, "tag", tag);
    line(out, "date", date_text(record.date));
    line(out, "unique url", record.unique_url);
    line(out, "body", record.body);
    line(out, "extended body", record.extended_body);
    line(out, "excerpt", record.excerpt);
    line(out, "keywords", record.keywords);
    for (MovableTypeComment const& comment : record.comments) {
        out += fmt::format("  comment, line {}\n", comment.line);
        line(out, "  author", comment.author);
        line(out, "  email", comment.email);
        line(out, "  url", comment.url);
        line(out, "  ip", comment.ip);
        line(out, "  date", date_text(comment.date));
        line(out, "  text", comment.text);
    }
    for (MovableTypePing const& ping : record.pings) {
        out += fmt::format("  ping, line {}\n", ping.line);
        line(out, "  title", ping.title);
        line(out, "  url", ping.url);
        line(out, "  ip", ping.ip);
        line(out, "  blog name", ping.blog_name);
        line(out, "  date", date_text(ping.date));
        line(out, "  excerpt", ping.excerpt);
    }
    for (MovableTypeField const& other : record.others)
        out += fmt::format("  other, line {}: {} {}\n", other.line, visible(other.name), visible(other.text));
}

std::string dumped(Collected const& collected)
{
    std::string out;
    for (MovableTypeRecord const& record : collected.records)
        dump(out, record);
    for (ImportProblem const& problem : collected.problems)
        out += fmt::format(
            "line {}, {}: {}\n", problem.line, problem.kind == ImportProblem::Kind::Mended ? "mended" : "left out", problem.text);
    return out;
}

std::vector<std::filesystem::path> cases()
{
    std::vector<std::filesystem::path> folders;
    for (auto const& entry : std::filesystem::directory_iterator(TEST_DATA "/importers"))
        if (std::filesystem::exists(entry.path() / "export.txt"))
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

std::string const minimal = "TITLE: A\nSTATUS: Publish\nDATE: 01/02/2006 03:04:05 PM\n-----\nBODY:\nText.\n-----\n--------\n";

}  // namespace

TEST_CASE("every export in test/data reads as its folder says", "[movable_type]")
{
    REQUIRE(cases().size() >= 20);
    for (auto const& folder : cases()) {
        INFO(folder.filename().string());
        CHECK(dumped(read_all(file_text(folder / "export.txt"))) == file_text(folder / "expected.txt"));
    }
}

TEST_CASE("an export reads the same in pieces of any size", "[movable_type]")
{
    for (auto const& folder : cases()) {
        INFO(folder.filename().string());
        std::string const text = file_text(folder / "export.txt");
        Collected const whole = read_all(text);
        for (std::size_t const piece_bytes : {1, 2, 3, 7, 64})
            CHECK(read_in_pieces(text, piece_bytes) == whole);
    }
}

TEST_CASE("line ends and a BOM change nothing", "[movable_type]")
{
    Collected const plain = read_all(case_text("plain"));
    REQUIRE(plain.records.size() == 2);
    CHECK(plain.problems.empty());
    for (std::string const name : {"crlf", "cr", "mixed-line-ends", "bom"}) {
        INFO(name);
        CHECK(read_all(case_text(name)) == plain);
    }
}

TEST_CASE("a record with a bad field does not stop the file", "[movable_type]")
{
    std::string const bad =
        "STATUS: ?\nDATE: 99/99/9999 99:99:99\nALLOW PINGS: x\n-----\nPING:\nDATE: ?\n-----\nBODY:\nkept\n-----\n--------\n";
    Collected const read = read_all(bad + minimal);
    REQUIRE(read.records.size() == 2);
    CHECK(read.records[0].body == "kept");
    CHECK_FALSE(read.records[0].date);
    CHECK(read.records[1].title == "A");
}

TEST_CASE("what was not published is never made public", "[movable_type]")
{
    for (std::string const status :
        {"STATUS: Draft\n", "STATUS: Review\n", "STATUS: Unpublish\n", "STATUS: junk\n", "STATUS: pubish\n", "STATUS:\n", ""}) {
        INFO(status);
        Collected const read = read_all("TITLE: A\n" + status + "DATE: 01/02/2006 03:04:05 PM\n-----\nBODY:\nText.\n-----\n--------\n");
        REQUIRE(read.records.size() == 1);
        CHECK(read.records[0].status != MovableTypeStatus::Publish);
        CHECK(read.records[0].status != MovableTypeStatus::Future);
    }
}

TEST_CASE("an export without STATUS lines can be said to be published", "[movable_type]")
{
    MovableTypeOptions options;
    options.status_if_absent = MovableTypeStatus::Publish;
    Collected const read = read_all("TITLE: A\nDATE: 01/02/2006 03:04:05 PM\n-----\nBODY:\nText.\n-----\n--------\n", options);
    REQUIRE(read.records.size() == 1);
    CHECK(read.records[0].status == MovableTypeStatus::Publish);
    CHECK(read.problems.empty());
}

TEST_CASE("a record over the limit is cut and the next one is whole", "[movable_type]")
{
    MovableTypeOptions options;
    options.record_bytes_max = 4096;
    std::string const head = "TITLE: Long\nSTATUS: Publish\nDATE: 01/02/2006 03:04:05 PM\n-----\nBODY:\n";
    std::string body;
    SECTION("in lines")
    {
        for (int i = 0; i < 1000; ++i)
            body += "a line of text\n-----\n";
    }
    SECTION("in one line of characters of two bytes")
    {
        for (int i = 0; i < 5000; ++i)
            body += "é";
        body += "\n";
    }
    std::string const text = head + body + "-----\n--------\n" + minimal;
    Collected const read = read_all(text, options);
    REQUIRE(read.records.size() == 2);
    CHECK(read.records[0].body.size() > 3900);
    CHECK(read.records[0].body.size() <= 4096);
    CHECK(is_valid_utf8(read.records[0].body));
    CHECK(read.records[1].body == "Text.");
    CHECK(std::any_of(read.problems.begin(), read.problems.end(),
        [](ImportProblem const& problem) { return problem.text.find("longer than 4096 bytes") != std::string::npos; }));
    CHECK(read_in_pieces(text, 1, options) == read);
    CHECK(read_in_pieces(text, 1000, options) == read);
}

TEST_CASE("feedback beyond the limit is counted and left out", "[movable_type]")
{
    MovableTypeOptions options;
    options.feedback_max = 2;
    std::string text = "TITLE: A\nSTATUS: Publish\nDATE: 01/02/2006 03:04:05 PM\n-----\nBODY:\nText.\n-----\n";
    for (int i = 0; i < 5; ++i)
        text += "COMMENT:\nAUTHOR: B\nhello\n-----\nPING:\nURL: http://p.example/\n-----\n";
    Collected const read = read_all(text, options);
    REQUIRE(read.records.size() == 1);
    CHECK(read.records[0].comments.size() == 2);
    CHECK(read.records[0].pings.size() == 2);
    REQUIRE(read.problems.size() == 2);
    CHECK(read.problems[0].text == "3 comments beyond 2 of one entry were left out.");
    CHECK(read.problems[1].text == "3 pings beyond 2 of one entry were left out.");
}

TEST_CASE("categories and tags beyond the limit are left out", "[movable_type]")
{
    MovableTypeOptions options;
    options.labels_max = 2;
    std::string const head = "TITLE: A\nSTATUS: Publish\nDATE: 01/02/2006 03:04:05 PM\n";
    std::string const tail = "-----\nBODY:\nText.\n-----\n--------\n";
    Collected const full = read_all(head + "CATEGORY: a\nCATEGORY: b\nCATEGORY: a\nTAGS: a,b\n" + tail, options);
    CHECK(full.problems.empty());
    Collected const over = read_all(head + "CATEGORY: a\nCATEGORY: b\nCATEGORY: c\nTAGS: a,b,c\n" + tail, options);
    REQUIRE(over.records.size() == 1);
    CHECK(over.records[0].categories == std::vector<std::string>{"a", "b"});
    CHECK(over.records[0].tags == std::vector<std::string>{"a", "b"});
    CHECK(over.problems.size() == 2);
}

TEST_CASE("a problem quotes little of the file and no control characters", "[movable_type]")
{
    Collected const read = read_all(
        "TITLE: A\nSTATUS: " + std::string(100'000, 'x') + "\nDATE: \xE2\x80\xAE\xC2\x85q\n-----\nBODY:\nText.\n-----\n--------\n");
    REQUIRE(read.problems.size() == 2);
    CHECK(read.problems[0].text.size() < 150);
    CHECK(read.problems[1].text.find("\"q\"") != std::string::npos);
}

TEST_CASE("the saved page of 2007 is one record with five pings", "[movable_type]")
{
    std::filesystem::path const file = SHARED_FIXTURES "/saved-page/export.txt";
    if (!std::filesystem::exists(file)) {
        WARN("skipped: " << file << " is not here");
        return;
    }
    Collected const read = read_all(file_text(file));
    CHECK(read.problems.empty());
    REQUIRE(read.records.size() == 1);
    MovableTypeRecord const& record = read.records[0];
    CHECK(record.basename == "the_friends_of_ali_reza_asgari");
    CHECK(record.status == MovableTypeStatus::Publish);
    REQUIRE(record.date);
    CHECK(record.date->time == CivilTime{2007, 3, 8, 6, 41, 11});
    CHECK(text_filter(record.convert_breaks).filter == TextFilter::ConvertBreaks);
    CHECK(record.categories.size() == 1);
    CHECK(record.comments.empty());
    CHECK(record.extended_body.empty());
    REQUIRE(record.pings.size() == 5);
    CHECK(record.pings[0].blog_name == "Right Wing Nut House");
    CHECK(record.pings[3].url == "http://PUBLICSECRETSFROMTHEFILESOFTHE.example:80/2007/03/panic-in-tehran.html#more");
    CHECK(record.pings[4].date->time == CivilTime{2007, 3, 8, 11, 15, 0});
    CHECK(read_in_pieces(file_text(file), 1) == read);
}
