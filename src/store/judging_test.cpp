#include <catch2/catch.hpp>

#include "store/moderation_test_world.h"

// What the judge knows of what came before: campaigns, authors, the age of hosts.
using namespace backtalk;

namespace {

constexpr char const* walk =
    "We walked along the harbour at night and counted the lights on the other side before the ferry came and everybody went home, and "
    "nobody said a word about what had been decided at the town hall in the afternoon; see";

constexpr char const* flattery = "I was looking for such a site for a long time and your weblog explains it all very well, see";

struct JudgingWorld : ModerationWorld {
    JudgingWorld()
    {
        for (int i = 0; i < 8; ++i)
            more.push_back(entry("Entry " + std::to_string(i)));
    }
    std::string address_of(Entry const& entry) const { return "http://quarters.example/" + entry.path; }
    MentionId says_walk(std::string const& address, Entry const& about)
    {
        return checked(address, about.id, page_saying("Lights out", walk, address_of(about)));
    }
    MentionId flatters(std::string const& address, Entry const& about)
    {
        return checked(address, about.id, page_saying("Interesting", flattery, address_of(about)));
    }
    bool has_reason(MentionId id, std::string_view name)
    {
        judge::Verdict const all = verdict(id);
        return std::ranges::any_of(all.reasons, [&](judge::Reason const& reason) { return reason.name == name; });
    }
    std::vector<Entry> more;
};

}  // namespace

TEST_CASE("who copies an honest post to start a campaign does not take it off the site", "[judging]")
{
    JudgingWorld world;
    MentionId const honest = world.flatters("http://friend.example/post", world.harbour);
    REQUIRE(world.state(honest) == MentionState::Published);
    world.clock.advance(std::chrono::minutes(20));
    std::vector<MentionId> copies;
    for (std::size_t i = 0; i < 6; ++i) {
        Entry const& about = world.more[i];
        std::string const page = page_saying("Interesting", flattery, world.address_of(about));
        copies.push_back(world.checked("http://evil" + std::to_string(i) + ".example/", about.id, "<div hidden>" + page + "</div>"));
    }
    CHECK(world.state(honest) == MentionState::Published);
    CHECK_FALSE(world.has_reason(honest, "campaign"));
    for (MentionId const copy : copies)
        CHECK(world.state(copy) != MentionState::Published);
    CHECK(world.has_reason(copies.back(), "campaign"));
    world.flatters("http://friend.example/post", world.harbour);
    CHECK(world.state(honest) == MentionState::Published);
}

TEST_CASE("what speaks against one of a campaign alone does not speak against the others", "[judging]")
{
    JudgingWorld world;
    std::vector<MentionId> first;
    for (int i = 0; i < 3; ++i)
        first.push_back(world.flatters("http://h" + std::to_string(i) + ".example/", world.more[static_cast<std::size_t>(i)]));
    Block block(BlockId(0), world.site.id, BlockKind::Host, "evil.example");
    world.done(world.store().add_block(block));
    MentionId const blocked = world.flatters("http://evil.example/", world.more[3]);
    CHECK(world.state(blocked) == MentionState::Spam);
    for (MentionId const each : first) {
        CHECK(world.state(each) == MentionState::Held);
        CHECK(world.has_reason(each, "campaign"));
        CHECK_FALSE(world.has_reason(each, "blocked-host"));
        CHECK(world.store().mention(each).value()->note.find("judged held") != std::string::npos);
    }
}

TEST_CASE("a campaign that began before a restart goes on after it", "[judging]")
{
    JudgingWorld world;
    std::vector<MentionId> before;
    for (int i = 0; i < 3; ++i)
        before.push_back(world.says_walk("http://h" + std::to_string(i) + ".example/", world.more[static_cast<std::size_t>(i)]));
    PingJudge restarted(world.store(), world.store(), world.clock, {});
    auto const judged = [&](PingId id, Entry const& about) {
        std::string const address = "http://late" + std::to_string(id.value) + ".example/";
        SourcePage const page = read_source_page(page_saying("Lights out", walk, world.address_of(about)), url_of(address));
        Ping const ping = world.store().ping(world.ping(about.id, address)).value().value();
        Mention mention = verify(ping, page, [&](Url const& url) { return url.str() == world.address_of(about); }).value();
        return restarted.judged(CaseToJudge(ping, std::move(mention), world.site.id, {}, {})).value();
    };
    Judgement const fourth = judged(PingId(90), world.more[3]);
    CHECK(fourth.campaign > 0);
    CHECK(fourth.earlier.size() == 3);
    world.clock.advance(std::chrono::hours(25));
    PingJudge late(world.store(), world.store(), world.clock, {});
    CHECK(late.judged(CaseToJudge(world.store().ping(PingId(1)).value().value(), world.store().mention(before[0]).value()->mention,
                          world.site.id, {}, {}))
              .value()
              .campaign == 0);
}

TEST_CASE("an author whom other domains only claim is neither praised nor blamed for what they say", "[judging]")
{
    JudgingWorld world;
    auto const by_hilde = [&](std::string const& address, std::string_view words) {
        std::string page = page_saying("Lights out", words, world.target);
        page += "<div class=h-entry><p class=p-author><a class='p-author h-card' href='http://friend.example/hilde'>Hilde</a></p>"
                "<a class=u-url href='" +
            address + "'>here</a></div>";
        return world.checked(address, page);
    };
    std::vector<MentionId> spam;
    for (int i = 0; i < 4; ++i)
        spam.push_back(by_hilde("http://evil" + std::to_string(i) + ".example/", shop_words));
    world.decide(spam, Decision::Spam);
    MentionId const honest = by_hilde("http://friend.example/post", "Following up on what we read yesterday about the harbour, see");
    CHECK(world.state(honest) == MentionState::Published);
    CHECK_FALSE(world.has_reason(honest, "known-author"));
    world.done(world.moderator.block_author_of(spam[0], "ann"));
    MentionId const next = by_hilde("http://friend.example/next", "Following up on what we read yesterday about the harbour, see");
    CHECK(world.state(next) == MentionState::Published);
    CHECK(world.has_reason(by_hilde("http://www.evil0.example/next", "Following up on what we read, see"), "blocked-author"));
}

TEST_CASE("the dot of the root takes nobody past a block", "[judging]")
{
    JudgingWorld world;
    world.done(world.store().add_block(Block(BlockId(0), world.site.id, BlockKind::Host, "evil.example")));
    CHECK(world.state(world.friendly("http://www.evil.example./post")) == MentionState::Spam);
}

TEST_CASE("what has been listed from a host for a month speaks for it", "[judging]")
{
    JudgingWorld world;
    MentionId const first = world.friendly("http://friend.example/post");
    world.clock.advance(std::chrono::days(40));
    MentionId const second = world.friendly("http://friend.example/next");
    CHECK_FALSE(world.has_reason(first, "known-host"));
    CHECK(world.has_reason(second, "known-host"));
    CHECK_FALSE(world.has_reason(world.friendly("http://stranger.example/post"), "known-host"));
}

TEST_CASE("a page in another language than the entry is told by it", "[judging]")
{
    JudgingWorld world;
    EntryDraft draft = world.draft("Der Hafen");
    draft.body = "<p>Über den Hafen schreibt er, und das ist nicht alles, was ich auch mit Freude las, aber der Rest ist ein Lied</p>";
    Entry const german = world.add(draft);
    std::string const address = "http://friend.example/post";
    MentionId const id = world.checked(address, german.id, page_saying("Lights out", walk, world.address_of(german)));
    CHECK(world.has_reason(id, "language"));
    CHECK_FALSE(world.has_reason(world.says_walk("http://square.example/post", world.harbour), "language"));
}
