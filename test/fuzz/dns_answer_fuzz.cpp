// Replies of name servers. The first byte of the input is the status that c-ares gives with it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "net/dns_answer.h"
#include "net/dns_list_name.h"

using namespace backtalk;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    std::vector<std::uint8_t> const reply(bytes + 1, bytes + size);
    auto const answer = read_dns_answer(bytes[0] % 32, reply);
    if (!answer)
        return 0;
    if (answer->ttl.count() < 0 || answer->addresses.size() > 32 ||
        !std::ranges::all_of(answer->addresses, [](Address const& address) { return address.is_v4(); }))
        std::abort();
    if (answer->addresses.empty() && read_listing(answer->addresses) != Listed::No)
        std::abort();
    return 0;
}
