#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace backtalk {

enum class LogLevel { Debug, Info, Warning, Error, Off };
std::optional<LogLevel> log_level_named(std::string_view word);
enum class LogFormat { Text, Json };

/// Where the program tells what it does: one line an event. (Requests have a log of their own in net.)
class Log {
public:
    virtual ~Log() = default;
    /// `text` may hold words from outside: they cannot forge a line.
    virtual void write(LogLevel level, std::string_view text) = 0;

    void debug(std::string_view text) { write(LogLevel::Debug, text); }
    void info(std::string_view text) { write(LogLevel::Info, text); }
    void warning(std::string_view text) { write(LogLevel::Warning, text); }
    void error(std::string_view text) { write(LogLevel::Error, text); }
};

/// Lines on a file descriptor.
class StreamLog final : public Log {
public:
    StreamLog(int descriptor, LogLevel level, LogFormat format, Clock const& clock)
        : descriptor_(descriptor), level_(level), format_(format), clock_(clock)
    {
    }
    void write(LogLevel level, std::string_view text) override;
    void set(LogLevel level, LogFormat format);

private:
    std::mutex mutex_;
    int descriptor_;
    LogLevel level_;
    LogFormat format_;
    Clock const& clock_;
};

class SilentLog final : public Log {
public:
    void write(LogLevel, std::string_view) override { }
};

}  // namespace backtalk
