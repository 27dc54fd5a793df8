#include "importers/movable_type.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "importers/convert_breaks.h"
#include "importers/text_source.h"

using namespace backtalk::importers;

namespace {

struct Counting final : MovableTypeSink {
    std::size_t records = 0;
    std::size_t pings = 0;

    void on_record(MovableTypeRecord record) override
    {
        ++records;
        pings += record.pings.size();
    }
    void on_problem(ImportProblem) override { }
};

/// Entries of about 6.5 kB with two pings and a comment, the shape of an archive of 10,000.
std::string export_of(int entries)
{
    std::string paragraph;
    for (int i = 0; i < 12; ++i)
        paragraph += "The harbour lay still that evening, and nobody we asked could say whose boat it was – or why. ";
    std::string text;
    for (int i = 0; i < entries; ++i) {
        text += fmt::format("AUTHOR: Ines\nTITLE: Evening number {0}\nBASENAME: evening_{0}\nSTATUS: Publish\nALLOW COMMENTS: 1\n"
                            "CONVERT BREAKS: 0\nALLOW PINGS: 1\nPRIMARY CATEGORY: Coast\nCATEGORY: Coast\nCATEGORY: Walks\n"
                            "DATE: 03/08/2007 06:41:11 AM\nTAGS: sea,\"bird watching\"\n-----\nBODY:\n",
            i);
        for (int p = 0; p < 5; ++p)
            text += "<p>" + paragraph + "</p>\n\n";
        text += "-----\nEXTENDED BODY:\n\n-----\nEXCERPT:\nThe harbour lay still.\n-----\nKEYWORDS:\nsea\n-----\n";
        text += "COMMENT:\nAUTHOR: Bo\nEMAIL: bo@mail.example\nIP: 192.0.2.7\nURL: http://bo.example/\nDATE: 03/08/2007 08:00:00 "
                "PM\nWhose?\n-----\n";
        for (int p = 0; p < 2; ++p)
            text += fmt::format(
                "PING:\nTITLE: Boats\nURL: http://boats{0}.example/{1}\nIP: 192.0.2.8\nBLOG NAME: Boats\nDATE: 03/09/2007 12:00:01 AM\n"
                "Following up on what we read yesterday about the harbour [...]\n-----\n",
                p, i);
        text += "--------\n";
    }
    return text;
}

std::string const& corpus()
{
    static std::string const text = export_of(2000);
    return text;
}

template <class Work> void in_chunks(std::string_view text, Work work)
{
    constexpr std::size_t chunk_bytes = 64 * 1024;
    for (std::size_t i = 0; i < text.size(); i += chunk_bytes)
        work(text.substr(i, chunk_bytes));
}

void count(benchmark::State& state, std::size_t records)
{
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(corpus().size()));
    state.SetItemsProcessed(static_cast<std::int64_t>(records));
}

void read_movable_type(benchmark::State& state)
{
    std::size_t records = 0;
    for (auto _ : state) {
        Counting sink;
        MovableTypeReader reader(sink);
        in_chunks(corpus(), [&](std::string_view chunk) { reader.feed(chunk); });
        reader.finish();
        records += sink.records;
    }
    count(state, records);
}

void decode_windows_1252(benchmark::State& state)
{
    std::string bytes;
    while (bytes.size() < 13'000'000)
        bytes += "Le caf\xe9 du port, d\xe9j\xe0 ferm\xe9 \xe0 huit heures, h\xe9las.\n";
    for (auto _ : state) {
        TextDecoder decoder;
        in_chunks(bytes, [&](std::string_view chunk) { benchmark::DoNotOptimize(decoder.feed(chunk)); });
        benchmark::DoNotOptimize(decoder.finish());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes.size()));
}

/// With the charset, as an import reads a file.
void decode_and_read_movable_type(benchmark::State& state)
{
    std::size_t records = 0;
    for (auto _ : state) {
        Counting sink;
        MovableTypeReader reader(sink);
        TextDecoder decoder;
        in_chunks(corpus(), [&](std::string_view chunk) { reader.feed(decoder.feed(chunk)); });
        reader.feed(decoder.finish());
        reader.finish();
        records += sink.records;
    }
    count(state, records);
}

void convert_breaks(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(converted_breaks(corpus()));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(corpus().size()));
}

}  // namespace

BENCHMARK(read_movable_type)->Name("read_movable_type/13MB")->Unit(benchmark::kMillisecond);
BENCHMARK(decode_and_read_movable_type)->Name("decode_and_read_movable_type/13MB")->Unit(benchmark::kMillisecond);
BENCHMARK(decode_windows_1252)->Name("decode_windows_1252/13MB")->Unit(benchmark::kMillisecond);
BENCHMARK(convert_breaks)->Name("convert_breaks/13MB")->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
