#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/check_ping.h"
#include "app/fake_web.h"
#include "app/moderate.h"
#include "app/verdict_json.h"
#include "store/store_test_world.h"

namespace backtalk {

inline std::string page_saying(std::string_view title, std::string_view text, std::string const& target)
{
    return "<!DOCTYPE html><html><head><title>" + std::string(title) + "</title></head><body><p>" + std::string(text) + " <a href=\"" +
        target + "\">here</a>, where more was said than one can read in an evening.</p></body></html>";
}

inline constexpr char const* shop_words =
    "Cheap replica watches, handbags and casino bonus, free shipping, buy cialis online without prescription";

/// A checker, a judge and a moderator with a store, a web and one entry.
struct ModerationWorld : StoreWorld {
    ModerationWorld()
    {
        REQUIRE(sites.reload());
        harbour = entry("The harbour");
        target = "http://quarters.example/" + harbour.path;
    }
    ~ModerationWorld() { checker.stop(); }

    /// Nothing is checked before that is called first.
    void wake_checker()
    {
        if (!std::exchange(checker_runs, true))
            checker.start();
        checker.wake();
    }
    MentionId checked(std::string const& address, EntryId entry, std::string const& body)
    {
        web.page(address, body);
        return checked(address, entry);
    }
    MentionId checked(std::string const& address, std::string const& body) { return checked(address, harbour.id, body); }
    MentionId checked(std::string const& address) { return checked(address, harbour.id); }
    MentionId checked(std::string const& address, EntryId entry)
    {
        PingId const id = ping(entry, address);
        wake_checker();
        log.wait_for("ping " + std::to_string(id.value) + " for");
        return store().ping(id).value().value().mention.value();
    }
    MentionId friendly(std::string const& address)
    {
        return checked(address, page_saying("Lights out", "Following up on what we read yesterday about the harbour, see", target));
    }
    MentionId shop(std::string const& address) { return checked(address, page_saying("Cheap watches", shop_words, target)); }
    MentionState state(MentionId id) { return store().mention(id).value().value().state; }
    judge::Verdict verdict(MentionId id) { return read_verdict(store().verdict(id).value()).value(); }
    DecisionId decide(std::vector<MentionId> ids, Decision decision)
    {
        return done(moderator.decide(std::move(ids), decision, "ann")).id.value();
    }

    WaitingLog log;
    SiteDirectory sites{store()};
    FakeWeb web{pool};
    Entry harbour;
    std::string target;
    PingJudge judge{store(), store(), clock, {}};
    ReflectionCap cap{{}, clock};
    PingChecker checker{store(), sites, web, judge, cap, pool, clock, log, Moderation::Verified};
    bool checker_runs = false;
    Moderator moderator{store(), store(), judge, pool};
};

}  // namespace backtalk
