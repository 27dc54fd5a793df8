#include "judge/judge.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "base/counted.h"
#include "judge/ping_signals.h"

namespace backtalk::judge {

namespace {

/// Enough to outweigh everything else.
constexpr double certain = 20;

void add(std::vector<Reason>& reasons, std::string_view name, double weight, std::string sentence)
{
    reasons.emplace_back(std::string(name), weight, std::move(sentence));
}

void add_wording(std::vector<Reason>& reasons, PingEvidence const& ping, double wording)
{
    // Words alone neither clear a ping nor damn it for good.
    double weight = std::clamp(wording, -3.0, 8.0);
    // Where nothing is said, only the address has words.
    if (ping.title.empty() && ping.excerpt.empty())
        weight *= 0.3;
    add(reasons, "wording", weight, weight > 0 ? "its words are those of spam" : "its words are those of people");
}

void add_link(std::vector<Reason>& reasons, LinkPlace place)
{
    switch (place) {
    case LinkPlace::NotChecked: break;
    case LinkPlace::NotThere: add(reasons, "no-link", certain, "its page does not link to your entry"); break;
    case LinkPlace::RunningText: add(reasons, "links-back", -2.0, "its page links to your entry in its text"); break;
    case LinkPlace::Alone: add(reasons, "links-back", -1.6, "its page links to your entry"); break;
    case LinkPlace::LongList: add(reasons, "long-list", 1.5, "your entry is one of a hundred links and more on its page"); break;
    case LinkPlace::Hidden: add(reasons, "hidden-link", 4.0, "its link to your entry is hidden from readers"); break;
    }
}

/// A page that really links here may be a front page, and greet its readers: much less is left of these signs.
void weaken_signs(std::vector<Reason>& reasons, LinkPlace place)
{
    if (place != LinkPlace::RunningText && place != LinkPlace::Alone)
        return;
    for (Reason& reason : reasons)
        if (reason.name == "front-page" || reason.name == "greeting")
            reason.weight *= 0.4;
}

bool are_other_languages(std::string_view one, std::string_view other)
{
    auto const primary = [](std::string_view tag) { return tag.substr(0, tag.find('-')); };
    return !one.empty() && !other.empty() && primary(one) != primary(other);
}

/// So little text for each link that there is none but their own words.
bool is_mostly_links(PageEvidence const& page)
{
    constexpr std::size_t links_min = 60;
    constexpr std::size_t bytes_a_link = 30;
    return page.links_out >= links_min && page.text_bytes < page.links_out * bytes_a_link;
}

void add_page(std::vector<Reason>& reasons, PageEvidence const& page, TargetEvidence const& target)
{
    if (page.link == LinkPlace::NotChecked || page.link == LinkPlace::NotThere)
        return;
    if (page.copied_share >= 0.6)
        add(reasons, "copied-text", 3.5, fmt::format("{:.0f} % of its page is your text", page.copied_share * 100));
    else if (page.copied_share >= 0.3)
        add(reasons, "copied-text", 1.0, fmt::format("{:.0f} % of its page is your text", page.copied_share * 100));
    if (page.domains_out >= 60)
        add(reasons, "many-domains", 1.0, fmt::format("its page links to {} other domains", page.domains_out));
    if (is_mostly_links(page))
        add(reasons, "mostly-links", 1.0, fmt::format("its page is little more than {} links to others", page.links_out));
    if (are_other_languages(page.language, target.language))
        add(reasons, "language", 0.3, fmt::format("it is in another language ({})", page.language));
    if (page.has_author)
        add(reasons, "author", -0.3, "its page names its author");
    if (page.has_feed)
        add(reasons, "feed", -0.3, "its site has a feed");
    if (page.own_posts >= 3)
        add(reasons, "posts", -0.2, "its site has other pages");
    if (page.archive_years >= 3)
        add(reasons, "archive", -0.2, fmt::format("its site has posts of {} years", page.archive_years));
}

/// Decisions speak louder the more they are, and against each other.
void add_decisions(
    std::vector<Reason>& reasons, std::string_view name, std::string_view whose, MemoryEvidence::Decisions const& decisions, double most)
{
    double const weight = most * (std::tanh(decisions.bad * 0.6) - std::tanh(decisions.good * 0.6));
    if (std::abs(weight) < 0.05)
        return;
    add(reasons, name, weight,
        weight > 0 ? fmt::format("you threw out what came from {} before", whose)
                   : fmt::format("you approved what came from {} before", whose));
}

/// Weak: who wants to sell something can wait as well.
void add_age(std::vector<Reason>& reasons, std::chrono::days listed_for)
{
    if (listed_for >= std::chrono::days(30))
        add(reasons, "known-host", -0.5, fmt::format("what came from its host has been listed here for {} days", listed_for.count()));
}

void add_crowd(std::vector<Reason>& reasons, CrowdEvidence const& crowd)
{
    if (crowd.same_text_targets >= campaign_min)
        add(reasons, "campaign", crowd.same_text_sources > 1 ? 4.0 : 3.0,
            fmt::format("the same text came to {} entries in a day, by {} pages of {}", crowd.same_text_targets, crowd.same_text,
                counted(crowd.same_text_sources, "one host", "hosts")));
    // Who moves in, or reads a whole weblog in an evening, announces much as well.
    if (crowd.same_source >= flood_min)
        add(reasons, "flood", 1.0, fmt::format("its domain announced itself to {} entries in a day", crowd.same_source));
}

void add_lists(std::vector<Reason>& reasons, ListEvidence const& lists)
{
    if (!lists.host.empty())
        add(reasons, "blocked-host", certain, fmt::format("you blocked the host {}", lists.host));
    if (!lists.author.empty())
        add(reasons, "blocked-author", certain, fmt::format("you blocked the author {}", lists.author));
    if (!lists.word.empty())
        add(reasons, "blocked-word", certain, fmt::format("it says \"{}\", which you blocked", lists.word));
}

/// Lists err, and copy from each other: one alone holds what else would be published, but never makes it spam.
void add_dns_lists(std::vector<Reason>& reasons, ListEvidence const& lists)
{
    constexpr double first_of_domain = 3.0;
    constexpr double each_more = 1.5;
    constexpr std::size_t of_sender_max = 2;  // an address has many users, one after the other or at once
    for (std::string const& list : lists.dns_of_domain)
        add(reasons, "dns-list", &list == &lists.dns_of_domain.front() ? first_of_domain : each_more,
            fmt::format("its domain is on the list {}", list));
    for (std::string const& list : std::span(lists.dns_of_sender).first(std::min(lists.dns_of_sender.size(), of_sender_max)))
        add(reasons, "dns-list", each_more, fmt::format("the address that sent it is on the list {}", list));
}

/// What the reasons come to.
void decide(Verdict& verdict, Strictness strictness)
{
    verdict.score = 0;
    for (Reason const& reason : verdict.reasons)
        verdict.score += reason.weight;
    std::ranges::stable_sort(verdict.reasons, [](Reason const& a, Reason const& b) { return std::abs(a.weight) > std::abs(b.weight); });
    Thresholds const at = thresholds(strictness);
    verdict.outcome = Outcome::Published;
    if (verdict.score >= at.spam)
        verdict.outcome = Outcome::Spam;
    else if (verdict.score >= at.held)
        verdict.outcome = Outcome::Held;
}

}  // namespace

std::string_view to_word(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Published: return "published";
    case Outcome::Held: return "held";
    case Outcome::Spam: break;
    }
    return "spam";
}

std::optional<Outcome> outcome_named(std::string_view word)
{
    for (Outcome const outcome : {Outcome::Published, Outcome::Held, Outcome::Spam})
        if (to_word(outcome) == word)
            return outcome;
    return std::nullopt;
}

std::string_view to_word(Strictness strictness)
{
    switch (strictness) {
    case Strictness::Strict: return "strict";
    case Strictness::Balanced: return "balanced";
    case Strictness::Open: break;
    }
    return "open";
}

std::optional<Strictness> strictness_named(std::string_view word)
{
    for (Strictness const strictness : {Strictness::Strict, Strictness::Balanced, Strictness::Open})
        if (to_word(strictness) == word)
            return strictness;
    return std::nullopt;
}

Thresholds thresholds(Strictness strictness)
{
    switch (strictness) {
    case Strictness::Strict: return {0, 3};
    case Strictness::Balanced: return {1, 4.5};
    case Strictness::Open: break;
    }
    return {2.5, 6};
}

bool is_of_the_crowd(Reason const& reason) { return reason.name == "campaign" || reason.name == "flood"; }

Verdict with_reason(Verdict verdict, Reason reason, Strictness strictness)
{
    std::erase_if(verdict.reasons, [&](Reason const& old) { return old.name == reason.name; });
    verdict.reasons.push_back(std::move(reason));
    decide(verdict, strictness);
    return verdict;
}

Verdict judge(Evidence const& evidence, Strictness strictness)
{
    Verdict verdict;
    verdict.reasons = ping_signals(evidence.ping, evidence.target);
    weaken_signs(verdict.reasons, evidence.page.link);
    add_wording(verdict.reasons, evidence.ping, evidence.wording);
    add_link(verdict.reasons, evidence.page.link);
    add_page(verdict.reasons, evidence.page, evidence.target);
    add_decisions(verdict.reasons, "known-domain", "this domain", evidence.memory.domain, evidence.memory.domain_is_shared ? 1.5 : 5);
    add_decisions(verdict.reasons, "known-author", "this author", evidence.memory.author, 5);
    add_decisions(verdict.reasons, "known-network", "this network", evidence.memory.network, 1.5);
    add_age(verdict.reasons, evidence.memory.listed_for);
    add_crowd(verdict.reasons, evidence.crowd);
    add_lists(verdict.reasons, evidence.lists);
    add_dns_lists(verdict.reasons, evidence.lists);
    decide(verdict, strictness);
    return verdict;
}

}  // namespace backtalk::judge
