// How fast a page is searched for what it links to: the sink of link verification, with no text wanted.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "markup/charset.h"
#include "markup/html_entities.h"
#include "markup/html_tokenizer.h"

using namespace backtalk::markup;

namespace {

std::string paragraph(int number)
{
    std::string const n = std::to_string(number);
    return "<p>When the ice went out on the river this year I wrote down the day, as I have done each spring since " + n +
        ", and looked up what <a href=\"https://weblog.example/archive/" + n + "/ice.html\" title=\"The ice of " + n +
        "\">the old entries</a> say about it. It&#8217;s earlier again &mdash; by nine days, if the neighbours' "
        "<em>calendar</em> can be believed, and by more if one asks at the ferry.</p>\n";
}

std::string comment(int number)
{
    std::string const n = std::to_string(number);
    return "<li id=\"comment-" + n +
        "\" class=\"comment even thread-odd depth-1 h-entry\">\n  <div class=\"comment-author vcard p-author\">"
        "<img alt=\"\" src=\"/avatars/" +
        n +
        ".png\" class=\"avatar photo\" height=\"32\" width=\"32\" /> <a class=\"u-url\" rel=\"nofollow ugc\" "
        "href=\"https://reader-" +
        n + ".example/?from=weblog&amp;id=" + n + "\">Reader " + n +
        "</a></div>\n  "
        "<time class=\"dt-published\" datetime=\"2026-03-21T08:15:00+01:00\">21 March</time>\n  <p>The same here, two valleys "
        "on.</p>\n</li>\n";
}

/// A weblog's page as templates make it: head, entry, list of comments, a script at the end.
std::string weblog_page(std::size_t bytes)
{
    std::string page =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Ice &amp; water</title>\n"
        "<link rel=\"webmention\" href=\"/webmention\">\n<style>body { max-width: 40em; margin: auto } a:hover { color: #a00 }</style>\n"
        "</head>\n<body>\n<article class=\"h-entry\">\n<h1 class=\"p-name\">Ice and water</h1>\n";
    for (int i = 0; page.size() < bytes / 2; ++i)
        page += paragraph(i);
    page += "</article>\n<ol>\n";
    for (int i = 0; page.size() + 600 < bytes; ++i)
        page += comment(i);
    return page +
        "</ol>\n<script>\nfor (var i = 0; i < document.links.length; ++i) { document.links[i].rel = 'x'; }\n</script>\n</body>\n</html>\n";
}

std::string tag_soup(std::size_t bytes)
{
    std::string page;
    while (page.size() < bytes)
        page += "<TABLE WIDTH=100% BORDER=0><TR><TD ALIGN=left><FONT SIZE=2 COLOR='#333333'><B>News<I>!</B></I><BR><A "
                "HREF=\"index.php?a=1&b=2\">"
                "here</A> < there & <A HREF=x.html TARGET=_top>x</A> <p><p><!-- -- ad --><img src=a.gif width=1 alt=''></FONT></TD\n>";
    return page;
}

class Links : public HtmlSink {
public:
    void start_tag(HtmlStartTag const& tag) override
    {
        if (tag.name != "a" && tag.name != "link")
            return;
        std::string_view const target = tag.attribute("href");
        if (target.data() != nullptr) {
            ++count_;
            bytes_ += target.size();
        }
    }
    std::size_t count() const { return count_; }
    std::size_t bytes() const { return bytes_; }

private:
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

void set_bytes(benchmark::State& state, std::string_view page)
{
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * page.size()));
}

void whole(benchmark::State& state, std::string const& page)
{
    for (auto _ : state) {
        Links links;
        tokenize_html(page, links);
        benchmark::DoNotOptimize(links.bytes());
        benchmark::DoNotOptimize(links.count());
    }
    set_bytes(state, page);
}

void in_pieces(benchmark::State& state, std::string const& page, std::size_t piece)
{
    for (auto _ : state) {
        Links links;
        HtmlTokenizer tokenizer(links);
        for (std::size_t at = 0; at < page.size(); at += piece)
            tokenizer.feed(std::string_view(page).substr(at, piece));
        tokenizer.finish();
        benchmark::DoNotOptimize(links.bytes());
    }
    set_bytes(state, page);
}

void decoding(benchmark::State& state, std::string const& page, std::string_view content_type)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(decoded_html(page, content_type));
    set_bytes(state, page);
}

void references(benchmark::State& state)
{
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "It&#8217;s &amp; Caf&eacute; &mdash; no &reference, ";
    for (auto _ : state)
        benchmark::DoNotOptimize(decoded_references(text));
    set_bytes(state, text);
}

}  // namespace

int main(int argc, char** argv)
{
    std::string const small = weblog_page(20'000);
    std::string const large = weblog_page(100'000);
    std::string const soup = tag_soup(100'000);
    benchmark::RegisterBenchmark("tokenize_html/weblog_20kB", whole, small);
    benchmark::RegisterBenchmark("tokenize_html/weblog_100kB", whole, large);
    benchmark::RegisterBenchmark("tokenize_html/soup_100kB", whole, soup);
    benchmark::RegisterBenchmark("tokenize_html/pieces_of_1400", in_pieces, large, std::size_t(1400));
    benchmark::RegisterBenchmark("tokenize_html/pieces_of_16kB", in_pieces, large, std::size_t(16384));
    benchmark::RegisterBenchmark("decoded_html/utf-8_100kB", decoding, large, "text/html; charset=utf-8");
    benchmark::RegisterBenchmark("decoded_html/windows-1252_100kB", decoding, large, "text/html; charset=windows-1252");
    benchmark::RegisterBenchmark("decoded_references", references);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
