#pragma once

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/fetcher.h"
#include "async/completion.h"

namespace backtalk {

/// A web for tests: pages by URL, no network. Stands for the polite fetcher: redirects of a GET are followed, conditions are
/// honoured, a POST gets what was set for POSTs. A URL that nobody set is a 404.
class FakeWeb final : public Fetcher {
public:
    struct Answer {
        int status = 200;
        http::Headers headers{};
        std::string body{};
        bool truncated = false;
    };

    /// Whoever waits is resumed on `executor`.
    explicit FakeWeb(Executor& executor) : executor_(executor) { }

    static Answer html(std::string body, int status = 200)
    {
        Answer answer;
        answer.status = status;
        answer.headers.set("Content-Type", "text/html; charset=utf-8");
        answer.body = std::move(body);
        return answer;
    }
    static Answer xml(std::string body, int status = 200)
    {
        Answer answer = html(std::move(body), status);
        answer.headers.set("Content-Type", "text/xml; charset=utf-8");
        return answer;
    }

    void page(std::string const& url, std::string body) { answer(url, html(std::move(body))); }
    void answer(std::string const& url, Answer answer)
    {
        std::scoped_lock const lock(mutex_);
        gets_.insert_or_assign(key(url), std::move(answer));
    }
    void answer_post(std::string const& url, Answer answer)
    {
        std::scoped_lock const lock(mutex_);
        posts_.insert_or_assign(key(url), std::move(answer));
    }
    void redirect(std::string const& url, std::string const& to, int status = 301)
    {
        Answer there;
        there.status = status;
        there.headers.set("Location", to);
        answer(url, std::move(there));
    }
    /// Every fetch of that URL, GET or POST, ends with this error until works() is called.
    void fails(std::string const& url, ErrorCode code, std::string text)
    {
        std::scoped_lock const lock(mutex_);
        failures_.insert_or_assign(key(url), Error(code, std::move(text)));
    }
    void works(std::string const& url)
    {
        std::scoped_lock const lock(mutex_);
        failures_.erase(key(url));
    }

    /// From now on whoever asks waits until release().
    void hold()
    {
        std::scoped_lock const lock(mutex_);
        held_ = true;
    }
    void release()
    {
        std::vector<Completion<bool>::Receiver> waiting;
        {
            std::scoped_lock const lock(mutex_);
            held_ = false;
            waiting.swap(waiting_);
        }
        for (auto& receiver : waiting)
            receiver.deliver(true);
    }
    /// Blocks until so many requests have come in all, redirects not counted. For threads of the test, not of the executor.
    void wait_for_requests(std::size_t count) const
    {
        std::unique_lock lock(mutex_);
        asked_.wait(lock, [&] { return requests_.size() >= count; });
    }

    std::size_t calls(std::string const& url) const
    {
        std::scoped_lock const lock(mutex_);
        return static_cast<std::size_t>(
            std::count_if(requests_.begin(), requests_.end(), [&](FetchRequest const& each) { return each.url.str() == key(url); }));
    }
    /// In the order in which they came.
    std::vector<FetchRequest> requests() const
    {
        std::scoped_lock const lock(mutex_);
        return requests_;
    }

    Task<Result<Fetched>> fetch(FetchRequest request, Deadline) override
    {
        Completion<bool> turn(executor_);
        arrive(request, turn.receiver());
        co_await turn;
        co_return answered(request);
    }

private:
    static std::string key(std::string const& url) { return Url::parse(url).value().str(); }

    void arrive(FetchRequest const& request, Completion<bool>::Receiver receiver)
    {
        {
            std::scoped_lock const lock(mutex_);
            requests_.push_back(request);
            asked_.notify_all();
            if (held_) {
                waiting_.push_back(std::move(receiver));
                return;
            }
        }
        receiver.deliver(true);
    }

    Result<Fetched> answered(FetchRequest const& request) const
    {
        constexpr int redirects_max = 5;
        std::scoped_lock const lock(mutex_);
        Fetched fetched(request.url.without_fragment());
        for (int hop = 0; hop <= redirects_max; ++hop) {
            if (request.may_ask)
                TRY_DONE(request.may_ask(fetched.url));
            if (auto const failed = failures_.find(fetched.url.str()); failed != failures_.end())
                return std::unexpected(failed->second);
            auto const& answers = request.post ? posts_ : gets_;
            auto const found = answers.find(fetched.url.str());
            Answer const answer = found == answers.end() ? html("<h1>Not found</h1>", 404) : found->second;
            auto const location = answer.headers.get("Location");
            if (!request.post && answer.status / 100 == 3 && location) {
                TRY(Url next, fetched.url.resolve(*location));
                fetched.hops.push_back(std::exchange(fetched.url, next.without_fragment()));
                continue;
            }
            bool const same_tag = !request.if_none_match.empty() && answer.headers.get("ETag") == request.if_none_match;
            bool const same_date = !request.if_modified_since.empty() && answer.headers.get("Last-Modified") == request.if_modified_since;
            bool const unchanged = answer.status == 200 && (same_tag || same_date);
            fetched.status = unchanged ? 304 : answer.status;
            fetched.headers = answer.headers;
            fetched.truncated = answer.truncated;
            if (!unchanged)
                fetched.body = answer.body;
            return fetched;
        }
        return failure(ErrorCode::Refused, "too many redirects");
    }

    Executor& executor_;
    mutable std::mutex mutex_;
    mutable std::condition_variable asked_;
    std::map<std::string, Answer> gets_;
    std::map<std::string, Answer> posts_;
    std::map<std::string, Error> failures_;
    bool held_ = false;
    std::vector<Completion<bool>::Receiver> waiting_;
    std::vector<FetchRequest> requests_;
};

}  // namespace backtalk
