#include <algorithm>

#include <catch2/catch.hpp>

#include "judge/judge.h"

using namespace backtalk;
using namespace backtalk::judge;

namespace {

/// An honest page that links back, from a host that nobody knows.
Evidence honest()
{
    Evidence evidence;
    evidence.ping.title = "Lights out";
    evidence.ping.excerpt = "Following up on what we read yesterday about the harbour.";
    evidence.ping.host = "square.example";
    evidence.ping.path = "/2007/03/lights-out";
    evidence.target.title = "The harbour at night";
    evidence.target.language = "en";
    evidence.page.link = LinkPlace::RunningText;
    evidence.wording = -1;
    return evidence;
}

bool has(Verdict const& verdict, std::string_view name)
{
    return std::ranges::any_of(verdict.reasons, [&](Reason const& reason) { return reason.name == name; });
}

Outcome outcome(Evidence const& evidence, Strictness strictness = Strictness::Balanced)
{
    return judge::judge(evidence, strictness).outcome;
}

}  // namespace

TEST_CASE("an honest page that links back is published from a host never seen before, however strict", "[judge]")
{
    for (Strictness const strictness : {Strictness::Strict, Strictness::Balanced, Strictness::Open})
        CHECK(outcome(honest(), strictness) == Outcome::Published);
    Evidence bare = honest();
    bare.ping = {};
    bare.ping.host = "note.example";
    bare.ping.path = "/1";
    bare.ping.origin = Origin::Webmention;
    bare.page.link = LinkPlace::Alone;
    bare.wording = 0.5;
    CHECK(outcome(bare) == Outcome::Published);
}

TEST_CASE("a verdict is the sum of its reasons, each with a name and a sentence, the heaviest first", "[judge]")
{
    Verdict const verdict = judge::judge(honest(), Strictness::Balanced);
    double sum = 0;
    for (Reason const& reason : verdict.reasons) {
        sum += reason.weight;
        CHECK_FALSE(reason.name.empty());
        CHECK_FALSE(reason.sentence.empty());
        CHECK(reason.weight != 0);
    }
    CHECK(sum == Approx(verdict.score));
    CHECK(
        std::ranges::is_sorted(verdict.reasons, [](Reason const& a, Reason const& b) { return std::abs(a.weight) > std::abs(b.weight); }));
}

TEST_CASE("a page that does not link back, or hides its link, is not shown", "[judge]")
{
    Evidence evidence = honest();
    evidence.page.link = LinkPlace::NotThere;
    CHECK(outcome(evidence, Strictness::Open) == Outcome::Spam);
    evidence.page.link = LinkPlace::Hidden;
    CHECK(outcome(evidence) != Outcome::Published);
}

TEST_CASE("what the owner blocked is spam, whatever else speaks for it", "[judge]")
{
    for (std::string ListEvidence::* const list : {&ListEvidence::host, &ListEvidence::author, &ListEvidence::word}) {
        Evidence evidence = honest();
        evidence.memory.domain.good = 10;
        evidence.lists.*list = "blocked";
        CHECK(outcome(evidence, Strictness::Open) == Outcome::Spam);
    }
}

TEST_CASE("an owner's decisions count for the domain, the author and the network", "[judge]")
{
    Evidence evidence = honest();
    evidence.wording = 6;
    CHECK(outcome(evidence) != Outcome::Published);
    evidence.memory.domain.good = 2;
    CHECK(outcome(evidence) == Outcome::Published);
    evidence.memory.domain = {};
    evidence.memory.author.good = 2;
    CHECK(outcome(evidence) == Outcome::Published);

    Evidence thrown_out = honest();
    thrown_out.wording = 0;
    thrown_out.memory.domain.bad = 3;
    CHECK(outcome(thrown_out) != Outcome::Published);
    thrown_out.memory.domain_is_shared = true;
    CHECK(outcome(thrown_out) == Outcome::Published);
}

TEST_CASE("one DNS list holds at most what else would be published; several may make it spam", "[judge]")
{
    bool held_one = false;
    for (double wording = -3; wording < 9; wording += 0.25) {
        Evidence evidence = honest();
        evidence.wording = wording;
        if (outcome(evidence) != Outcome::Published)
            continue;
        for (auto* const lists : {&evidence.lists.dns_of_domain, &evidence.lists.dns_of_sender}) {
            lists->assign(1, "dbl.test");
            CHECK(outcome(evidence) != Outcome::Spam);
            held_one = held_one || outcome(evidence) == Outcome::Held;
            lists->clear();
        }
    }
    CHECK(held_one);
    Evidence evidence = honest();
    evidence.wording = 2;
    CHECK(outcome(evidence) == Outcome::Published);
    evidence.lists.dns_of_domain = {"dbl.test", "uri.test", "other.test"};
    CHECK(outcome(evidence) == Outcome::Spam);
}

TEST_CASE("a DNS list is named with what it lists, and the addresses count less than the domain", "[judge]")
{
    Evidence evidence = honest();
    evidence.lists.dns_of_domain = {"dbl.test", "uri.test", "other.test"};
    evidence.lists.dns_of_sender = {"bl.test", "xbl.test", "one-too-many.test"};
    std::vector<Reason> said = judge::judge(evidence, Strictness::Balanced).reasons;
    std::erase_if(said, [](Reason const& reason) { return reason.name != "dns-list"; });
    CHECK(said ==
        std::vector<Reason>{{"dns-list", 3, "its domain is on the list dbl.test"}, {"dns-list", 1.5, "its domain is on the list uri.test"},
            {"dns-list", 1.5, "its domain is on the list other.test"}, {"dns-list", 1.5, "the address that sent it is on the list bl.test"},
            {"dns-list", 1.5, "the address that sent it is on the list xbl.test"}});
}

TEST_CASE("a campaign and a copy are told by their reasons", "[judge]")
{
    Evidence evidence = honest();
    evidence.crowd.same_text = 200;
    evidence.crowd.same_text_sources = 90;
    evidence.crowd.same_text_targets = 60;
    evidence.wording = 2;
    Verdict const campaign = judge::judge(evidence, Strictness::Balanced);
    CHECK(campaign.outcome != Outcome::Published);
    CHECK(has(campaign, "campaign"));

    Evidence copy = honest();
    copy.ping.title = copy.target.title;
    copy.ping.path = "/the-harbour-at-night/";
    copy.page.copied_share = 0.8;
    Verdict const copied = judge::judge(copy, Strictness::Balanced);
    CHECK(copied.outcome != Outcome::Published);
    CHECK(has(copied, "copied-text"));
    CHECK(has(copied, "copied-title"));
    CHECK(has(copied, "copied-address"));
}

TEST_CASE("what is strict holds more than what is open", "[judge]")
{
    for (double wording = -3; wording < 9; wording += 0.25) {
        Evidence evidence = honest();
        evidence.wording = wording;
        CHECK(outcome(evidence, Strictness::Strict) >= outcome(evidence, Strictness::Balanced));
        CHECK(outcome(evidence, Strictness::Balanced) >= outcome(evidence, Strictness::Open));
    }
}

TEST_CASE("the form of a ping says something without its words being known", "[judge]")
{
    auto const form = [](auto change) {
        Evidence evidence = honest();
        change(evidence.ping);
        return judge::judge(evidence, Strictness::Balanced);
    };
    CHECK(has(form([](PingEvidence& ping) { ping.path = "/"; }), "front-page"));
    CHECK_FALSE(has(form([](PingEvidence& ping) { ping.path = "/?p=412"; }), "front-page"));
    CHECK(has(form([](PingEvidence& ping) { ping.excerpt = "[url=http://a.example/]a[/url]"; }), "forum-links"));
    CHECK(has(form([](PingEvidence& ping) { ping.excerpt = "xkqjwrtz bvcnmlkp qwrtzpsd"; }), "gibberish"));
    CHECK_FALSE(has(form([](PingEvidence& ping) { ping.excerpt = "Strč prst skrz krk, schlechtweg angstschweiß"; }), "gibberish"));
    CHECK(has(form([](PingEvidence& ping) { ping.title = "f r e e t o n e s"; }), "disguised"));
    CHECK(has(form([](PingEvidence& ping) { ping.title = "Nice post"; }), "greeting"));
    CHECK(has(form([](PingEvidence& ping) { ping.path = "/url?q=http://x.example/"; }), "redirector"));
    CHECK(has(form([](PingEvidence&) { }), "subject"));
}

TEST_CASE("age speaks for a host, and little but links against a page", "[judge]")
{
    Evidence old = honest();
    old.memory.listed_for = std::chrono::days(400);
    old.page.archive_years = 7;
    CHECK(has(judge::judge(old, Strictness::Balanced), "known-host"));
    CHECK(has(judge::judge(old, Strictness::Balanced), "archive"));
    CHECK(judge::judge(old, Strictness::Balanced).score < judge::judge(honest(), Strictness::Balanced).score);
    old.memory.listed_for = std::chrono::days(29);
    CHECK_FALSE(has(judge::judge(old, Strictness::Balanced), "known-host"));

    Evidence farm = honest();
    farm.page.links_out = 200;
    farm.page.text_bytes = 4'000;
    CHECK(has(judge::judge(farm, Strictness::Balanced), "mostly-links"));
    farm.page.text_bytes = 9'000;
    CHECK_FALSE(has(judge::judge(farm, Strictness::Balanced), "mostly-links"));
}

TEST_CASE("what came before its campaign was known is judged again by its own reasons and the crowd's", "[judge]")
{
    Verdict const before = judge::judge(honest(), Strictness::Balanced);
    Reason const campaign{"campaign", 4, "the same text came to 4 entries in a day"};
    Verdict const now = with_reason(before, campaign, Strictness::Balanced);
    CHECK(now.score == Approx(before.score + 4));
    CHECK(now.reasons.front() == campaign);
    CHECK(now.reasons.size() == before.reasons.size() + 1);
    Verdict const again = with_reason(now, {"campaign", 3, "less"}, Strictness::Balanced);
    CHECK(again.score == Approx(before.score + 3));
    CHECK(again.reasons.size() == now.reasons.size());
    CHECK(with_reason(before, {"campaign", 20, "more"}, Strictness::Balanced).outcome == Outcome::Spam);
}
