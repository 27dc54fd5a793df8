#include "app/digest_text.h"

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk {

namespace {

constexpr std::size_t title_characters_max = 120;
constexpr std::size_t excerpt_characters_max = 400;

/// On one line, without anything that a terminal or a mail program would obey.
std::string quiet(std::string_view text, std::size_t characters_max)
{
    return cut_at_word(folded_space(without_controls(repaired_utf8(text))), characters_max);
}

std::string mentions_wait(std::size_t count) { return count == 1 ? "A mention waits" : fmt::format("{} mentions wait", count); }

}  // namespace

DigestLetter digest_letter(
    std::vector<DigestItem> const& items, std::size_t more, std::string_view site, DigestRhythm rhythm, std::string_view admin_url)
{
    DigestLetter letter;
    letter.subject = fmt::format("{} at {}", mentions_wait(items.size() + more), site.empty() ? "your weblogs" : site);
    std::string& text = letter.text;
    text = fmt::format("{} for your decision.\n", mentions_wait(items.size() + more));
    std::size_t number = 0;
    for (DigestItem const& item : items) {
        text += fmt::format("\n{}. {}\n", ++number, quiet(item.title, title_characters_max));
        if (!item.from.empty())
            text += fmt::format("   from {}\n", quiet(item.from, title_characters_max));
        text += fmt::format("   about {}\n   {}\n", quiet(item.about, title_characters_max), item.url);
        if (std::string const excerpt = quiet(item.excerpt, excerpt_characters_max); !excerpt.empty())
            text += fmt::format("   > {}\n", excerpt);
        if (item.alike > 1)
            text += fmt::format(
                "   It is one of {} that look alike. All of them that wait by then are approved or rejected together.\n", item.alike);
        text += fmt::format("\nApprove: {}\nReject:  {}\n", item.approve_url, item.reject_url);
    }
    if (more > 0)
        text += fmt::format("\nAnd {} more.\n", more);
    text +=
        fmt::format("\nThe inbox: {}inbox\n\nEach link asks before it does anything. It works once, for 14 days, and for whoever has it.\n"
                    "You get this at most once {}; change that: {}account/digest\n",
            admin_url, rhythm == DigestRhythm::Hourly ? "an hour" : "a day", admin_url);
    return letter;
}

}  // namespace backtalk
