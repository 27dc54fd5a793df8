#include <benchmark/benchmark.h>

#include <string>

#include "markup/page_reader.h"
#include "weblog/source_page.h"

using namespace backtalk;

namespace {

/// A weblog page of about that size: head, navigation, an entry with the link in its second paragraph, comments, side bar.
std::string page_of(std::size_t bytes)
{
    std::string html = R"(<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Lights out - Public Square</title>
<meta property="og:title" content="Lights out"><meta property="og:site_name" content="Public Square"><link rel="canonical" href="https://public.example/lights">
<link rel="stylesheet" href="/style.css"><script>window.x = function (a) { return a < 3 && a > 1; };</script></head><body class="home blog">
<header class="site-header"><a class="logo" href="/"><img src="/logo.png" alt="Public Square"></a><nav><ul>)";
    for (int i = 0; i < 12; ++i)
        html += "<li class=\"menu-item\"><a href=\"/section-" + std::to_string(i) + "/\">Section " + std::to_string(i) + "</a></li>\n";
    html += R"(</ul></nav></header><main><article class="h-entry post"><h1 class="p-name">Lights out</h1>
<p class="meta"><a class="p-author h-card" href="/ida">Ida</a> <time class="dt-published" datetime="2024-06-01T12:00:00Z">1 June</time></p><div class="e-content">
<p>Following up on what we read yesterday about <a href="http://quarters.example/2007/03/the-harbour-at-night/">the harbour at night</a>, a few figures.</p>
)";
    std::string tail = "</div></article></main><aside><ul>";
    for (int i = 0; i < 30; ++i)
        tail += "<li><a href=\"https://blog" + std::to_string(i) + ".example/\" rel=\"nofollow\">A weblog &amp; its friends</a></li>\n";
    tail += "</ul></aside><footer><p>&copy; 2024</p></footer></body></html>";
    for (int i = 0; html.size() + tail.size() < bytes; ++i)
        html += "<p>Eleven of thirty lamps were out when we went down to look, which is more than the port authority admits to, "
                "and one <em>more</em> than <a href=\"https://other.example/lamps/" +
            std::to_string(i) + "\" title=\"lamps\">last week&#8217;s count</a>. Nobody picked up the telephone.</p>\n";
    return html + tail;
}

Url const source = *Url::parse("https://public.example/lights");

void read_source_page_20kB(benchmark::State& state)
{
    std::string const html = page_of(20'000);
    LinkFilter const filter(std::vector<std::string>{"quarters.example"});
    for (auto _ : state) {
        SourcePage page = read_source_page(html, source, filter);
        if (page.links.size() != 1)
            state.SkipWithError("the link is lost");
        benchmark::DoNotOptimize(page);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(html.size()));
}

void read_source_page_20kB_all_links(benchmark::State& state)
{
    std::string const html = page_of(20'000);
    for (auto _ : state)
        benchmark::DoNotOptimize(read_source_page(html, source));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(html.size()));
}

void read_source_20kB_from_bytes(benchmark::State& state)
{
    std::string const html = page_of(20'000);
    LinkFilter const filter(std::vector<std::string>{"quarters.example"});
    for (auto _ : state)
        benchmark::DoNotOptimize(read_source(html, "text/html; charset=utf-8", source, filter));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(html.size()));
}

void tokenize_20kB(benchmark::State& state)
{
    std::string const html = page_of(20'000);
    for (auto _ : state) {
        markup::HtmlSink nobody;
        markup::tokenize_html(html, nobody);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(html.size()));
}

}  // namespace

BENCHMARK(tokenize_20kB)->Name("tokenize/20kB");
BENCHMARK(read_source_page_20kB)->Name("read_source_page/20kB");
BENCHMARK(read_source_page_20kB_all_links)->Name("read_source_page/20kB_all_links");
BENCHMARK(read_source_20kB_from_bytes)->Name("read_source/20kB_from_bytes");

BENCHMARK_MAIN();
