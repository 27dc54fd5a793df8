#include "net/dns_answer.h"

#include <algorithm>
#include <array>

#include <ares.h>
#include <arpa/inet.h>

namespace backtalk {

namespace {

constexpr std::size_t addresses_max = 32;

/// Reads a DNS message from front to back (RFC 1035, 4.1). What is missing reads as nothing, and all after it as well.
class MessageReader {
public:
    explicit MessageReader(std::span<std::uint8_t const> message) : message_(message) { }

    bool failed() const { return failed_; }
    std::uint32_t number(std::size_t bytes)
    {
        std::uint32_t value = 0;
        std::size_t const start = at_;
        if (!skip(bytes))
            return 0;
        for (std::uint8_t const byte : message_.subspan(start, bytes))
            value = value << 8 | byte;
        return value;
    }
    bool skip(std::size_t bytes)
    {
        failed_ = failed_ || bytes > message_.size() - at_;
        if (!failed_)
            at_ += bytes;
        return !failed_;
    }
    void skip_name()
    {
        // What a pointer leads to is of no interest.
        constexpr std::uint32_t pointer = 0xC0;
        for (;;) {
            std::uint32_t const length = number(1);
            if (length >= pointer)
                skip(1);
            if (failed_ || length == 0 || length >= pointer)
                return;
            skip(length);
        }
    }

private:
    std::span<std::uint8_t const> message_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

/// How long it holds that there is nothing. Spec: RFC 2308, 5.
std::chrono::seconds negative_ttl(std::span<std::uint8_t const> reply)
{
    constexpr std::uint32_t soa = 6;
    constexpr std::size_t soa_numbers_before_minimum = 16;  // serial, refresh, retry, expire
    MessageReader reader(reply);
    reader.skip(4);
    std::uint32_t const questions = reader.number(2);
    std::uint32_t const records = reader.number(2) + reader.number(2);  // answers (aliases), then authority
    reader.skip(2);
    for (std::uint32_t i = 0; i < questions && !reader.failed(); ++i) {
        reader.skip_name();
        reader.skip(4);
    }
    for (std::uint32_t i = 0; i < records && !reader.failed(); ++i) {
        reader.skip_name();
        std::uint32_t const type = reader.number(2);
        reader.skip(2);
        std::uint32_t const ttl = reader.number(4);
        std::uint32_t const size = reader.number(2);
        if (type != soa) {
            reader.skip(size);
            continue;
        }
        reader.skip_name();
        reader.skip_name();
        reader.skip(soa_numbers_before_minimum);
        std::uint32_t const minimum = reader.number(4);
        return std::chrono::seconds(reader.failed() ? 0 : std::min(ttl, minimum));
    }
    return {};
}

}  // namespace

std::optional<DnsAnswer> read_dns_answer(int status, std::span<std::uint8_t const> reply)
{
    DnsAnswer answer;
    if (status == ARES_ENOTFOUND || status == ARES_ENODATA) {
        answer.ttl = negative_ttl(reply);
        return answer;
    }
    if (status != ARES_SUCCESS)
        return std::nullopt;
    std::array<ares_addrttl, addresses_max> found{};
    int count = static_cast<int>(found.size());
    int const read = ares_parse_a_reply(reply.data(), static_cast<int>(reply.size()), nullptr, found.data(), &count);
    if (read == ARES_ENODATA)
        return answer;
    if (read != ARES_SUCCESS)
        return std::nullopt;
    for (ares_addrttl const& each : std::span(found).first(static_cast<std::size_t>(count))) {
        std::chrono::seconds const ttl(std::max(each.ttl, 0));
        answer.ttl = answer.addresses.empty() ? ttl : std::min(answer.ttl, ttl);
        answer.addresses.push_back(Address::from_ipv4(ntohl(each.ipaddr.s_addr)));
    }
    return answer;
}

}  // namespace backtalk
