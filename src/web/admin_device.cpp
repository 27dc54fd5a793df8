#include "web/admin_device.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

namespace {

using Word = std::pair<std::string_view, std::string_view>;

// In this order: each claims to be those behind it as well.
constexpr std::array<Word, 5> browsers = {
    {{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}};
constexpr std::array<Word, 6> systems = {
    {{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}}};

template <std::size_t size> std::string_view first_in(std::array<Word, size> const& words, std::string_view text)
{
    for (auto const& [word, name] : words)
        if (text.find(word) != std::string_view::npos)
            return name;
    return {};
}

}  // namespace

std::string device_of(std::string_view user_agent)
{
    std::string_view const browser = first_in(browsers, user_agent);
    std::string_view const system = first_in(systems, user_agent);
    if (!browser.empty() && !system.empty())
        return fmt::format("{} on {}", browser, system);
    return user_agent.empty() ? std::string("unknown device") : cut_at_word(user_agent, 40);
}

}  // namespace backtalk::web
