#include "net/dns_lists.h"

#include <fmt/format.h>

namespace backtalk {

namespace {

constexpr std::chrono::seconds time_for_all(3);

}  // namespace

void AresDnsLists::set(Settings::Judge const& settings)
{
    std::shared_ptr<Setup> fresh;
    if (!settings.dns_lists.empty() || !settings.dns_address_lists.empty())
        fresh = std::make_shared<Setup>(settings, executor_);
    std::scoped_lock const lock(mutex_);
    setup_.swap(fresh);  // who still asks keeps the old one until the answer
}

void AresDnsLists::stop()
{
    std::shared_ptr<Setup> last;
    {
        std::scoped_lock const lock(mutex_);
        last.swap(setup_);
    }
    if (last)
        last->client.stop();
}

std::vector<AresDnsLists::Question> AresDnsLists::questions(Setup const& setup, std::string const& domain, std::string const& sender)
{
    std::vector<Question> questions;
    for (std::string const& zone : setup.domain_lists)
        if (auto name = list_name_of_domain(domain, zone))
            questions.emplace_back(zone, *std::move(name), false);
    for (std::string const& zone : setup.address_lists)
        if (auto name = list_name_of_address(sender, zone))
            questions.emplace_back(zone, *std::move(name), true);
    return questions;
}

std::vector<std::size_t> AresDnsLists::still_open(std::vector<Question>& questions)
{
    auto const now = std::chrono::steady_clock::now();
    std::vector<std::size_t> open;
    std::scoped_lock const lock(mutex_);
    for (std::size_t place = 0; place < questions.size(); ++place) {
        Question& question = questions[place];
        if (auto const known = memory_.remembered(question.name, now))
            question.listed = *known ? Listed::Yes : Listed::No;
        else if (!memory_.is_left_alone(question.zone, now))
            open.push_back(place);
    }
    return open;
}

void AresDnsLists::take(Question& question, std::optional<DnsAnswer> const& answer)
{
    auto const now = std::chrono::steady_clock::now();
    question.listed = answer ? read_listing(answer->addresses) : Listed::Unsaid;
    std::unique_lock lock(mutex_);
    if (question.listed != Listed::Unsaid) {
        memory_.answered(question.zone);
        memory_.remember(question.name, question.listed == Listed::Yes, answer->ttl, now);
        return;
    }
    // Who was cut off by our own end did not fail.
    bool const left_alone = setup_ && memory_.failed(question.zone, now);
    lock.unlock();
    if (left_alone)
        log_.warning(fmt::format("the DNS list {} {}: it is left alone for a minute", question.zone,
            answer ? "refuses to answer us (127.255.255.x; many lists do that to public name servers, or want a key)" : "does not answer"));
}

Task<DnsFindings> AresDnsLists::asked(std::string domain, std::string sender, Deadline deadline)
{
    DnsFindings findings;
    std::shared_ptr<Setup> setup;
    {
        std::scoped_lock const lock(mutex_);
        setup = setup_;
    }
    if (!setup)
        co_return findings;
    std::vector<Question> asking = questions(*setup, domain, sender);
    std::vector<std::size_t> const open = still_open(asking);
    if (!open.empty()) {
        std::vector<std::string> names;
        for (std::size_t const place : open)
            names.push_back(asking[place].name);
        Deadline const soon = Deadline::in(time_for_all).earlier(deadline);
        DnsClient::Answers const answers = co_await setup->client.ask(std::move(names), soon);
        for (std::size_t i = 0; i < open.size(); ++i)
            take(asking[open[i]], answers[i]);
    }
    for (Question& question : asking)
        if (question.listed == Listed::Yes)
            (question.of_sender ? findings.of_sender : findings.of_domain).push_back(std::move(question.zone));
    co_return findings;
}

}  // namespace backtalk
