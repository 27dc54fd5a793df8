#include <benchmark/benchmark.h>

#include <cstdlib>

#include "web/sample_pages.h"

// The page of an entry with 50 mentions through the default theme. "render" is the machine alone, "fill_and_render" makes the
// View as well.
namespace {

using namespace backtalk::web;

Theme const& theme()
{
    static Theme const loaded = [] {
        auto result = Theme::load(theme_files, {});
        if (!result)
            std::abort();
        return *std::move(result);
    }();
    return loaded;
}

void render(benchmark::State& state)
{
    SamplePages const pages;
    View const page = pages.entry(50);
    std::size_t bytes = 0;
    for (auto _ : state) {
        auto const html = theme().render(PageKind::Entry, page);
        benchmark::DoNotOptimize(html->data());
        bytes += html->size();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.counters["page_bytes"] = static_cast<double>(theme().render(PageKind::Entry, page)->size());
}
BENCHMARK(render)->Name("render_page/50_mentions");

void fill_and_render(benchmark::State& state)
{
    SamplePages const pages;
    for (auto _ : state) {
        auto const html = theme().render(PageKind::Entry, pages.entry(50));
        benchmark::DoNotOptimize(html->data());
    }
}
BENCHMARK(fill_and_render)->Name("fill_and_render_page/50_mentions");

void load_theme(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(Theme::load(theme_files, {}));
}
BENCHMARK(load_theme)->Name("load_theme");

}  // namespace

BENCHMARK_MAIN();
