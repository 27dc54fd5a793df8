// Microformats of weblog pages; the peers of bench/microformats_peers.py read the same pages ("--pages FOLDER" writes them, with
// what we read as JSON).
#include <benchmark/benchmark.h>

#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "markup/html_tree.h"
#include "markup/microformats.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

constexpr std::string_view words =
    "Eleven of thirty lamps were out when we went down to look, which is more than the port authority admits to, and one "
    "<em>more</em> than <a href=\"/lamps/last-week\" title=\"lamps\">last week&#8217;s count</a>. Nobody picked up the telephone.";

std::string head(std::string_view title)
{
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + std::string(title) + R"(</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"><link rel="me" href="https://people.example/@ida">
<link rel="alternate" type="application/atom+xml" href="/feed.atom"><script>window.x = function (a) { return a < 3 && a > 1; };</script></head>
<body class="home blog"><header class="site-header"><a class="logo" href="/"><img src="/logo.png" alt="Public Square"></a><nav><ul>)";
    for (int i = 0; i < 12; ++i)
        html += "<li class=\"menu-item\"><a href=\"/section-" + std::to_string(i) + "/\">Section " + std::to_string(i) + "</a></li>\n";
    return html + "</ul></nav></header>\n<main>";
}

std::string tail()
{
    std::string html = "</main><aside class=\"widgets\"><ul>";
    for (int i = 0; i < 30; ++i)
        html +=
            "<li><a href=\"https://blog" + std::to_string(i) + ".example/\" rel=\"friend nofollow\">A weblog &amp; its friends</a></li>\n";
    return html + "</ul></aside><footer><p>&copy; 2024</p></footer></body></html>";
}

std::string paragraphs(int count)
{
    std::string html;
    for (int i = 0; i < count; ++i)
        html += "<p>" + std::string(words) + "</p>\n";
    return html;
}

std::string number(int i) { return std::to_string(i); }

/// A weblog of today: an h-feed with entries, their authors, categories and responses.
std::string h_feed_page(std::size_t bytes)
{
    std::string html = head("Public Square") + "<div class=\"h-feed\"><h1 class=\"p-name\">Public Square</h1>\n";
    std::string const end = "</div>" + tail();
    for (int i = 0; html.size() + end.size() < bytes; ++i)
        html += "<article class=\"h-entry post post-" + number(i) + "\" id=\"post-" + number(i) +
            "\"><h2><a class=\"p-name u-url\" href=\"/2024/lights-" + number(i) + "\">Lights out " + number(i) +
            "</a></h2>\n<p class=\"meta\"><a class=\"p-author h-card\" href=\"/ida\" rel=\"author\"><img class=\"u-photo\" "
            "src=\"/ida.jpg\" alt=\"\">Ida Vex</a> "
            "<time class=\"dt-published\" datetime=\"2024-06-01T12:00:00Z\">1 June</time> <a class=\"u-in-reply-to\" "
            "href=\"https://quarters.example/the-harbour-at-night\">in reply</a></p>\n"
            "<div class=\"e-content\">" +
            paragraphs(4) +
            "</div>\n<p><a class=\"p-category\" href=\"/tag/harbour\">harbour</a> <a class=\"p-category\" "
            "href=\"/tag/light\">light</a></p></article>\n";
    return html + end;
}

/// A weblog of 2008: hentry, vcard, rel=bookmark and rel=tag.
std::string hentry_page(std::size_t bytes)
{
    std::string html = head("Public Square") + "<div id=\"content\" class=\"hfeed\">\n";
    std::string const end = "</div>" + tail();
    for (int i = 0; html.size() + end.size() < bytes; ++i)
        html += "<div class=\"post-" + number(i) + " post type-post status-publish hentry category-town\" id=\"post-" + number(i) +
            "\"><h2 class=\"entry-title\"><a href=\"/2008/lights-" + number(i) + "\" rel=\"bookmark\" title=\"Permalink\">Lights out " +
            number(i) +
            "</a></h2>\n<div class=\"entry-meta\"><abbr class=\"published\" title=\"2008-06-01T12:00:00+0000\">June 1, 2008</abbr> by "
            "<span class=\"author vcard\"><a class=\"url fn n\" href=\"/author/ida/\">Ida Vex</a></span></div>\n<div "
            "class=\"entry-content\">" +
            paragraphs(4) +
            "</div>\n<div class=\"entry-utility\">Tagged <a href=\"/tag/harbour/\" rel=\"tag\">harbour</a>, <a href=\"/tag/light/\" "
            "rel=\"tag\">light</a></div></div>\n";
    return html + end;
}

/// A page without microformats: what most sources are.
std::string plain_page(std::size_t bytes)
{
    std::string html = head("Public Square");
    std::string const end = tail();
    while (html.size() + end.size() < bytes)
        html += "<div class=\"post\"><h2><a href=\"/2024/lights\">Lights out</a></h2>\n" + paragraphs(4) + "</div>\n";
    return html + end;
}

Url const url = *Url::parse("https://public.example/");

void finish(benchmark::State& state, std::string const& html)
{
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(html.size()));
}

void read_whole(benchmark::State& state, std::string const& html)
{
    for (auto _ : state) {
        Microformats page = read_microformats(html, url);
        if (page.rel_urls.empty())
            state.SkipWithError("the links are lost");
        benchmark::DoNotOptimize(page);
    }
    finish(state, html);
}

void build_tree(benchmark::State& state, std::string const& html)
{
    std::size_t arena_bytes = 0;
    for (auto _ : state) {
        HtmlTree const tree(html);
        arena_bytes = tree.memory_bytes();
        benchmark::DoNotOptimize(tree.root());
    }
    finish(state, html);
    state.counters["arena_kB"] = static_cast<double>(arena_bytes) / 1000;
}

void tokenize(benchmark::State& state, std::string const& html)
{
    for (auto _ : state) {
        HtmlSink nobody;
        tokenize_html(html, nobody);
    }
    finish(state, html);
}

struct Page {
    char const* name;
    std::string html;
};

std::vector<Page> pages()
{
    return {{"h-feed_20kB", h_feed_page(20'000)}, {"h-feed_100kB", h_feed_page(100'000)}, {"hentry_20kB", hentry_page(20'000)},
        {"hentry_100kB", hentry_page(100'000)}, {"plain_20kB", plain_page(20'000)}};
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc == 3 && std::strcmp(argv[1], "--pages") == 0) {
        for (Page const& page : pages()) {
            std::string const path = std::string(argv[2]) + "/" + page.name;
            std::ofstream(path + ".html", std::ios::binary) << page.html;
            std::ofstream(path + ".json", std::ios::binary) << to_json(read_microformats(page.html, url));
        }
        return 0;
    }
    for (Page const& page : pages()) {
        std::string const name = page.name;
        benchmark::RegisterBenchmark(("tokenize/" + name).c_str(), tokenize, page.html);
        benchmark::RegisterBenchmark(("build_tree/" + name).c_str(), build_tree, page.html);
        benchmark::RegisterBenchmark(("read_microformats/" + name).c_str(), read_whole, page.html);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
