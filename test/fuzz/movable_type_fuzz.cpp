#include "importers/movable_type.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>

#include "base/text.h"
#include "importers/convert_breaks.h"
#include "importers/text_source.h"

using namespace backtalk;
using namespace backtalk::importers;

namespace {

void require(bool holds, std::source_location where = std::source_location::current())
{
    if (holds)
        return;
    std::fprintf(stderr, "line %u does not hold\n", static_cast<unsigned>(where.line()));
    std::abort();
}

struct Collected final : MovableTypeSink {
    std::vector<MovableTypeRecord> records;
    std::vector<ImportProblem> problems;

    void on_record(MovableTypeRecord record) override { records.push_back(std::move(record)); }
    void on_problem(ImportProblem problem) override { problems.push_back(std::move(problem)); }
};

template <class Feed> void in_pieces(std::string_view text, std::size_t piece_bytes, Feed feed)
{
    for (std::size_t i = 0; i < text.size(); i += piece_bytes)
        feed(text.substr(i, piece_bytes));
}

std::string decoded(std::string_view bytes, std::size_t piece_bytes)
{
    TextDecoder decoder;
    std::string text;
    in_pieces(bytes, piece_bytes, [&](std::string_view piece) { text += decoder.feed(piece); });
    return text + decoder.finish();
}

std::size_t read(std::string_view text, std::size_t piece_bytes, MovableTypeOptions const& options, Collected& collected)
{
    MovableTypeReader reader(collected, options);
    in_pieces(text, piece_bytes, [&](std::string_view piece) { reader.feed(piece); });
    reader.finish();
    return reader.lines();
}

void check_date(std::optional<ImportDate> const& date) { require(!date || to_instant(date->time).has_value()); }

void check(MovableTypeRecord const& record, MovableTypeOptions const& options, std::size_t lines)
{
    require(record.line >= 1 && record.line <= lines);
    require(record.body.size() <= options.record_bytes_max);
    require(is_valid_utf8(record.body) && is_valid_utf8(record.title.value_or("")));
    require(record.body.find('\r') == std::string::npos && record.body.find('\0') == std::string::npos);
    require(record.comments.size() <= options.feedback_max && record.pings.size() <= options.feedback_max);
    require(record.categories.size() <= options.labels_max && record.tags.size() <= options.labels_max);
    check_date(record.date);
    std::size_t before = 0;
    for (MovableTypeComment const& comment : record.comments) {
        require(comment.line > before && comment.line <= lines);
        before = comment.line;
        check_date(comment.date);
    }
    for (MovableTypePing const& ping : record.pings) {
        require(!ping.url.empty());
        check_date(ping.date);
    }
    std::string const title = title_of(record);
    require(title.size() <= record.body.size() || record.title.has_value());
    std::string const html = converted_breaks(record.body);
    require(is_valid_utf8(html) && html.size() <= 16 * record.body.size());
}

}  // namespace

/// The first byte chooses the size of the pieces, the second the limits; the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    if (size < 2)
        return 0;
    std::size_t const piece_bytes = 1 + bytes[0] % 64;
    MovableTypeOptions options;
    if (bytes[1] % 2 == 1) {
        options.record_bytes_max = 16 + bytes[1];
        options.feedback_max = options.labels_max = 1 + bytes[1] % 8;
    }
    std::string_view const file(reinterpret_cast<char const*>(bytes) + 2, size - 2);

    std::string const text = decoded(file, std::max<std::size_t>(file.size(), 1));
    require(is_valid_utf8(text));
    require(decoded(file, piece_bytes) == text);

    Collected whole;
    std::size_t const lines = read(text, std::max<std::size_t>(text.size(), 1), options, whole);
    Collected pieces;
    require(read(text, piece_bytes, options, pieces) == lines);
    require(whole.records == pieces.records && whole.problems == pieces.problems);
    for (MovableTypeRecord const& record : whole.records)
        check(record, options, lines);
    for (ImportProblem const& problem : whole.problems) {
        require(problem.line >= 1 && problem.line <= lines && problem.text.size() < 400);
        require(is_valid_utf8(problem.text) && problem.text.find('\n') == std::string::npos);
    }

    Collected raw;
    read(file, piece_bytes, options, raw);
    return 0;
}
