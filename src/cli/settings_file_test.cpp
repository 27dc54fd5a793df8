#include "cli/settings_file.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace backtalk;

namespace {

std::string problem_in(std::string_view toml)
{
    auto const settings = read_settings(toml, "backtalk.toml");
    if (settings)
        return "no problem";
    CHECK(settings.error().code == ErrorCode::Malformed);
    CHECK(settings.error().text.find('\n') == std::string::npos);
    return settings.error().text;
}

void check_defaults(std::string_view toml)
{
    auto const read = read_settings(toml, "backtalk.toml");
    INFO((read ? "" : read.error().text));
    REQUIRE(read.has_value());
    Settings const d;
    CHECK(read->server.listen == d.server.listen);
    CHECK(read->server.admin_listen == d.server.admin_listen);
    CHECK(read->server.workers == d.server.workers);
    CHECK(read->server.cache_bytes == d.server.cache_bytes);
    CHECK(read->server.trusted_proxies == d.server.trusted_proxies);
    CHECK(read->store.url == d.store.url);
    CHECK(read->mentions.moderation == d.mentions.moderation);
    CHECK(read->fetch.timeout == d.fetch.timeout);
    CHECK(read->fetch.max_bytes == d.fetch.max_bytes);
    CHECK(read->fetch.max_redirects == d.fetch.max_redirects);
    CHECK(read->fetch.user_agent == d.fetch.user_agent);
    CHECK(read->fetch.rate_per_host == d.fetch.rate_per_host);
    CHECK(read->fetch.allow_hosts == d.fetch.allow_hosts);
    CHECK(read->fetch.resolve == d.fetch.resolve);
    CHECK(read->limits.body_bytes == d.limits.body_bytes);
    CHECK(read->limits.header_bytes == d.limits.header_bytes);
    CHECK(read->limits.connections == d.limits.connections);
    CHECK(read->limits.pings_per_minute_per_sender == d.limits.pings_per_minute_per_sender);
    CHECK(read->limits.pings_per_minute_per_entry == d.limits.pings_per_minute_per_entry);
    CHECK(read->log.level == d.log.level);
    CHECK(read->log.format == d.log.format);
}

}  // namespace

TEST_CASE("an empty file means the defaults", "[settings]")
{
    check_defaults("");
    check_defaults("# nothing\n[server]\n[fetch]\n");
}

TEST_CASE("the file that init writes means the defaults, with its keys switched on as well", "[settings]")
{
    std::string const file = initial_settings_file();
    check_defaults(file);
    std::string switched_on;
    int keys = 0;
    for (std::string_view line : split(file, '\n')) {
        if (line.size() > 1 && line[0] == '#' && (is_ascii_alpha(line[1]) || line[1] == '[')) {
            line.remove_prefix(1);
            keys += line[0] != '[';
        }
        switched_on += std::string(line) + "\n";
    }
    CHECK(keys == 37);
    check_defaults(switched_on);
    CHECK(settings_help().find("pings_per_minute_per_entry = 300") != std::string::npos);
}

TEST_CASE("every key is read", "[settings]")
{
    auto const read = read_settings(R"(
[server]
listen = ["127.0.0.1:0", "[::]:80"]
admin_listen = "127.0.0.1:8081"
workers = 3
cache_bytes = 0
trusted_proxies = ["10.0.0.0/8", "::1"]
[store]
url = "postgresql://db/backtalk"
[mentions]
moderation = "known"
[fetch]
timeout = 1
max_bytes = 1_000
max_redirects = 0
user_agent = "Harbour/1.0"
rate_per_host = 1000000000
allow_hosts = ["127.0.0.1:9001"]
resolve = { "B.test:80" = "127.0.0.1:9002", "c.test:8080" = "[::1]:9003" }
[limits]
body_bytes = 1
header_bytes = 2
connections = 3
pings_per_minute_per_sender = 0
pings_per_minute_per_entry = 1000000000
[log]
level = "debug"
format = "json"
)",
        "backtalk.toml");
    INFO((read ? "" : read.error().text));
    REQUIRE(read.has_value());
    CHECK(read->server.listen == std::vector<std::string>{"127.0.0.1:0", "[::]:80"});
    CHECK(read->server.admin_listen == "127.0.0.1:8081");
    CHECK(read->server.workers == 3);
    CHECK(read->server.cache_bytes == 0);
    CHECK(read->server.trusted_proxies == std::vector<std::string>{"10.0.0.0/8", "::1"});
    CHECK(read->store.url == "postgresql://db/backtalk");
    CHECK(read->mentions.moderation == Moderation::Known);
    CHECK(read->fetch.timeout == std::chrono::seconds(1));
    CHECK(read->fetch.max_bytes == 1000);
    CHECK(read->fetch.max_redirects == 0);
    CHECK(read->fetch.user_agent == "Harbour/1.0");
    CHECK(read->fetch.rate_per_host == 1'000'000'000);
    CHECK(read->fetch.allow_hosts == std::vector{*AddressPort::parse("127.0.0.1:9001")});
    REQUIRE(read->fetch.resolve.size() == 2);
    CHECK(read->fetch.resolve.at("b.test:80").str() == "127.0.0.1:9002");
    CHECK(read->fetch.resolve.at("c.test:8080").str() == "[::1]:9003");
    CHECK(read->limits.body_bytes == 1);
    CHECK(read->limits.header_bytes == 2);
    CHECK(read->limits.connections == 3);
    CHECK(read->limits.pings_per_minute_per_sender == 0);
    CHECK(read->limits.pings_per_minute_per_entry == 1'000'000'000);
    CHECK(read->log.level == LogLevel::Debug);
    CHECK(read->log.format == LogFormat::Json);
}

TEST_CASE("an unknown key is named with its line and the nearest known key", "[settings]")
{
    CHECK(problem_in("\n[fetch]\n\ntime_out = 10\n") == "backtalk.toml:4: unknown key fetch.time_out: did you mean fetch.timeout?");
    CHECK(problem_in("[server]\nmoderation = \"all\"") ==
        "backtalk.toml:2: unknown key server.moderation: did you mean mentions.moderation?");
    CHECK(problem_in("listen = \"127.0.0.1:80\"") == "backtalk.toml:1: unknown key listen: did you mean server.listen?");
    CHECK(problem_in("[fetsh]\ntimeout = 1") == "backtalk.toml:1: unknown table fetsh: did you mean fetch?");
    CHECK(problem_in("server = 5") == "backtalk.toml:1: server is 5: write a table, [server] and its keys below");
    CHECK(problem_in("[log]\n\"le\\nvel\" = 1") == "backtalk.toml:2: unknown key log.\"le\\u000avel\": did you mean log.level?");
    CHECK(problem_in("[store]\nb = 1\na = 1\n[fetch]\nc = 1").starts_with("backtalk.toml:2: unknown key store.b"));
}

TEST_CASE("a wrong value is named with its line and what is allowed", "[settings]")
{
    CHECK(problem_in("[fetch]\ntimeout = \"10\"") == "backtalk.toml:2: fetch.timeout is \"10\": write an integer from 1 to 1000000000");
    CHECK(problem_in("[fetch]\ntimeout = 0") == "backtalk.toml:2: fetch.timeout is 0: write an integer from 1 to 1000000000");
    CHECK(problem_in("[fetch]\ntimeout = 1.5").starts_with("backtalk.toml:2: fetch.timeout is the decimal number 1.5: write"));
    CHECK(problem_in("[limits]\nconnections = 1000000001").starts_with("backtalk.toml:2: limits.connections is 1000000001: write"));
    CHECK(problem_in("[limits]\nbody_bytes = -1").starts_with("backtalk.toml:2: limits.body_bytes is -1: write"));
    CHECK(problem_in("[server]\nlisten = \"localhost:8080\"")
            .starts_with("backtalk.toml:2: server.listen is \"localhost:8080\": write an address and a port"));
    CHECK(problem_in("[server]\nlisten = []").starts_with("backtalk.toml:2: server.listen is an empty list: write"));
    CHECK(problem_in("[server]\nlisten = [\"127.0.0.1:80\",\n\"::1:80\"]")
            .starts_with("backtalk.toml:3: server.listen has \"::1:80\": write"));
    CHECK(problem_in("[server]\ntrusted_proxies = [\"10.0.0.0/33\"]")
            .starts_with("backtalk.toml:2: server.trusted_proxies has \"10.0.0.0/33\": write"));
    CHECK(problem_in("[store]\nurl = \"mysql:x\"") ==
        "backtalk.toml:2: store.url is \"mysql:x\": write \"sqlite:PATH\" or \"postgresql://…\"");
    CHECK(problem_in("[mentions]\nmoderation = true") ==
        "backtalk.toml:2: mentions.moderation is true: write \"verified\", \"known\" or \"all\"");
    CHECK(problem_in("[fetch]\nuser_agent = \"a\\r\\nb: c\"")
            .starts_with("backtalk.toml:2: fetch.user_agent is \"a\\u000d\\u000ab: c\": write"));
    CHECK(problem_in("[fetch]\nallow_hosts = [\"127.0.0.1:0\"]")
            .starts_with("backtalk.toml:2: fetch.allow_hosts has \"127.0.0.1:0\": write"));
    CHECK(problem_in("[log]\nlevel = \"Info\"").starts_with("backtalk.toml:2: log.level is \"Info\": write \"debug\""));
    CHECK(problem_in("[log]\nformat = 1979-05-27").starts_with("backtalk.toml:2: log.format is a date or time: write"));
}

TEST_CASE("the names of fetch.resolve have ports and stand there once", "[settings]")
{
    CHECK(problem_in("[fetch]\nresolve = { \"b.test\" = \"127.0.0.1:9001\" }")
            .starts_with("backtalk.toml:2: fetch.resolve has the key \"b.test\": write"));
    CHECK(problem_in("[fetch.resolve]\n\"b.test:80\" = \"c.test:80\"")
            .starts_with("backtalk.toml:2: fetch.resolve has \"c.test:80\" for \"b.test:80\": write"));
    CHECK(problem_in("[fetch.resolve]\n\"B.test:80\" = \"127.0.0.1:1\"\n\"b.test:80\" = \"127.0.0.1:2\"") ==
        "backtalk.toml:3: fetch.resolve has \"b.test:80\" twice, here as \"b.test:80\": write it once");
}

TEST_CASE("DNS lists are domain names, their servers addresses and ports", "[settings]")
{
    auto const read = read_settings("[judge]\ndns_lists = [\"DBL.example\", \"key0x.uri.example\"]\ndns_address_lists = [\"bl.example\"]\n"
                                    "dns_servers = [\"127.0.0.1:53\", \"[::1]:5353\"]\n",
        "backtalk.toml");
    REQUIRE(read.has_value());
    CHECK(read->judge.dns_lists == std::vector<std::string>{"dbl.example", "key0x.uri.example"});
    CHECK(read->judge.dns_address_lists == std::vector<std::string>{"bl.example"});
    CHECK(read->judge.dns_servers == std::vector{*AddressPort::parse("127.0.0.1:53"), *AddressPort::parse("[::1]:5353")});

    std::string const long_name = std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(60, 'c') + ".d";
    REQUIRE(long_name.size() == 190);
    for (std::string const& zone :
        {std::string(), std::string("dbl"), std::string("192.0.2.1"), std::string("dbl.example."), std::string("http://dbl.example"),
            std::string("a_b.example"), std::string("b\u00fccher.example"), std::string(64, 'a') + ".example", long_name}) {
        CAPTURE(zone);
        CHECK(problem_in("[judge]\ndns_lists = [\n\"" + zone + "\"]")
                .starts_with("backtalk.toml:3: judge.dns_lists has \"" + zone.substr(0, 2)));
    }
    CHECK(problem_in("[judge]\ndns_address_lists = [\"bl.example\",\n\"BL.example\"]") ==
        "backtalk.toml:3: judge.dns_address_lists has \"BL.example\" twice: write it once");
    CHECK(problem_in("[judge]\ndns_lists = \"dbl.example\"") ==
        "backtalk.toml:2: judge.dns_lists is \"dbl.example\": write a list of at most 16 domain names, as [\"dbl.example\"]");
    std::string seventeen;
    for (int i = 0; i < 17; ++i)
        seventeen += "\"" + std::to_string(i) + ".example\", ";
    CHECK(problem_in("[judge]\ndns_lists = [" + seventeen + "]").find("at most 16") != std::string::npos);
    CHECK(problem_in("[judge]\ndns_servers = [\"127.0.0.1\"]") ==
        "backtalk.toml:2: judge.dns_servers has \"127.0.0.1\": write an address and a port, as \"127.0.0.1:53\" (no names)");
    CHECK(problem_in("[judge]\ndns_servers = [\"127.0.0.1:0\"]")
            .starts_with("backtalk.toml:2: judge.dns_servers has \"127.0.0.1:0\": write"));
}

TEST_CASE("what is not TOML is named with its line", "[settings]")
{
    CHECK(problem_in("[log]\nlevel = \"info\"\nlevel = \"info\"").starts_with("backtalk.toml:3: this is not TOML: "));
    CHECK(problem_in("[log\n").starts_with("backtalk.toml:1: this is not TOML: "));
    CHECK(problem_in("[log]\nlevel = \"\xFF\"").starts_with("backtalk.toml:2: this is not TOML: "));
}

TEST_CASE("tables nested without end are refused before they are built", "[settings]")
{
    std::string deep = "a";
    for (int i = 0; i < 200'000; ++i)
        deep += ".a";
    CHECK(problem_in(deep + " = 1").find("dots") != std::string::npos);
    CHECK(problem_in("x = { y = '''q''''', " + deep + " = 1 }").find("dots") != std::string::npos);
    CHECK(read_settings(std::string(2'000'000, '#'), "backtalk.toml").error().code == ErrorCode::TooLarge);
}
