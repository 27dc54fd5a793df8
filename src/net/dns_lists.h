#pragma once

#include <memory>
#include <mutex>

#include "app/dns_lists.h"
#include "app/settings.h"
#include "base/log.h"
#include "net/dns_client.h"
#include "net/dns_list_memory.h"
#include "net/dns_list_name.h"

namespace backtalk {

/// Asks all lists at once, by c-ares. While the settings name no list, there is neither thread nor socket.
///
/// Limits: three seconds in all; answers are remembered for a minute to an hour, as their TTL says; a list that failed three times
///         in a row is left alone for a minute.
class AresDnsLists final : public DnsLists {
public:
    AresDnsLists(Settings::Judge const& settings, Executor& executor, Log& log) : executor_(executor), log_(log) { set(settings); }

    Task<DnsFindings> asked(std::string domain, std::string sender, Deadline deadline) override;
    /// For what is asked from now on. Reads the machine's name servers anew.
    void set(Settings::Judge const& settings);
    void stop();  ///< Ends what is under way; from now on nothing is asked.

private:
    /// What asks while these settings hold.
    struct Setup {
        Setup(Settings::Judge const& settings, Executor& executor)
            : domain_lists(settings.dns_lists), address_lists(settings.dns_address_lists), client(settings.dns_servers, executor)
        {
        }
        std::vector<std::string> const domain_lists;
        std::vector<std::string> const address_lists;
        DnsClient client;
    };
    struct Question {
        std::string zone;
        std::string name;
        bool of_sender;
        Listed listed = Listed::Unsaid;
    };

    static std::vector<Question> questions(Setup const& setup, std::string const& domain, std::string const& sender);
    /// Answers what is remembered. The places of the others, but for lists that are left alone.
    std::vector<std::size_t> still_open(std::vector<Question>& questions);
    void take(Question& question, std::optional<DnsAnswer> const& answer);

    Executor& executor_;
    Log& log_;
    std::mutex mutex_;
    DnsListMemory memory_;
    std::shared_ptr<Setup> setup_;  ///< Null: no list is to be asked.
};

}  // namespace backtalk
