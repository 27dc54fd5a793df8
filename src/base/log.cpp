#include "base/log.h"

#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk {

namespace {

std::string_view to_word(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug: return "debug";
    case LogLevel::Info: return "info";
    case LogLevel::Warning: return "warning";
    case LogLevel::Error: return "error";
    case LogLevel::Off: return "off";
    }
    return "";
}

}  // namespace

std::optional<LogLevel> log_level_named(std::string_view word)
{
    for (LogLevel const level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error, LogLevel::Off})
        if (word == to_word(level))
            return level;
    return std::nullopt;
}

void StreamLog::write(LogLevel level, std::string_view text)
{
    std::scoped_lock const lock(mutex_);
    if (level < level_)
        return;
    std::string const now = rfc3339(clock_.now());
    std::string const line = format_ == LogFormat::Json
        ? fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"event\":\"{}\"}}\n", now, to_word(level), json_escaped(text))
        : fmt::format("{} {} {}\n", now, to_word(level), json_escaped(text));
    for (std::size_t done = 0; done < line.size();) {
        ssize_t const written = ::write(descriptor_, line.data() + done, line.size() - done);
        if (written <= 0)
            return;  // nobody reads: there is no one to tell
        done += static_cast<std::size_t>(written);
    }
}

void StreamLog::set(LogLevel level, LogFormat format)
{
    std::scoped_lock const lock(mutex_);
    level_ = level;
    format_ = format;
}

}  // namespace backtalk
