#include "cli/settings_file.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>

#include "net/fetcher_rules.h"

using namespace backtalk;

namespace {

void require(bool holds, std::source_location where = std::source_location::current())
{
    if (holds)
        return;
    std::fprintf(stderr, "line %u does not hold\n", static_cast<unsigned>(where.line()));
    std::abort();
}

}  // namespace

/// The bytes are a backtalk.toml.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    auto const settings = read_settings({reinterpret_cast<char const*>(bytes), size}, "backtalk.toml");
    if (!settings) {
        require(settings.error().code == ErrorCode::Malformed || settings.error().code == ErrorCode::TooLarge);
        require(settings.error().text.starts_with("backtalk.toml:"));
        require(settings.error().text.find_first_of("\r\n") == std::string::npos && settings.error().text.size() < 2000);
        return 0;
    }
    require(!settings->server.listen.empty());
    for (std::string const& each : settings->server.listen)
        require(AddressPort::parse(each).has_value());
    require(settings->fetch.timeout.count() > 0 && settings->fetch.rate_per_host > 0 && settings->limits.connections > 0);
    require(settings->fetch.user_agent.find_first_of("\r\n") == std::string::npos);
    for (auto const& [name, where] : settings->fetch.resolve)
        require(FetchRules::name_key(name) == name && where.port != 0);
    return 0;
}
