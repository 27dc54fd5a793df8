#include <catch2/catch.hpp>

#include "app/fake_web.h"
#include "app/publish_entry.h"
#include "app/send_ping.h"
#include "store/store_test_world.h"
#include "url/form.h"

using namespace backtalk;

namespace {

constexpr char const* target = "http://b.example/the-port";
constexpr char const* endpoint = "http://b.example/mt-tb.cgi/7";
constexpr char const* yes = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n<error>0</error>\n</response>\n";

std::string page_with_rdf(std::string const& about, std::string const& ping)
{
    return "<html><head><title>The port</title></head><body><p>Ships.</p>\n<!--\n<rdf:RDF "
           "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
           "xmlns:trackback=\"http://madskills.com/public/xml/rss/module/trackback/\" "
           "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<rdf:Description rdf:about=\"" +
        about + "\" trackback:ping=\"" + ping + "\" dc:title=\"The port\" dc:identifier=\"" + about +
        "\" />\n</rdf:RDF>\n-->\n</body></html>";
}

/// A publisher and a sender with a store and a web in which b.example takes pings.
struct SendWorld : StoreWorld {
    SendWorld()
    {
        REQUIRE(sites.reload());
        web.page(target, page_with_rdf(target, endpoint));
        web.answer_post(endpoint, FakeWeb::xml(yes));
        sender.start();
    }
    ~SendWorld() { sender.stop(); }

    std::shared_ptr<Site const> the_site() const { return sites.find(site.id); }
    Publisher::Published published(std::string file, Publisher::As as = Publisher::As::FrontMatterSays)
    {
        return done(publisher.add(the_site(), std::move(file), TextFormat::Markdown, as));
    }
    Sent wait_for_sent(EntryId entry, std::size_t times = 1)
    {
        sender.wake();
        log.wait_for("entry " + std::to_string(entry.value) + " told", times);
        auto all = store().sent_of(entry).value();
        REQUIRE_FALSE(all.empty());
        return all.front();
    }
    std::size_t posts() const
    {
        auto const all = web.requests();
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](FetchRequest const& each) { return each.post; }));
    }
    SentOutcome sent_once(std::string const& to, bool is_endpoint)
    {
        PingText text;
        text.url = "http://quarters.example/2007/03/the-harbour/";
        text.title = "The harbour";
        Telling telling(std::move(text), url_of(to));
        telling.is_endpoint = is_endpoint;
        return run(sender.send(std::move(telling), Deadline::never()));
    }

    WaitingLog log;
    SiteDirectory sites{store()};
    FakeWeb web{pool};
    PingSender sender{store(), sites, web, pool, clock, log};
    Publisher publisher{store(), sites, sender, clock};
};

std::string linking(std::string const& to) { return "---\ntitle: The harbour\n---\nAs [they say](" + to + "), ships.\n"; }

}  // namespace

TEST_CASE("a published entry tells the pages that it links to", "[send]")
{
    SendWorld world;
    auto const published = world.published(linking(target));
    Sent const sent = world.wait_for_sent(published.entry.id);
    CHECK(sent.last.state == SentState::Accepted);
    CHECK(sent.last.endpoint == endpoint);
    CHECK(sent.last.protocol == "trackback");
    CHECK(sent.attempts == 1);
    FetchRequest const post = world.web.requests().back();
    CHECK(post.post);
    CHECK(post.content_type == "application/x-www-form-urlencoded; charset=utf-8");
    auto const form = parse_form(post.body);
    CHECK(form ==
        FormFields{{"title", "The harbour"}, {"url", "http://quarters.example/2007/03/the-harbour/"}, {"excerpt", "As they say, ships."},
            {"blog_name", "Quarters"}});
}

TEST_CASE("the same entry never tells a page twice, and tells it again when it has changed", "[send]")
{
    SendWorld world;
    EntryId const id = world.published(linking(target)).entry.id;
    world.wait_for_sent(id);
    world.done(world.publisher.publish(id));
    world.done(world.publisher.edit(id, linking(target), TextFormat::Markdown));
    CHECK(world.store().sent_of(id).value().at(0).last.state == SentState::Accepted);
    CHECK(world.posts() == 1);
    world.done(world.publisher.edit(id, linking(target) + "More.\n", TextFormat::Markdown));
    CHECK(world.wait_for_sent(id, 2).last.state == SentState::Accepted);
    CHECK(world.posts() == 2);
}

TEST_CASE("the targets of an entry are its links and its trackbacks, each once, and never itself", "[send]")
{
    SendWorld world;
    Entry entry = world.entry("The harbour");
    entry.format = TextFormat::Html;
    entry.body = "<a href='http://a.example/1#x'>a</a> <a href='http://a.example/1'>a</a> <A HREF=/2007/03/the-harbour>self</A> <a "
                 "href=\"/other/\">ours</a>"
                 "<img src='http://img.example/i.png'><a href='mailto:x@a.example'>m</a><!-- <a href='http://hidden.example/'>h</a> -->"
                 "<a href='http://user:secret@a.example/'>s</a><blockquote cite='http://q.example/'>q</blockquote>";
    entry.extended_body = "<p><a href='http://more.example/?a=1&amp;b=2'>more</a></p>";
    entry.trackbacks = {"http://tb.example/mt-tb.cgi/1", "no url", "http://a.example/1"};
    entry.in_reply_to = "http://reply.example/";
    std::string all;
    for (Url const& url : targets_of(world.site, entry))
        all += url.str() + " ";
    CHECK(all ==
        "http://a.example/1#x http://quarters.example/other/ http://q.example/ http://more.example/?a=1&b=2 http://tb.example/mt-tb.cgi/1 "
        "http://reply.example/ ");
}

TEST_CASE("no other address of an entry is told of it either", "[send]")
{
    SendWorld world;
    EntryId const id = world
                           .published("---\ntitle: The harbour\nid: 12\n---\nSee [this](/?p=12), [that](/archives/000012.html) and [it](" +
                               std::string(target) + ").\n")
                           .entry.id;
    world.wait_for_sent(id);
    CHECK(world.store().sent_of(id).value().size() == 1);
}

TEST_CASE("drafts and unlisted entries tell nobody", "[send]")
{
    SendWorld world;
    CHECK(world.published(linking(target), Publisher::As::Draft).entry.status == EntryStatus::Draft);
    world.published("---\ntitle: Unlisted\nstatus: unlisted\n---\n[x](" + std::string(target) + ")\n");
    CHECK(world.store().sent_of(std::nullopt).value().empty());
}

TEST_CASE("a page without an endpoint is told nothing", "[send]")
{
    SendWorld world;
    world.web.page("http://c.example/", "<p>No endpoint here.</p>");
    CHECK(world.sent_once("http://c.example/", false).state == SentState::NoEndpoint);
    world.web.page("http://c.example/", page_with_rdf("http://c.example/another", "http://c.example/tb/1"));
    CHECK(world.sent_once("http://c.example/", false).state == SentState::NoEndpoint);
    CHECK(world.posts() == 0);
}

TEST_CASE("what the author names as a trackback may be the ping URL itself", "[send]")
{
    SendWorld world;
    world.web.answer(endpoint, FakeWeb::xml("<response><error>1</error><message>Trackback pings must use HTTP POST</message></response>"));
    CHECK(world.sent_once(endpoint, true).state == SentState::Accepted);
    CHECK(world.sent_once(endpoint, false).state == SentState::NoEndpoint);
    world.web.answer(endpoint, FakeWeb::html("not here", 405));
    CHECK(world.sent_once(endpoint, true).state == SentState::Accepted);
    CHECK(world.sent_once(target, true).endpoint == endpoint);
}

TEST_CASE("each kind of reply has its own outcome", "[send]")
{
    struct Case {
        FakeWeb::Answer answer;
        SentState state;
        std::string message;
    };
    std::vector<Case> const cases = {
        {FakeWeb::xml(yes), SentState::Accepted, ""},
        {FakeWeb::xml("<response><error>1</error><message>No thanks</message></response>"), SentState::Refused, "No thanks"},
        {FakeWeb::html("<html><body>Thank you!</body></html>"), SentState::Failed, ""},
        {FakeWeb::html(""), SentState::Failed, ""},
        {FakeWeb::html("no", 404), SentState::Failed, ""},
        {FakeWeb::html("no", 403), SentState::Failed, ""},
        {FakeWeb::html("later", 503), SentState::Queued, ""},
        {FakeWeb::html("later", 429), SentState::Queued, ""},
    };
    SendWorld world;
    for (Case const& each : cases) {
        CAPTURE(each.answer.status, each.answer.body);
        world.web.answer_post(endpoint, each.answer);
        SentOutcome const outcome = world.sent_once(target, false);
        CHECK(outcome.state == each.state);
        CHECK(outcome.endpoint == endpoint);
        if (!each.message.empty())
            CHECK(outcome.message == each.message);
    }
}

TEST_CASE("what may pass is sent again with pauses and given up in the end", "[send]")
{
    SendWorld world;
    world.web.fails(endpoint, ErrorCode::Unavailable, "no connection");
    EntryId const id = world.published(linking(target)).entry.id;
    Sent sent = world.wait_for_sent(id);
    std::size_t tries = 1;
    while (sent.last.state == SentState::Queued) {
        REQUIRE(tries < 20);
        CHECK(sent.attempts == static_cast<int>(tries));
        world.clock.advance(sent.last.next_try - world.clock.now());
        sent = world.wait_for_sent(id, ++tries);
    }
    CHECK(tries == 7);
    CHECK(sent.last.state == SentState::Failed);
    CHECK(sent.last.message == "given up after 7 attempts: no connection");
}

TEST_CASE("a ping that our politeness kept back is sent half a minute later, and that is no attempt", "[send]")
{
    SendWorld world;
    world.web.fails(endpoint, ErrorCode::Busy, "waited for the rate limit of b.example:80");
    EntryId const id = world.published(linking(target)).entry.id;
    for (std::size_t i = 1; i < 12; ++i) {
        Sent const sent = world.wait_for_sent(id, i);
        REQUIRE(sent.last.state == SentState::Queued);
        REQUIRE(sent.attempts == 0);
        REQUIRE(sent.last.next_try - world.clock.now() == std::chrono::seconds(30));
        world.clock.advance(std::chrono::seconds(30));
    }
    world.web.works(endpoint);
    CHECK(world.wait_for_sent(id, 12).last.state == SentState::Accepted);
}

TEST_CASE("a page that moved is told at the endpoint of its new address", "[send]")
{
    SendWorld world;
    world.web.redirect("http://b.example/old", target);
    CHECK(world.sent_once("http://b.example/old", false).state == SentState::Accepted);
}

TEST_CASE("an entry that was deleted before its turn tells nobody", "[send]")
{
    SendWorld world;
    world.web.hold();
    world.sender.stop();
    EntryId const id = world.published(linking(target)).entry.id;
    world.done(world.publisher.remove(id));
    CHECK(world.store().due_sent(world.clock.now(), 10).value().empty());
    CHECK(world.store().sent_of(id).value().at(0).last.state == SentState::Failed);
    CHECK(world.web.requests().empty());
}
