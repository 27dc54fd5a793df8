#include "judge/ping_signals.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "judge/words.h"

namespace backtalk::judge {

namespace {

constexpr std::size_t text_max = 2000;

std::size_t occurrences(std::string_view text, std::string_view what)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
        ++count;
    return count;
}

/// "debt-consolidation21" as "debtconsolidation": names and addresses are compared without what separates their words.
std::string letters_only(std::string_view folded)
{
    std::string letters;
    for (char const c : folded)
        if (c != ' ' && c != '0')
            letters += c;
    return letters;
}

bool is_front_page(std::string_view path) { return path.find_first_not_of('/') == std::string_view::npos; }

/// What programs write around the text that they copied.
constexpr std::array copying_phrases = {"continued here", "here is the original", "read the original", "original post here",
    "see the original", "the original source", "an interesting post", "an interesting blog post", "read the rest of this",
    "continue reading here", "more from the original", "excerpt from", "originally posted here", "view original"};

/// What is said to everybody.
constexpr std::array greetings = {"hi", "hello", "hey", "thanks", "thank you", "nice post", "great post", "good post", "nice", "great",
    "good", "cool", "good work", "great work", "nice work", "nice site", "great site", "good site", "interesting", "wow", "awesome",
    "great blog", "nice blog"};

/// "/2007/03/08/the-harbour", "/archives/9352.html", "/?p=412": how weblogs name their posts, and shops seldom do.
bool is_post_address(std::string_view path)
{
    if (path.find("?p=") != std::string_view::npos)
        return true;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        digits = is_ascii_digit(path[i]) ? digits + 1 : 0;
        if (digits == 4 && i >= 4 && path[i - 4] == '/' && (path[i - 3] == '2' || path[i - 3] == '1') && i + 1 < path.size() &&
            !is_ascii_alnum(path[i + 1]))
            return true;
        if (digits >= 8)
            return true;
    }
    std::size_t const folders = static_cast<std::size_t>(std::ranges::count(path, '/'));
    std::string_view const last = path.substr(path.rfind('/') + 1);
    return folders >= 3 || (folders == 2 && !last.empty() && is_ascii_digit(last.front()));
}

bool is_vowel(char32_t c) { return std::u32string_view(U"aeiouyäöüáéíóúàèìòùâêîôûåæøãõ").find(c) != std::u32string_view::npos; }

/// "cjjxfnsiear": no language writes Latin letters so.
bool is_unpronounceable(Word const& word)
{
    constexpr std::size_t consonants_max = 4;
    if (word.unspaced || word.letters.size() < 5)
        return false;
    std::size_t run = 0;
    for (char32_t const c : word.letters) {
        if (!(c >= U'a' && c <= U'z') && c < 0x80)
            return false;  // numbers and codes
        if (c > 0x24F)
            return false;
        run = is_vowel(c) ? 0 : run + 1;
        if (run > consonants_max - (word.letters.size() < 7 ? 1 : 0))
            return true;
    }
    return false;
}

class Signals {
public:
    Signals(PingEvidence const& ping, TargetEvidence const& target)
        : ping_(ping), title_(folded_words(ping.title, text_max)), blog_name_(folded_words(ping.blog_name, text_max)),
          target_title_(folded_words(target.title, text_max))
    {
    }

    std::vector<Reason> found()
    {
        look_at_title();
        look_at_address();
        look_at_name();
        look_at_excerpt();
        look_at_words();
        return std::move(reasons_);
    }

private:
    void add(std::string_view name, double weight, std::string sentence)
    {
        reasons_.emplace_back(std::string(name), weight, std::move(sentence));
    }

    bool target_is_known() const { return target_title_.size() >= 12; }

    void look_at_title()
    {
        if (std::ranges::find(greetings, title_) != greetings.end())
            add("greeting", 1.0, "its title is a greeting, not a subject");
        if (!target_is_known())
            return;
        if (title_ == target_title_)
            add("copied-title", 2.0, "its title is the title of your entry");
        else if (title_.starts_with(target_title_))
            add("copied-title", 0.6, "its title begins with the title of your entry");
        // Programs that copy entries make their addresses from the title; people who quote one write a title of their own.
        std::string const slug = letters_only(target_title_).substr(0, 24);
        if (slug.size() >= 12 && letters_only(folded_words(ping_.path, text_max)).find(slug) != std::string::npos)
            add("copied-address", 1.0, "its address is made from the title of your entry");
    }

    void look_at_address()
    {
        if (ping_.host.empty())
            return;
        if (is_front_page(ping_.path))
            add("front-page", ping_.origin == Origin::Webmention ? 1.0 : 3.0, "its address is a front page, not a post");
        else if (ping_.path.starts_with("/?") && !is_post_address(ping_.path))
            add("front-page", 1.5, "its address is a front page with a query, not a post");
        else if (is_post_address(ping_.path))
            add("post-address", -1.0, "its address is that of a single post");
        if (std::ranges::count(ping_.host, '-') >= 2)
            add("hyphens", 0.5, "its host is a row of words with hyphens");
        std::string_view const path = ping_.path;
        for (std::string_view const redirect : {"url=http", "redirect=http", "goto=http", "?q=http", "&q=http"})
            if (path.find(redirect) != std::string_view::npos) {
                add("redirector", 2.0, "its address only leads on to another");
                break;
            }
        for (std::string_view const affiliate : {"?tag=", "&tag=", "aff=", "affid=", "affiliate=", "?ref=", "partner="})
            if (path.find(affiliate) != std::string_view::npos) {
                add("affiliate", 1.0, "its address earns money for somebody");
                break;
            }
    }

    void look_at_name()
    {
        if (blog_name_.empty())
            return;
        std::string const name = letters_only(blog_name_);
        if (blog_name_ == title_)
            add("same-name", 1.0, "its weblog has the name of the post");
        else if (name.size() >= 8 && letters_only(folded_words(ping_.path, text_max)).find(name) != std::string::npos)
            add("name-in-address", 0.5, "the address of the post repeats the weblog's name");
        if (!ping_.host.empty() && ping_.title.size() > ping_.host.size() && ascii_lower(ping_.title).ends_with(" " + ping_.host))
            add("host-in-title", 1.2, "its title ends with its host");
        if (ping_.blog_name.find("://") != std::string::npos)
            add("address-as-name", 2.0, "its weblog's name is an address");
        else if (equal_ignoring_case(trimmed(ping_.blog_name), ping_.host))
            add("host-as-name", 1.6, "its weblog has no name but its host");
    }

    void look_at_excerpt()
    {
        std::string const lower = ascii_lower(ping_.excerpt);
        std::size_t const links = occurrences(lower, "<a ") + occurrences(lower, "[url") + occurrences(lower, "[link");
        std::size_t const addresses = occurrences(lower, "http://") + occurrences(lower, "https://");
        if (occurrences(lower, "[url") > 0)
            add("forum-links", 2.5, "it brings links in the language of forums");
        if (links >= 3 || addresses >= 4)
            add("many-links", 2.0, fmt::format("its excerpt holds {} links", std::max(links, addresses)));
        else if (links > 0)
            add("links", 0.3, "its excerpt holds links");
        std::string const folded = folded_words(ping_.excerpt, text_max);
        if (std::ranges::any_of(copying_phrases, [&](std::string_view phrase) { return folded.find(phrase) != std::string::npos; }))
            add("copying-phrase", 1.4, "it says what programs say that copy entries");
        // A sentence needs words that are no keywords; a list needs only commas.
        std::size_t const commas = occurrences(lower, ", ");
        std::size_t const words = words_of(lower, text_max).size();
        if (commas >= 4 && words < commas * 4 && lower.find(". ") == std::string::npos)
            add("list-of-words", 1.0, "its excerpt is a list, not a sentence");
    }

    /// Who writes about an entry uses its words.
    void look_at_subject(std::vector<Word> const& words)
    {
        std::set<std::u32string> of_target;
        for (Word const& word : words_of(target_title_, text_max))
            if (word.letters.size() >= (word.unspaced ? 2 : 5))
                of_target.insert(word.letters);
        std::size_t const shared =
            static_cast<std::size_t>(std::ranges::count_if(words, [&](Word const& word) { return of_target.erase(word.letters) > 0; }));
        if (shared >= 2)
            add("subject", -0.8, "it uses the words of your entry's title");
        else if (shared == 1)
            add("subject", -0.5, "it uses a word of your entry's title");
    }

    void look_at_words()
    {
        std::vector<Word> const words = words_of(ping_.title + " " + ping_.excerpt + " " + ping_.blog_name, text_max);
        if (std::ranges::none_of(reasons_, [](Reason const& reason) { return reason.name.starts_with("copied"); }))
            look_at_subject(words);
        std::size_t const disguised = static_cast<std::size_t>(std::ranges::count_if(words, &Word::disguised));
        if (disguised > 0)
            add("disguised", std::min(4.0, 1.5 + 0.5 * static_cast<double>(disguised)),
                "words in it are written so that filters do not read them");
        std::size_t const unpronounceable = static_cast<std::size_t>(std::ranges::count_if(words, is_unpronounceable));
        std::size_t const spaced = static_cast<std::size_t>(std::ranges::count(words, false, &Word::unspaced));
        if (unpronounceable >= 2 && unpronounceable * 5 >= spaced * 2)
            add("gibberish", 4.0, "its words are no words");
        std::size_t const encoded = occurrences(ping_.excerpt, "&#");
        std::size_t const letters = code_point_count(folded_words(ping_.excerpt, text_max));
        if (encoded >= 4 && encoded * 2 >= letters / 2)
            add("encoded", 2.5, "it writes letters as numbers");
    }

    PingEvidence const& ping_;
    std::string title_;
    std::string blog_name_;
    std::string target_title_;
    std::vector<Reason> reasons_;
};

}  // namespace

std::vector<Reason> ping_signals(PingEvidence const& ping, TargetEvidence const& target) { return Signals(ping, target).found(); }

}  // namespace backtalk::judge
