#include <benchmark/benchmark.h>

#include <string>

#include "url/form.h"
#include "url/url.h"

using namespace backtalk;

namespace {

constexpr std::string_view typical = "https://www.weblog.example/2007/03/the-harbour-at-night?p=1520&utm_source=feed#comment-7";
constexpr std::string_view international = "http://www.b\xC3\xBC"
                                           "cher.example/caf\xC3\xA9/";

void parse_typical(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(Url::parse(typical));
}
BENCHMARK(parse_typical)->Name("parse/typical");

void parse_international(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(Url::parse(international));
}
BENCHMARK(parse_international)->Name("parse/international");

void parse_longest(benchmark::State& state)
{
    std::string text = "http://a.example/";
    while (text.size() < 8100)
        text += "a/../b c/%2e/";
    text.resize(8100);
    for (auto _ : state)
        benchmark::DoNotOptimize(Url::parse(text));
}
BENCHMARK(parse_longest)->Name("parse/8kB");

void resolve_typical(benchmark::State& state)
{
    Url const base = *Url::parse(typical);
    for (auto _ : state)
        benchmark::DoNotOptimize(base.resolve("../04/the-lighthouse"));
}
BENCHMARK(resolve_typical)->Name("resolve/typical");

void key_typical(benchmark::State& state)
{
    Url const url = *Url::parse(typical);
    for (auto _ : state)
        benchmark::DoNotOptimize(comparison_key(url));
}
BENCHMARK(key_typical)->Name("comparison_key/typical");

void form_typical(benchmark::State& state)
{
    std::string const form = form_encoded(
        {{"url", std::string(typical)}, {"title", "The harbour at night"}, {"excerpt", std::string(250, 'x')}, {"blog_name", "A weblog"}});
    for (auto _ : state)
        benchmark::DoNotOptimize(parse_form(form));
}
BENCHMARK(form_typical)->Name("parse_form/ping");

}  // namespace

BENCHMARK_MAIN();
