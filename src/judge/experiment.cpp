#include "judge/experiment.h"

#include <set>

#include "judge/campaign.h"
#include "judge/memory.h"
#include "judge/training.h"

namespace backtalk::judge {

namespace {

double share(std::size_t part, std::size_t whole, double of_nothing)
{
    return whole == 0 ? of_nothing : static_cast<double>(part) / static_cast<double>(whole);
}

/// What is known of a row before its words are weighed.
Evidence evidence_of(JudgeRow const& row, Experiment::LinkCheck link_check)
{
    Evidence evidence;
    evidence.ping = row.ping;
    evidence.target = row.target;
    if (link_check == Experiment::LinkCheck::On)
        evidence.page.link = row.links_back ? LinkPlace::RunningText : LinkPlace::NotThere;
    return evidence;
}

CampaignWatch::Seen seen_in(CampaignWatch& watch, JudgeRow const& row, std::size_t number)
{
    Arrival arrival;
    arrival.text = text_fingerprint(row.ping.excerpt);
    arrival.source = row.url;
    arrival.host = row.ping.host;
    arrival.domain = registrable_domain(row.ping.host);
    arrival.target = row.target_url.empty() ? row.target.title : row.target_url;
    arrival.at = Instant(std::chrono::seconds(row.time));
    arrival.token = static_cast<std::int64_t>(number);
    return watch.note(arrival);
}

}  // namespace

std::vector<JudgedRow> run_experiment(
    Experiment const& experiment, Prior const& prior, SiteWeights weights, std::vector<JudgeRow> const& rows)
{
    std::vector<JudgedRow> judged;
    CampaignWatch watch;
    std::size_t decided = 0;
    for (JudgeRow const& row : rows) {
        if (experiment.held_back_only && !is_held_back(row.group))
            continue;
        Features const features = features_of(row.ping);
        double const wording = text_score(prior, weights, features);
        if (decided < experiment.decisions && (row.is_spam() || row.is_ham())) {
            ++decided;
            std::int32_t const step = learning_step(wording, row.is_spam(), features.size());
            for (std::uint32_t const bucket : features)
                weights.add(bucket, step);
            continue;
        }
        Evidence evidence = evidence_of(row, experiment.link_check);
        evidence.wording = wording;
        std::int64_t campaign = 0;
        if (row.time != 0) {
            CampaignWatch::Seen const seen = seen_in(watch, row, judged.size() + 1);
            evidence.crowd = seen.crowd;
            campaign = seen.campaign;
            for (CampaignWatch::Earlier const& earlier : seen.earlier)
                judged[static_cast<std::size_t>(earlier.token) - 1].campaign = campaign;
        }
        judged.emplace_back(&row, judge(evidence, experiment.strictness), campaign);
    }
    return judged;
}

void Outcomes::count(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Published: ++published; return;
    case Outcome::Held: ++held; return;
    case Outcome::Spam: ++spam; return;
    }
}

double Figures::recall() const { return share(spam.not_shown(), spam.all(), 1); }
double Figures::false_positives() const { return share(ham.not_shown(), ham.all(), 0); }

Figures figures_of(std::vector<JudgedRow> const& judged)
{
    Figures figures;
    std::set<std::int64_t> campaigns;
    for (JudgedRow const& each : judged) {
        Outcome const outcome = each.verdict.outcome;
        if (each.row->is_spam())
            figures.spam.count(outcome);
        else if (each.row->is_ham())
            figures.ham.count(outcome);
        figures.by_kind[each.row->kind.empty() ? each.row->label : each.row->label + " " + each.row->kind].count(outcome);
        if (outcome != Outcome::Published && (each.campaign == 0 || campaigns.insert(each.campaign).second))
            ++figures.inbox_items;
    }
    for (int step = -8; step <= 24; ++step) {
        Figures::Point point{step * 0.25, 0, 0};
        std::size_t spam = 0;
        std::size_t ham = 0;
        for (JudgedRow const& each : judged)
            if (each.verdict.score >= point.threshold) {
                spam += each.row->is_spam();
                ham += each.row->is_ham();
            }
        point.recall = share(spam, figures.spam.all(), 1);
        point.false_positives = share(ham, figures.ham.all(), 0);
        figures.curve.push_back(point);
    }
    return figures;
}

Prior trained_on(std::vector<JudgeRow> const& rows)
{
    std::vector<Sample> samples;
    for (JudgeRow const& row : rows)
        if ((row.is_spam() || row.is_ham() || row.label == "self") && !is_held_back(row.group))
            samples.emplace_back(features_of(row.ping), row.is_spam(), row.weight);
    return trained(std::move(samples));
}

}  // namespace backtalk::judge
