#include <fstream>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "judge/experiment.h"

namespace backtalk::cli {

namespace {

using namespace judge;

constexpr std::uint64_t file_bytes_max = 1u << 30;

std::string percent(double share) { return fmt::format("{:.1f} %", share * 100); }

std::string json_of(JudgedRow const& judged)
{
    std::vector<std::string> reasons;
    for (Reason const& reason : judged.verdict.reasons)
        reasons.push_back(JsonLine().add("name", reason.name).add_real("weight", reason.weight).add("sentence", reason.sentence).object());
    JsonLine line;
    line.add("source", judged.row->url).add("title", judged.row->ping.title).add("label", judged.row->label).add("class", judged.row->kind);
    line.add_real("score", judged.verdict.score).add("outcome", to_word(judged.verdict.outcome));
    if (judged.campaign != 0)
        line.add("campaign", judged.campaign);
    else
        line.add_null("campaign");
    return line.add_objects("reasons", reasons).str();
}

std::string text_of(JudgedRow const& judged)
{
    std::string text = fmt::format("{:>6.2f}  {:<9}  {}  {}\n", judged.verdict.score, to_word(judged.verdict.outcome), judged.row->url,
        judged.row->ping.title.empty() ? cut_at_word(repaired_utf8(judged.row->ping.excerpt), 60) : judged.row->ping.title);
    for (Reason const& reason : judged.verdict.reasons)
        text += fmt::format("          {:>+6.2f}  {}: {}\n", reason.weight, reason.name, reason.sentence);
    return text;
}

void print_text(Figures const& figures, Streams& streams)
{
    streams.print(fmt::format("\n{} spam, recall {}; {} ham, false positives {}; {} things for the owner to decide or look through\n\n",
        figures.spam.all(), percent(figures.recall()), figures.ham.all(), percent(figures.false_positives()), figures.inbox_items));
    streams.print(fmt::format("{:<22} {:>9} {:>9} {:>9}  not shown\n", "", "published", "held", "spam"));
    for (auto const& [kind, outcomes] : figures.by_kind)
        streams.print(fmt::format("{:<22} {:>9} {:>9} {:>9}  {}\n", kind.empty() ? "no label" : kind, outcomes.published, outcomes.held,
            outcomes.spam, percent(static_cast<double>(outcomes.not_shown()) / static_cast<double>(outcomes.all()))));
    streams.print("\nIf everything from a score on were not shown:\n   score   recall   false positives\n");
    for (Figures::Point const& point : figures.curve)
        streams.print(fmt::format("{:>8.2f} {:>8} {:>10}\n", point.threshold, percent(point.recall), percent(point.false_positives)));
}

void print_json(Figures const& figures, Streams& streams)
{
    std::vector<std::string> kinds;
    for (auto const& [kind, outcomes] : figures.by_kind)
        kinds.push_back(JsonLine()
                .add("kind", kind)
                .add("published", static_cast<std::int64_t>(outcomes.published))
                .add("held", static_cast<std::int64_t>(outcomes.held))
                .add("spam", static_cast<std::int64_t>(outcomes.spam))
                .object());
    std::vector<std::string> curve;
    for (Figures::Point const& point : figures.curve)
        curve.push_back(JsonLine()
                .add_real("threshold", point.threshold)
                .add_real("recall", point.recall)
                .add_real("false_positives", point.false_positives)
                .object());
    JsonLine line;
    line.add("spam", static_cast<std::int64_t>(figures.spam.all())).add("ham", static_cast<std::int64_t>(figures.ham.all()));
    line.add_real("recall", figures.recall()).add_real("false_positives", figures.false_positives());
    line.add("inbox_items", static_cast<std::int64_t>(figures.inbox_items)).add_objects("kinds", kinds).add_objects("curve", curve);
    streams.print(line.str());
}

Result<void> write_prior(Prior const& prior, std::string const& path)
{
    std::ofstream file(path, std::ios::binary);
    file << prior.bytes();
    file.close();
    if (!file)
        return failure(ErrorCode::Unavailable, fmt::format("cannot write {}: is the disk full?", path));
    return {};
}

Result<void> judge_files(SiteWeights weights, Options const& options, Streams& streams)
{
    std::vector<JudgeRow> rows;
    for (std::string const& path : options.words) {
        TRY(std::string const text, streams.read_file(path, file_bytes_max));
        Result<std::vector<JudgeRow>> read = read_judge_rows(text);
        if (!read)
            return failure(read.error().code, fmt::format("{}: {}", path, read.error().text));
        rows.insert(rows.end(), std::make_move_iterator(read->begin()), std::make_move_iterator(read->end()));
    }
    if (!options.train.empty())
        return write_prior(trained_on(rows), options.train);
    Experiment experiment;
    experiment.strictness = strictness_named(options.strictness).value_or(Strictness::Balanced);
    experiment.link_check = options.no_link_check ? Experiment::LinkCheck::Off : Experiment::LinkCheck::On;
    experiment.held_back_only = options.held_back;
    experiment.decisions = options.decisions.value_or(0);
    std::vector<JudgedRow> const judged = run_experiment(experiment, Prior::shipped(), std::move(weights), rows);
    if (!options.quiet)
        for (JudgedRow const& each : judged)
            streams.print(options.json ? json_of(each) : text_of(each));
    Figures const figures = figures_of(judged);
    if (figures.spam.all() + figures.ham.all() == 0)
        return {};
    if (options.json)
        print_json(figures, streams);
    else
        print_text(figures, streams);
    return {};
}

}  // namespace

Result<void> run_judge_command(Options const& options, Streams& streams) { return judge_files(SiteWeights(), options, streams); }

Result<void> run_judge_command(Home& home, Options const& options, Streams& streams)
{
    TRY(auto const site, chosen_site(home, options));
    TRY(auto const learnt, home.store.learnt(site->id));
    SiteWeights weights;
    for (auto const& [bucket, weight] : learnt)
        weights.add(bucket, weight);
    return judge_files(std::move(weights), options, streams);
}

}  // namespace backtalk::cli
