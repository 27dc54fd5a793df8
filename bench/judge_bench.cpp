// What it costs to judge a ping: everything but reading the store. Without files: texts of its own.
#include <string>

#include <benchmark/benchmark.h>

#include "judge/campaign.h"
#include "judge/evidence_of_page.h"
#include "judge/judge.h"
#include "judge/judge_rows.h"
#include "judge/learner.h"

using namespace backtalk;
using namespace backtalk::judge;

namespace {

/// Digits would all be the same to the learner.
std::string word(int number)
{
    std::string letters;
    for (; number > 0; number /= 26)
        letters += static_cast<char>('a' + number % 26);
    return letters;
}

PingEvidence ping(int number)
{
    PingEvidence ping;
    ping.title = "Lights out, part " + std::to_string(number);
    ping.blog_name = "Public Square";
    ping.host = "square" + std::to_string(number % 1000) + ".example";
    ping.path = "/2007/03/08/lights-out-" + std::to_string(number);
    for (int i = 0; i < 40; ++i)
        ping.excerpt += word((number * 31 + i * 7) % 20000 * 2 + number % 2 + 100) + " of the harbour ";
    return ping;
}

void judge_ping(benchmark::State& state)
{
    SiteWeights weights;
    CampaignWatch watch;
    int number = 0;
    for (auto _ : state) {
        Evidence evidence;
        evidence.ping = ping(++number);
        evidence.target.title = "The harbour at night";
        evidence.page.link = LinkPlace::RunningText;
        evidence.wording = text_score(Prior::shipped(), weights, features_of(evidence.ping));
        Arrival arrival;
        arrival.text = text_fingerprint(evidence.ping.excerpt);
        arrival.source = evidence.ping.host + evidence.ping.path;
        arrival.host = evidence.ping.host;
        arrival.domain = evidence.ping.host;
        arrival.target = std::to_string(number % 100);
        arrival.at = Instant(std::chrono::seconds(number));
        evidence.crowd = watch.note(arrival).crowd;
        benchmark::DoNotOptimize(judge::judge(evidence, Strictness::Balanced));
    }
}
BENCHMARK(judge_ping)->Name("judge_ping")->Unit(benchmark::kMicrosecond);

/// What a page of 100 kB adds to it.
void page_evidence(benchmark::State& state)
{
    std::string html = "<html><head><title>Lights out</title></head><body>";
    for (int i = 0; html.size() < 100'000; ++i)
        html += "<p>Paragraph " + std::to_string(i) + " says what we read about the harbour, <a href=\"http://h" + std::to_string(i % 300) +
            ".example/x\">there</a>, on an evening of March.</p>\n";
    html += "<p>And then <a href=\"http://quarters.example/harbour\">this</a>.</p></body></html>";
    SourcePage const page = read_source_page(html, Url::parse("http://square.example/2007/lights-out").value());
    std::string const entry = html.substr(0, 6000);
    for (auto _ : state)
        benchmark::DoNotOptimize(evidence_of_page(page, html, &page.links.back(), entry));
}
BENCHMARK(page_evidence)->Name("page_evidence/100kB")->Unit(benchmark::kMicrosecond);

/// Bytes that a site's learner holds after so many lessons, as the store keeps them: bucket and weight.
void learn(benchmark::State& state)
{
    for (auto _ : state) {
        SiteWeights weights;
        for (int number = 0; number < state.range(0); ++number) {
            Features const features = features_of(ping(number));
            std::int32_t const step = learning_step(text_score(Prior::shipped(), weights, features), number % 2 == 0, features.size());
            for (std::uint32_t const bucket : features)
                weights.add(bucket, step);
        }
        std::size_t used = 0;
        for (std::uint32_t bucket = 0; bucket < feature_buckets; ++bucket)
            used += weights.weight(bucket) != 0;
        state.counters["buckets"] = static_cast<double>(used);
        state.counters["MiB_in_memory"] = static_cast<double>(feature_buckets) * 4 / (1 << 20);
    }
}
BENCHMARK(learn)->Name("learn")->Arg(100'000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
