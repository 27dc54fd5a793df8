#include <catch2/catch.hpp>

#include "web/admin_announcement.h"

using namespace backtalk;
using namespace backtalk::web;

namespace {

Url url_of(std::string_view text) { return Url::parse(text).value(); }

Sent sent_to(std::string_view target, std::string_view protocol = "webmention", SentState state = SentState::Accepted)
{
    Sent sent(SentId(1), EntryId(1), url_of(target));
    sent.last.state = state;
    sent.last.protocol = protocol;
    sent.last.endpoint = protocol.empty() ? "" : "http://friend.example/endpoint";
    sent.version = SentVersion("as it was", "");
    sent.attempts = 1;
    return sent;
}

std::vector<AnnouncedTarget::Change> changes(std::vector<AnnouncedTarget> const& all)
{
    std::vector<AnnouncedTarget::Change> found;
    for (AnnouncedTarget const& each : all)
        found.push_back(each.change);
    return found;
}

using enum AnnouncedTarget::Change;
using Changes = std::vector<AnnouncedTarget::Change>;

}  // namespace

TEST_CASE("an announcement tells new targets from those that know this text, and those that know another", "[desk]")
{
    std::vector<Url> const targets = {url_of("http://a.example/"), url_of("http://b.example/")};
    std::vector<Sent> const sent = {sent_to("http://b.example/")};
    CHECK(changes(announcement(targets, sent, "as it was")) == Changes{New, Same});
    CHECK(changes(announcement(targets, sent, "as it is")) == Changes{New, Again});
}

TEST_CASE("a link that is gone is taken back where the protocol can", "[desk]")
{
    std::vector<Sent> const sent = {
        sent_to("http://a.example/"), sent_to("http://b.example/", "trackback"), sent_to("http://c.example/", "", SentState::NoEndpoint)};
    CHECK(changes(announcement({}, sent, "as it is")) == Changes{TakenBack, LeftAlone, LeftAlone});
}

TEST_CASE("what was taken back is no news, and is told again when the link is back", "[desk]")
{
    Sent before = sent_to("http://a.example/");
    before.linked = false;
    CHECK(announcement({}, {before}, "as it was").empty());
    CHECK(changes(announcement({url_of("http://a.example/")}, {before}, "as it was")) == Changes{Again});
}

TEST_CASE("an announcement says how it went before", "[desk]")
{
    auto const all =
        announcement({url_of("http://a.example/")}, {sent_to("http://a.example/", "trackback", SentState::Refused)}, "as it is");
    CHECK(sentence_of(all.at(0)) == "Before: refused by TrackBack. It is told again, because the text is another now.");
    CHECK(word_of(all.at(0).change) == "again");
}
