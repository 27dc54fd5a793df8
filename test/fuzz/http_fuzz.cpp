// Requests as a connection sends them: head after head with their bodies, once in one piece and once byte by byte. Both must say the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/chunked_body.h"
#include "http/forwarded.h"
#include "http/ready_page.h"
#include "http/request_parser.h"

using namespace backtalk;

namespace {

void require(bool true_claim)
{
    if (!true_claim)
        std::abort();
}

bool within(std::string_view part, std::string_view whole)
{
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_head(http::RequestHead const& head, std::string_view buffer)
{
    require(head.path.starts_with('/') || head.path == "*");
    require(within(head.target, buffer) && within(head.query, buffer) && within(head.authority, buffer));
    require(!(head.chunked && head.content_length));
    require(head.version_minor == 0 || !head.authority.empty());
    for (http::HeaderView const& header : head) {
        require(http::is_token(header.name));
        require(within(header.value, buffer) && header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    }
    http::Request const request(head, "", Address::from_ipv4(1), Instant());
    require(request.headers.size() == head.header_count());
    static http::ReadyPage const page = [] {
        http::ReadyPageParts parts(http::text(200, "page"));
        parts.gzip = "gz";
        parts.brotli = "br";
        parts.etag = "a";
        parts.last_modified = Instant();
        return http::ReadyPage(std::move(parts));
    }();
    require(page.choose(head).form != nullptr);
    static std::vector<http::AddressBlock> const trusted = {*http::AddressBlock::parse("0.0.0.0/8")};
    (void)http::client_address(Address::from_ipv4(1), head, trusted);
}

struct Reading {
    http::Parsed parsed;
    std::string target;
    http::ChunkedBody::Outcome chunks = http::ChunkedBody::Outcome::NeedsMore;
    std::string body;
    std::size_t used = 0;
    bool operator==(Reading const& o) const
    {
        return parsed.outcome == o.parsed.outcome && parsed.status == o.parsed.status && parsed.bytes == o.parsed.bytes &&
            target == o.target && chunks == o.chunks && body == o.body && used == o.used;
    }
};

Reading read_one(std::string_view text, std::size_t step)
{
    Reading reading;
    http::ParseProgress progress;
    http::RequestHead head;
    http::ParseLimits const limits{4096, 1024};
    for (std::size_t size = std::min(step, text.size());; size = std::min(size + step, text.size())) {
        std::string const exact(text.substr(0, size));
        reading.parsed = http::parse_request_head(exact, limits, progress, head);
        if (reading.parsed.outcome == http::Parsed::Outcome::Complete) {
            require(reading.parsed.bytes <= size);
            check_head(head, exact);
            reading.target = head.target;
            if (!head.chunked)
                return reading;
            break;
        }
        if (reading.parsed.outcome == http::Parsed::Outcome::Refused || size == text.size())
            return reading;
    }
    http::ChunkedBody chunked(1000);
    std::string_view rest = text.substr(reading.parsed.bytes);
    while (!rest.empty() && reading.chunks == http::ChunkedBody::Outcome::NeedsMore) {
        auto const fed = chunked.feed(rest.substr(0, step), reading.body);
        require(fed.consumed > 0 && fed.consumed <= std::min(step, rest.size()));
        reading.chunks = fed.outcome;
        reading.used += fed.consumed;
        rest.remove_prefix(fed.consumed);
    }
    require(reading.body.size() <= 1000);
    return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    Reading const whole = read_one(text, size + 1);
    Reading const pieces = read_one(text.substr(0, 8192), 1);
    // In pieces a fault may be seen before a later limit is, but what is accepted is the same.
    if (whole.parsed.outcome == http::Parsed::Outcome::Complete && size <= 8192)
        require(whole == pieces);
    if (size <= 8192 && pieces.parsed.outcome == http::Parsed::Outcome::Complete)
        require(whole == pieces);
    return 0;
}
