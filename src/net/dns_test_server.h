#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/text.h"
#include "net/listener.h"
#include "url/address.h"

namespace backtalk {

// Parts of a DNS message. Spec: RFC 1035, 4.1.

inline std::string dns_number(std::uint32_t number, std::size_t bytes)
{
    std::string out;
    while (bytes-- > 0)
        out += static_cast<char>(number >> (8 * bytes) & 0xFF);
    return out;
}

inline std::string dns_name(std::string_view name)
{
    std::string out;
    for (std::string_view const label : split(name, '.'))
        out += static_cast<char>(label.size()) + std::string(label);
    return out + '\0';
}

inline std::string dns_record(std::string_view name, std::uint16_t type, std::uint32_t ttl, std::string_view content)
{
    return dns_name(name) + dns_number(type, 2) + dns_number(1, 2) + dns_number(ttl, 4) +
        dns_number(static_cast<std::uint32_t>(content.size()), 2) + std::string(content);
}

inline std::string dns_address_record(std::string_view name, std::uint32_t ttl, std::string_view address)
{
    Address const parsed = Address::parse(address).value();
    return dns_record(name, 1, ttl, std::string(parsed.bytes().begin(), parsed.bytes().end()));
}

/// By which a zone says how long it holds that it has no such name.
inline std::string dns_soa_record(std::string_view zone, std::uint32_t ttl, std::uint32_t minimum)
{
    return dns_record(zone, 6, ttl,
        dns_name("ns.test") + dns_name("post.test") + dns_number(1, 4) + dns_number(3600, 4) + dns_number(600, 4) + dns_number(86400, 4) +
            dns_number(minimum, 4));
}

/// The whole reply to a question for the A records of a name. `code`: NXDOMAIN is 3, SERVFAIL 2.
inline std::string dns_reply(std::uint16_t id, std::string_view name, std::uint8_t code, std::vector<std::string> const& answers,
    std::vector<std::string> const& authority = {})
{
    std::string reply = dns_number(id, 2) + dns_number(0x8180u | code, 2) + dns_number(1, 2) +
        dns_number(static_cast<std::uint32_t>(answers.size()), 2) + dns_number(static_cast<std::uint32_t>(authority.size()), 2) +
        dns_number(0, 2) + dns_name(name) + dns_number(1, 2) + dns_number(1, 2);
    for (std::string const& record : answers)
        reply += record;
    for (std::string const& record : authority)
        reply += record;
    return reply;
}

/// A name server for tests, on loopback UDP: A records by table, and whatever trouble a test wants.
class DnsTestServer {
public:
    struct Says {
        std::vector<std::string> addresses{};
        std::uint8_t code = 0;
        bool is_silent = false;
        bool has_wrong_id = false;
        std::size_t bytes_max = 512;  ///< The reply ends there.
    };

    DnsTestServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))
    {
        where_.sin_family = AF_INET;
        where_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where_;
        if (::bind(socket_.number(), reinterpret_cast<sockaddr*>(&where_), size) != 0 ||
            ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&where_), &size) != 0)
            std::abort();
        thread_ = std::thread([this] { run(); });
    }
    ~DnsTestServer()
    {
        ending_ = true;
        (void)::sendto(socket_.number(), "", 0, 0, reinterpret_cast<sockaddr*>(&where_), sizeof where_);
        thread_.join();
    }

    AddressPort address() const { return {Address::from_ipv4(INADDR_LOOPBACK), ntohs(where_.sin_port)}; }
    /// Names that are not said otherwise do not exist.
    void says(std::string const& name, Says says)
    {
        std::scoped_lock const lock(mutex_);
        says_[name] = std::move(says);
    }
    std::size_t times_asked(std::string const& name) const
    {
        std::scoped_lock const lock(mutex_);
        auto const found = asked_.find(name);
        return found == asked_.end() ? 0 : found->second;
    }
    std::size_t names_asked() const
    {
        std::scoped_lock const lock(mutex_);
        return asked_.size();
    }

private:
    void run()
    {
        std::array<char, 4096> buffer{};
        for (;;) {
            sockaddr_storage sender{};
            socklen_t size = sizeof sender;
            ssize_t const received =
                ::recvfrom(socket_.number(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&sender), &size);
            if (ending_)
                return;
            std::string const reply = reply_to(std::string_view(buffer.data(), static_cast<std::size_t>(received)));
            if (!reply.empty())
                (void)::sendto(socket_.number(), reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&sender), size);
        }
    }

    std::string reply_to(std::string_view question)
    {
        std::string name;
        for (std::size_t at = 12; question[at] != 0; at += 1 + static_cast<std::uint8_t>(question[at]))
            name += (name.empty() ? "" : ".") + std::string(question.substr(at + 1, static_cast<std::uint8_t>(question[at])));
        Says says;
        says.code = 3;
        {
            std::scoped_lock const lock(mutex_);
            ++asked_[name];
            if (auto const found = says_.find(name); found != says_.end())
                says = found->second;
        }
        if (says.is_silent)
            return {};
        std::uint16_t id = 0;
        std::memcpy(&id, question.data(), sizeof id);
        id = static_cast<std::uint16_t>(ntohs(id) ^ (says.has_wrong_id ? 0x5555 : 0));
        std::vector<std::string> answers;
        for (std::string const& address : says.addresses)
            answers.push_back(dns_address_record(name, 300, address));
        std::vector<std::string> authority;
        if (says.code == 3)
            authority.push_back(dns_soa_record("test", 300, 120));
        return dns_reply(id, name, says.code, answers, authority).substr(0, says.bytes_max);
    }

    FileDescriptor socket_;
    sockaddr_in where_{};
    mutable std::mutex mutex_;
    std::map<std::string, Says> says_;
    std::map<std::string, std::size_t> asked_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace backtalk
