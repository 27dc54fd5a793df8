#include <fstream>

#include <fmt/format.h>

#include "app/import_archive.h"
#include "cli/commands.h"

namespace backtalk::cli {

namespace {

constexpr std::uint64_t map_bytes_max = 256u << 20;

std::string_view kind_of(ImportRemark const& remark) { return remark.left_out ? "left out" : "mended"; }

std::string report_text(std::string const& path, ImportReport const& report)
{
    std::string text = fmt::format("Import of {}\n", path);
    for (ImportRemark const& remark : report.remarks)
        text += fmt::format("line {}: {}: {}\n", remark.line, kind_of(remark), remark.text);
    auto const unlisted = report.mended + report.left_out - static_cast<std::int64_t>(report.remarks.size());
    if (unlisted > 0)
        text += fmt::format("… and {} more\n", unlisted);
    return text;
}

/// Into the home, beside the store. Nothing if there is nothing to tell.
Result<std::string> write_report(Home& home, std::string const& path, ImportReport const& report)
{
    std::string stamp = rfc3339(home.clock.now());
    std::erase(stamp, ':');
    std::string const name = fmt::format("{}/import-{}.txt", home.folder, stamp);
    std::ofstream file(name, std::ios::binary);
    file << report_text(path, report);
    file.close();
    if (!file)
        return failure(
            ErrorCode::Unavailable, fmt::format("the archive is in, but its report could not be written to {}: is the disk full?", name));
    return name;
}

void print_report(Options const& options, Streams& streams, ImportReport const& report, std::string const& report_file)
{
    ImportCounts const& counts = report.counts;
    if (options.json) {
        std::vector<std::string> remarks;
        for (ImportRemark const& remark : report.remarks)
            remarks.push_back(JsonLine()
                    .add("line", static_cast<std::int64_t>(remark.line))
                    .add("kind", kind_of(remark))
                    .add("text", remark.text)
                    .object());
        JsonLine line;
        line.add("records", report.records).add("entries", counts.entries_added).add("entries_known", counts.entries_known);
        line.add("comments", counts.comments_added).add("comments_known", counts.comments_known).add("pings", counts.pings_added);
        line.add("pings_known", counts.pings_known).add("mentions", counts.mentions_added).add("pings_folded", counts.pings_folded);
        line.add("mended", report.mended)
            .add("left_out", report.left_out)
            .add("charset", report.charset)
            .add_flag("dry_run", options.dry_run);
        if (!report_file.empty())
            line.add("report", report_file);
        streams.print(line.add_objects("remarks", remarks).str());
        return;
    }
    auto const known = [](std::int64_t number) { return number ? fmt::format(" ({} were here already)", number) : std::string(); };
    std::string_view const verb = options.dry_run ? "would come in" : "came in";
    streams.print(fmt::format("{} records read in {}\n", report.records, report.charset));
    streams.print(fmt::format("{} entries {}{}\n", counts.entries_added, verb, known(counts.entries_known)));
    streams.print(fmt::format("{} comments {}{}\n", counts.comments_added, verb, known(counts.comments_known)));
    streams.print(fmt::format("{} pings {}{}, as {} mentions; {} were repeats\n", counts.pings_added, verb, known(counts.pings_known),
        counts.mentions_added, counts.pings_folded));
    streams.print(fmt::format("{} lines were mended, {} left out\n", report.mended, report.left_out));
    if (!report_file.empty())
        streams.print(fmt::format("Report: {}\n", report_file));
    else if (options.dry_run)
        streams.print(report_text(options.words.front(), report));
}

}  // namespace

Result<void> run_import_command(Home& home, Options const& options, Streams& streams)
{
    TRY(auto const site, chosen_site(home, options));
    std::optional<markup::Charset> charset;
    if (!options.charset.empty())
        charset = markup::Charset::named(options.charset);
    importers::ImportMap map;
    if (!options.map.empty()) {
        TRY(std::string const csv, streams.read_file(options.map, map_bytes_max));
        TRY(map, importers::ImportMap::parse(csv));
    }
    std::string const& path = options.words.front();
    TRY(Streams::OpenFile file, streams.open_file(path));
    std::uint64_t read = 0;
    auto const started = std::chrono::steady_clock::now();
    NextPiece const next = [&]() -> Result<std::string> {
        TRY(std::string piece, file.next());
        read += piece.size();
        return piece;
    };
    auto const progress = [&](ImportReport const& so_far) {
        if (options.quiet || std::chrono::steady_clock::now() - started < std::chrono::seconds(1))
            return;
        std::uint64_t const percent = file.bytes ? std::min<std::uint64_t>(100, read * 100 / file.bytes) : 0;
        streams.progress(fmt::format("[{:<40}] {:>3} %  {} entries, {} pings", std::string(percent * 40 / 100, '#'), percent,
            so_far.counts.entries_added + so_far.counts.entries_known, so_far.counts.pings_added + so_far.counts.pings_known));
    };
    std::unique_ptr<Store> scratch;
    if (options.dry_run) {
        TRY(scratch, home.store.scratch_copy());
    }
    Store& store = scratch ? *scratch : home.store;
    TRY(ImportReport const report, import_movable_type(store, home.pool, home.clock, *site, map, charset, next, progress));
    streams.end_progress();
    std::string report_file;
    if (!options.dry_run && !report.remarks.empty()) {
        TRY(report_file, write_report(home, path, report));
    }
    print_report(options, streams, report, report_file);
    return {};
}

}  // namespace backtalk::cli
