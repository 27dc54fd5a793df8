#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "app/fake_web.h"
#include "app/send_hooks.h"
#include "store/store_test_world.h"

using namespace backtalk;

namespace {

constexpr char const* receiver = "http://receiver.example/hook";
constexpr char const* source = "http://a.example/1";

/// Everything but how a delivery ended reaches the disk, while `is_full`.
class FullDisk final : public HookStore {
public:
    explicit FullDisk(HookStore& store) : store_(store) { }

    Result<std::optional<Hook>> hook(HookId id) override { return store_.hook(id); }
    Result<std::vector<Hook>> hooks(HookQuery const& query) override { return store_.hooks(query); }
    Result<std::int64_t> count_waiting_hooks() override { return store_.count_waiting_hooks(); }
    Result<std::vector<Hook>> due_hooks(Instant now, std::size_t limit) override { return store_.due_hooks(now, limit); }
    Result<std::optional<Instant>> next_hook_due() override { return store_.next_hook_due(); }
    Task<Result<void>> put_off_hooks(std::vector<std::int64_t> ids, Instant until) override
    {
        return store_.put_off_hooks(std::move(ids), until);
    }
    Task<Result<void>> finish_hook(HookId id, HookOutcome outcome) override
    {
        if (is_full)
            co_return failure(ErrorCode::Unavailable, "disk full");
        co_return co_await store_.finish_hook(id, std::move(outcome));
    }
    Task<Result<void>> retry_hooks(std::vector<HookId> ids) override { return store_.retry_hooks(std::move(ids)); }

    std::atomic<bool> is_full = false;

private:
    HookStore& store_;
};

/// A sender with a store and a web in which receiver.example takes hooks.
struct HookSendWorld : StoreWorld {
    HookSendWorld()
    {
        site.hook_url = receiver;
        site.hook_secret = "s3cret";
        set(site);
        answers(receiver, 204);
        store().add_listener(sender);
        sender.start();
    }
    ~HookSendWorld()
    {
        sender.stop();
        store().remove_listener(sender);
    }

    void set(Site const& changed) { done(store().change_site(changed)); }
    void answers(std::string const& url, int status, std::string body = {})
    {
        web.answer_post(url, FakeWeb::html(std::move(body), status));
    }
    /// Blocks until the hook was tried so many times.
    Hook tried(HookId id, std::size_t times = 1)
    {
        sender.wake();
        log.wait_for("web hook " + std::to_string(id.value) + " of", times);
        return store().hook(id).value().value();
    }
    Hook waiting_for_next_try(HookId id, std::size_t times)
    {
        Hook const hook = tried(id, times);
        REQUIRE(hook.state == HookState::Waiting);
        return hook;
    }
    void sleep_until(Instant when) { clock.advance(when - clock.now()); }
    boost::json::value body(std::size_t number) const { return boost::json::parse(web.requests().at(number).body); }
    std::string header(std::size_t number, std::string_view name) const
    {
        FetchRequest const request = web.requests().at(number);
        return std::string(request.more_headers.get(name).value_or(""));
    }

    WaitingLog log;
    FakeWeb web{pool};
    FullDisk disk{store()};
    HookSender sender{store(), disk, web, pool, clock, log};
    Entry alpha = entry("Alpha");
};

}  // namespace

TEST_CASE("a signature is the HMAC-SHA256 of the body", "[hooks]")
{
    // RFC 4231, test cases 1, 2 and 6.
    CHECK(hook_signature(std::string(20, '\x0b'), "Hi There") == "sha256=b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hook_signature("Jefe", "what do ya want for nothing?") ==
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hook_signature(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "sha256=60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("a listed mention is told to the site's receiver, signed", "[hooks]")
{
    HookSendWorld world;
    world.listed(world.alpha.id, {source}, "A & B");
    Hook const hook = world.tried(HookId(1));
    CHECK(hook.state == HookState::Delivered);
    CHECK(hook.attempts == 1);
    CHECK(hook.note == "HTTP 204");
    FetchRequest const request = world.web.requests().at(0);
    CHECK(request.post);
    CHECK(request.url.str() == receiver);
    CHECK(request.content_type == "application/json");
    CHECK(world.header(0, "X-Backtalk-Event") == "published");
    CHECK(world.header(0, "X-Backtalk-Delivery") == hook.delivery);
    CHECK(world.header(0, "X-Backtalk-Signature") == hook_signature("s3cret", request.body));
    CHECK(world.body(0).at("secret") == "s3cret");
    CHECK(world.body(0).at("source") == source);
    CHECK(world.body(0).at("target") == "http://quarters.example/2007/03/alpha/");
    CHECK(world.body(0).at("post").at("name") == "A & B");
    CHECK(world.sender.delivered() == 1);
}

TEST_CASE("a mention that is taken away is told as deleted", "[hooks]")
{
    HookSendWorld world;
    MentionId const id = world.listed(world.alpha.id, {source});
    world.tried(HookId(1));
    world.done(world.store().set_mention_state({id}, MentionState::Spam));
    world.tried(HookId(2));
    CHECK(world.header(1, "X-Backtalk-Event") == "deleted");
    CHECK(world.body(1).at("deleted") == true);
    CHECK_FALSE(world.body(1).as_object().contains("post"));
}

TEST_CASE("a receiver that is out of order is tried with pauses, under one name, and given up after a day", "[hooks]")
{
    HookSendWorld world;
    world.web.fails(receiver, ErrorCode::Unavailable, "no connection");
    world.listed(world.alpha.id, {source});
    Instant const start = world.clock.now();
    std::vector<std::int64_t> minutes;
    Hook hook = world.tried(HookId(1));
    for (std::size_t tries = 1; hook.state == HookState::Waiting; ++tries) {
        REQUIRE(tries < 30);
        CHECK(hook.note == "no connection");
        minutes.push_back(std::chrono::duration_cast<std::chrono::minutes>(hook.next_try - world.clock.now()).count());
        world.sleep_until(hook.next_try);
        hook = world.tried(HookId(1), tries + 1);
    }
    CHECK(minutes == std::vector<std::int64_t>{1, 5, 30, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120});
    CHECK(hook.state == HookState::Failed);
    CHECK(hook.note == "given up after 16 attempts: no connection");
    CHECK(world.clock.now() - start >= std::chrono::hours(24));
    CHECK(world.sender.failed() == 1);
    for (std::size_t i = 1; i < world.web.requests().size(); ++i)
        CHECK(world.header(i, "X-Backtalk-Delivery") == hook.delivery);
}

TEST_CASE("while one waits, those behind it wait as well, and then come in order", "[hooks]")
{
    HookSendWorld world;
    world.answers(receiver, 500, "oops");
    for (std::string const page : {"1", "2", "3"})
        world.listed(world.alpha.id, {"http://a.example/" + page});
    Hook const first = world.waiting_for_next_try(HookId(1), 1);
    CHECK(first.note == "HTTP 500: oops");
    world.answers(receiver, 200);
    world.sleep_until(first.next_try);
    world.sender.wake();
    world.log.wait_for("web hook 3 of");
    REQUIRE(world.web.requests().size() == 4);
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(world.body(i).at("source").as_string() == "http://a.example/" + std::to_string(std::max<std::size_t>(i, 1)));
}

TEST_CASE("those behind one that was given up are tried a minute later, not all at once", "[hooks]")
{
    HookSendWorld world;
    world.web.fails(receiver, ErrorCode::Timeout, "took too long");
    world.listed(world.alpha.id, {"http://a.example/1"});
    world.listed(world.alpha.id, {"http://a.example/2"});
    world.waiting_for_next_try(HookId(1), 1);
    world.clock.advance(std::chrono::hours(24));
    CHECK(world.tried(HookId(1), 2).state == HookState::Failed);
    Hook const second = world.store().hook(HookId(2)).value().value();
    CHECK(second.attempts == 0);
    CHECK(second.next_try == world.clock.now() + std::chrono::minutes(1));
}

TEST_CASE("one site's receiver never keeps another's waiting", "[hooks]")
{
    HookSendWorld world;
    Site other(SiteId(0), SiteBase(url_of("http://other.example/")));
    other.hook_url = "http://elsewhere.example/";
    other = world.done(world.store().add_site(std::move(other)));
    world.answers("http://elsewhere.example/", 200);
    world.web.fails(receiver, ErrorCode::Timeout, "took too long");
    Entry const theirs = world.done(world.store().add_entry(other.id, world.draft("Beta"), {}));
    world.listed(world.alpha.id, {"http://a.example/1"});
    world.listed(theirs.id, {"http://a.example/2"});
    CHECK(world.tried(HookId(2)).state == HookState::Delivered);
    CHECK(world.tried(HookId(1)).state == HookState::Waiting);
}

TEST_CASE("changes while a delivery is under way are told after it, as the newest of them is", "[hooks]")
{
    HookSendWorld world;
    world.web.hold();
    world.listed(world.alpha.id, {source}, "First");
    world.web.wait_for_requests(1);
    world.listed(world.alpha.id, {source}, "Second");
    world.listed(world.alpha.id, {source}, "Third");
    CHECK(world.web.requests().size() == 1);
    world.web.release();
    CHECK(world.tried(HookId(3)).state == HookState::Delivered);
    CHECK(world.web.requests().size() == 2);
    CHECK(world.body(0).at("post").at("name") == "First");
    CHECK(world.body(1).at("post").at("name") == "Third");
    CHECK(world.store().hook(HookId(1)).value()->state == HookState::Delivered);
    CHECK(world.store().hook(HookId(2)).value()->state == HookState::Replaced);
}

TEST_CASE("the secret and the receiver of today are used for what waits from yesterday", "[hooks]")
{
    HookSendWorld world;
    world.answers(receiver, 404);
    world.listed(world.alpha.id, {source});
    world.waiting_for_next_try(HookId(1), 1);
    world.answers("http://moved.example/", 200);
    world.site.hook_url = "http://moved.example/";
    world.site.hook_secret = "another";
    world.set(world.site);
    CHECK(world.tried(HookId(1), 2).state == HookState::Delivered);
    FetchRequest const request = world.web.requests().at(1);
    CHECK(request.url.str() == "http://moved.example/");
    CHECK(world.header(1, "X-Backtalk-Signature") == hook_signature("another", request.body));
    CHECK(world.body(1).at("secret") == "another");
}

TEST_CASE("a site whose hook was taken away tells nobody any more", "[hooks]")
{
    HookSendWorld world;
    world.answers(receiver, 503);
    world.listed(world.alpha.id, {source});
    world.waiting_for_next_try(HookId(1), 1);
    world.site.hook_url.clear();
    world.set(world.site);
    Hook const hook = world.tried(HookId(1), 2);
    CHECK(hook.state == HookState::Failed);
    CHECK(hook.note == "the site has no web hook any more");
    CHECK(world.web.requests().size() == 1);
}

TEST_CASE("a deletion that is told again by hand does not undo a later publication", "[hooks]")
{
    HookSendWorld world;
    MentionId const id = world.listed(world.alpha.id, {source});
    world.tried(HookId(1));
    world.answers(receiver, 422, "no");
    world.done(world.store().set_mention_state({id}, MentionState::Spam));
    CHECK(world.tried(HookId(2)).state == HookState::Failed);
    world.answers(receiver, 200);
    world.done(world.store().set_mention_state({id}, MentionState::Published));
    world.tried(HookId(3));
    world.done(world.store().retry_hooks({HookId(2)}));
    CHECK(world.tried(HookId(2), 2).state == HookState::Delivered);
    CHECK(world.header(3, "X-Backtalk-Event") == "published");
    CHECK(world.body(3).as_object().contains("post"));
}

TEST_CASE("a mention of an entry that was deleted meanwhile is told as deleted", "[hooks]")
{
    HookSendWorld world;
    world.answers(receiver, 503);
    world.listed(world.alpha.id, {source});
    Hook const hook = world.waiting_for_next_try(HookId(1), 1);
    world.done(world.store().set_entry_status(world.alpha.id, EntryStatus::Deleted));
    world.answers(receiver, 200);
    world.sleep_until(hook.next_try);
    world.tried(HookId(1), 2);
    CHECK(world.header(1, "X-Backtalk-Event") == "deleted");
}

TEST_CASE("a hook that our politeness kept back is told half a minute later, and that is no attempt", "[hooks]")
{
    HookSendWorld world;
    world.web.fails(receiver, ErrorCode::Busy, "waited for the rate limit");
    world.listed(world.alpha.id, {source});
    Hook const hook = world.waiting_for_next_try(HookId(1), 1);
    CHECK(hook.attempts == 0);
    CHECK(hook.next_try == world.clock.now() + std::chrono::seconds(30));
}

TEST_CASE("each kind of answer has its own outcome", "[hooks]")
{
    auto const state_after = [](int status) {
        Fetched answer(url_of(receiver));
        answer.status = status;
        return outcome_of_hook_answer(answer, Instant()).state;
    };
    for (int const status : {200, 201, 202, 204, 299})
        CHECK(state_after(status) == HookState::Delivered);
    for (int const status : {400, 410, 413, 415, 422})
        CHECK(state_after(status) == HookState::Failed);
    for (int const status : {301, 304, 307, 401, 403, 404, 405, 408, 425, 429, 500, 502, 503, 504})
        CHECK(state_after(status) == HookState::Waiting);
}

TEST_CASE("what a receiver answers is kept in few words, without what would move a terminal's cursor", "[hooks]")
{
    Fetched answer(url_of(receiver));
    answer.status = 500;
    answer.body = "\x1b[2J out of\n\n order\xff " + std::string(1000, 'x');
    std::string const note = outcome_of_hook_answer(answer, Instant()).note;
    CHECK(note.starts_with("HTTP 500: [2J out of order\xef\xbf\xbd"));
    CHECK(note.size() < 300);
}

TEST_CASE("Retry-After is honoured up to a day", "[hooks]")
{
    auto const pause_after = [](std::string_view value) {
        Fetched answer(url_of(receiver));
        answer.status = 429;
        answer.headers.set("Retry-After", value);
        HookOutcome const outcome = outcome_of_hook_answer(answer, Instant());
        return outcome.pause.value_or(Instant()).time_since_epoch();
    };
    CHECK(pause_after("7200") == std::chrono::hours(2));
    CHECK(pause_after("9999999") == std::chrono::hours(24));
    CHECK(pause_after("soon") == std::chrono::seconds(0));
    HookSendWorld world;
    FakeWeb::Answer busy = FakeWeb::html("", 503);
    busy.headers.set("Retry-After", "600");
    world.web.answer_post(receiver, busy);
    world.listed(world.alpha.id, {source});
    CHECK(world.waiting_for_next_try(HookId(1), 1).next_try == world.clock.now() + std::chrono::minutes(10));
}

TEST_CASE("while the disk is full a receiver does not hear the same thing again and again", "[hooks]")
{
    HookSendWorld world;
    world.disk.is_full = true;
    world.listed(world.alpha.id, {source});
    world.log.wait_for("disk full");
    while (world.sender.under_way() > 0)
        std::this_thread::yield();
    world.sender.wake();
    while (!world.sender.idle())
        std::this_thread::yield();
    CHECK(world.web.requests().size() == 1);
    world.disk.is_full = false;
    world.clock.advance(std::chrono::minutes(1));
    CHECK(world.tried(HookId(1), 2).state == HookState::Delivered);
    CHECK(world.web.requests().size() == 2);
}

TEST_CASE("a redirect says where the receiver is, and is not followed", "[hooks]")
{
    HookSendWorld world;
    FakeWeb::Answer moved = FakeWeb::html("", 301);
    moved.headers.set("Location", "http://moved.example/");
    world.web.answer_post(receiver, moved);
    world.listed(world.alpha.id, {source});
    Hook const hook = world.waiting_for_next_try(HookId(1), 1);
    CHECK(hook.note ==
        "HTTP 301 to http://moved.example/, and redirects of a POST are not followed: give that address to site set --hook-url");
    CHECK(world.web.requests().size() == 1);
}

TEST_CASE("a test tells the receiver of a made-up mention, and keeps nothing", "[hooks]")
{
    HookSendWorld world;
    world.answers(receiver, 200, "thank you");
    Fetched const answer = world.done(world.sender.test(world.site, Deadline::never()));
    CHECK(answer.body == "thank you");
    CHECK(world.header(0, "X-Backtalk-Event") == "test");
    CHECK(world.header(0, "X-Backtalk-Signature") == hook_signature("s3cret", world.web.requests().at(0).body));
    CHECK(world.body(0).at("target") == "http://quarters.example/");
    CHECK(world.body(0).at("post").at("wm-property") == "mention-of");
    CHECK(world.store().hooks({}).value().empty());
    world.site.hook_url.clear();
    world.set(world.site);
    CHECK(world.run(world.sender.test(world.site, Deadline::never())).error().code == ErrorCode::NotFound);
}
