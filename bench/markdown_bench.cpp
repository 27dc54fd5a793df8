// Markdown to HTML over posts as people write them: 8.6 KB each, with links, quotes, lists, code and a few footnotes.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "markup/markdown.h"
#include "weblog/slug.h"

namespace {

class PostWriter {
public:
    explicit PostWriter(unsigned seed) : random_(seed) { }

    std::string post(std::size_t bytes, bool with_footnotes)
    {
        std::string text;
        for (unsigned part = 0; text.size() < bytes; ++part) {
            switch (part % 7) {
            case 0: text += "## " + sentence(5) + "\n\n"; break;
            case 3: text += "> " + paragraph(2) + "\n"; break;
            case 4:
                text += "- " + sentence(8) + "\n- [" + sentence(3) + "](http://square.example/" + word() + ")\n- " + sentence(6) + "\n\n";
                break;
            case 6: text += "```cpp\nfor (int i = 0; i < 10; ++i)\n    " + word() + "(i);\n```\n\n"; break;
            default: text += paragraph(5); break;
            }
        }
        if (with_footnotes)
            text += "As was said[^1] before[^2].\n\n[^1]: " + paragraph(1) + "[^2]: " + paragraph(2);
        return text;
    }

private:
    std::string word()
    {
        static char const* const words[] = {"harbour", "night", "the", "a", "lights", "of", "water", "quay", "boats", "don't", "and",
            "went", "slowly", "letter", "reads", "café", "was", "through", "we", "it"};
        return words[random_() % std::size(words)];
    }
    std::string sentence(unsigned words)
    {
        std::string text;
        for (unsigned i = 0; i < words; ++i) {
            unsigned const kind = random_() % 40;
            text += i == 0 ? "" : " ";
            text += kind == 0 ? "*" + word() + "*"
                : kind == 1   ? "**" + word() + "**"
                : kind == 2   ? "[" + word() + "](/" + word() + ")"
                              : word();
        }
        return text;
    }
    std::string paragraph(unsigned sentences)
    {
        std::string text;
        for (unsigned i = 0; i < sentences; ++i)
            text += sentence(14) + (i + 1 < sentences ? ".\n" : ".\n\n");
        return text;
    }

    std::mt19937 random_;
};

void markdown(benchmark::State& state, bool with_footnotes)
{
    std::vector<std::string> posts;
    std::size_t bytes = 0;
    for (unsigned i = 0; i < 100; ++i) {
        posts.push_back(PostWriter(i).post(8600, with_footnotes));
        bytes += posts.back().size();
    }
    for (auto _ : state)
        for (std::string const& post : posts)
            benchmark::DoNotOptimize(backtalk::markup::markdown_to_html(post));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * posts.size()));
}
BENCHMARK_CAPTURE(markdown, 100_posts, false);
BENCHMARK_CAPTURE(markdown, 100_posts_with_footnotes, true);

void slug(benchmark::State& state, char const* title)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(backtalk::slug_of(title));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(slug, ascii, "The harbour at night, and what we read about it yesterday");
BENCHMARK_CAPTURE(slug, german, "Der Hafen bei Nacht, und was wir gestern darüber lasen");
BENCHMARK_CAPTURE(slug, russian, "Гавань ночью и что мы о ней читали");

}  // namespace

BENCHMARK_MAIN();
