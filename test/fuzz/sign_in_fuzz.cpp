// What a stranger may type or send at the door: names, codes, tokens, and who a proxy says that they are.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "accounts/role.h"
#include "accounts/secret_token.h"
#include "accounts/totp.h"
#include "accounts/user_name.h"
#include "base/text.h"
#include "http/forwarded.h"

using namespace backtalk;
using namespace backtalk::accounts;

namespace {

void check_names_and_codes(std::string_view input)
{
    if (auto const name = UserName::parse(input)) {
        auto const again = UserName::parse(name->str());
        assert(again && again->str() == name->str() && again->key() == name->key());
        assert(UserName::parse(name->key())->key() == name->key());
        assert(!name->str().empty() && code_point_count(name->str()) <= 64 && is_valid_utf8(name->str()));
    }
    if (auto const secret = TotpSecret::parse(input)) {
        assert(TotpSecret::parse(secret->base32())->base32() == secret->base32());
        assert(secret->code_at(static_cast<std::int64_t>(input.size())).size() == 6);
        (void)secret->matching_step(input, Instant(std::chrono::seconds(3000)), 0);
    }
    if (auto const hash = recovery_code_hash(input))
        assert(hash->size() == 64 && input.size() >= 12);
    if (auto const scopes = Scopes::parse(input))
        assert(!scopes->empty() && Scopes::parse(scopes->str()) == scopes);
}

void check_token(std::string_view input)
{
    auto const token = SecretToken::parse(input);
    if (!token)
        return;
    assert(token->str() == input && input.size() == 43);
    assert(is_csrf_token(*token, csrf_token(*token)) && !is_csrf_token(*token, input));
}

/// The first line is X-Forwarded-For, the second Forwarded.
void check_forwarded(std::string_view input)
{
    auto const peer = *Address::parse("10.0.0.1");
    auto const stranger = *Address::parse("192.0.2.1");
    std::vector<http::AddressBlock> const trusted = {*http::AddressBlock::parse("10.0.0.0/8")};
    std::size_t const line = std::min(input.find('\n'), input.size());
    http::RequestHead head;
    head.add({"X-Forwarded-For", input.substr(0, line)});
    if (line < input.size())
        head.add({"Forwarded", input.substr(line + 1)});
    (void)http::client_address(peer, head, trusted);
    assert(http::client_address(stranger, head, trusted) == stranger);
    // What stands before the last hop is nobody's business.
    http::RequestHead last;
    std::string const hops = std::string(input.substr(0, line)) + ", 198.51.100.7";
    last.add({"X-Forwarded-For", hops});
    assert(http::client_address(peer, last, trusted).str() == "198.51.100.7");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    check_names_and_codes(input);
    check_token(input);
    check_forwarded(input);
    return 0;
}
