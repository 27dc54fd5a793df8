#include <catch2/catch.hpp>

#include "judge/learner.h"
#include "judge/training.h"

using namespace backtalk;
using namespace backtalk::judge;

namespace {

Features text(std::string_view words) { return features_of({.excerpt = words}); }

std::int32_t learn(SiteWeights& site, Features const& features, bool is_spam)
{
    std::int32_t const step = learning_step(text_score(Prior(), site, features), is_spam, features.size());
    for (std::uint32_t const bucket : features)
        site.add(bucket, step);
    return step;
}

}  // namespace

TEST_CASE("what an owner threw out looks like spam afterwards, and what was approved does not", "[judge]")
{
    SiteWeights site;
    Features const spam = text("cheap watches and handbags, free shipping");
    Features const ham = text("I read what you wrote about the harbour and disagree");
    learn(site, spam, true);
    learn(site, ham, false);
    CHECK(text_score(Prior(), site, spam) > 1);
    CHECK(text_score(Prior(), site, ham) < -1);
    CHECK(text_score(Prior(), site, text("free handbags, cheap")) > 0.5);
    CHECK(text_score(Prior(), site, text("nothing of the kind")) < 0.5);
}

TEST_CASE("a decision is unlearnt without a trace, whatever was learnt since", "[judge]")
{
    SiteWeights site;
    SiteWeights without;
    Features const first = text("cheap watches and handbags");
    Features const second = text("watches of the night");
    std::int32_t const step = learn(site, first, true);
    std::int32_t const later = learn(site, second, false);
    for (std::uint32_t const bucket : second)
        without.add(bucket, later);
    for (std::uint32_t const bucket : first)
        site.add(bucket, -step);
    for (std::uint32_t bucket = 0; bucket < feature_buckets; ++bucket)
        if (site.weight(bucket) != without.weight(bucket))
            FAIL("a weight stayed");
    CHECK(text_score(Prior(), site, first) == text_score(Prior(), without, first));
}

TEST_CASE("the same decision again teaches less and less", "[judge]")
{
    SiteWeights site;
    Features const spam = text("cheap watches and handbags");
    std::int32_t const first = learn(site, spam, true);
    for (int i = 0; i < 50; ++i)
        learn(site, spam, true);
    CHECK(learn(site, spam, true) * 10 < first);
    CHECK(text_score(Prior(), site, spam) < 12);
}

TEST_CASE("a prior is read back as it was written, and not if it is damaged", "[judge]")
{
    std::vector<Sample> samples;
    samples.emplace_back(text("cheap watches and handbags"), true, 1.0);
    samples.emplace_back(text("the harbour at night"), false, 1.0);
    Prior const prior = trained(samples);
    CHECK(text_score(prior, text("cheap handbags")) > 0);
    CHECK(text_score(prior, text("the harbour")) < 0);
    CHECK(text_score(prior, text("xyzzy")) == 0);
    std::string bytes = prior.bytes();
    CHECK(bytes.size() < 1u << 20);
    Result<Prior> const again = Prior::read(bytes);
    REQUIRE(again);
    CHECK(again->bytes() == bytes);
    CHECK(trained(samples).bytes() == bytes);
    bytes[1000] = static_cast<char>(bytes[1000] ^ 1);
    CHECK(Prior::read(bytes).error().code == ErrorCode::Malformed);
    CHECK_FALSE(Prior::read(bytes.substr(0, 100)));
    CHECK_FALSE(Prior::read(""));
}

TEST_CASE("a third of all groups is held back from training", "[judge]")
{
    int held_back = 0;
    for (int i = 0; i < 3000; ++i)
        held_back += is_held_back("group " + std::to_string(i));
    CHECK(held_back > 900);
    CHECK(held_back < 1100);
}
