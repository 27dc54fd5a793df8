#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "url/address.h"

namespace backtalk {

/// What is written of one answered request. Views are valid during the call only; all text is as a stranger sent it.
struct AccessEntry {
    Address peer = Address::from_ipv4(0);
    std::string_view method;  ///< Empty where no request could be read.
    std::string_view target;
    std::string_view authority;
    int version_minor = 1;
    int status = 0;
    std::uint64_t body_bytes = 0;
    std::uint64_t microseconds = 0;  ///< From the last byte of the head to the answer.
    std::string_view user_agent;
    std::string_view referer;
};

/// Hears of every request, on front threads: never blocks, and costs little.
class AccessLog {
public:
    virtual ~AccessLog() = default;
    /// Asked once by each server: where false, request() is never called.
    virtual bool wanted() const { return true; }
    virtual void request(AccessEntry const& entry) noexcept = 0;
};

class NoAccessLog final : public AccessLog {
public:
    bool wanted() const override { return false; }
    void request(AccessEntry const&) noexcept override { }
};

enum class AccessLogFormat {
    Text,  ///< Combined log format, then authority and microseconds.
    Json,  ///< One object a line.
};

/// One line a request, written to a file descriptor by a thread of its own, at most a tenth of a second later. What waits is
/// bounded: lines that no longer fit are counted and dropped, and a line says so.
///
/// No request can forge a line: control characters, quotes, backslashes and bytes that are no UTF-8 are escaped.
class LineAccessLog final : public AccessLog {
public:
    static constexpr std::size_t waiting_bytes_max = 1 << 20;  ///< For each front thread.

    LineAccessLog(int descriptor, AccessLogFormat format);  ///< The descriptor stays the caller's.
    ~LineAccessLog() override;                              ///< Writes what waits.
    LineAccessLog(LineAccessLog const&) = delete;
    LineAccessLog& operator=(LineAccessLog const&) = delete;

    void request(AccessEntry const& entry) noexcept override;
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
    /// Blocks until every line of before is written. For tests and the end.
    void flush();

private:
    struct Buffer;

    Buffer& buffer_of_this_thread();
    void run();
    void write_all();

    int const descriptor_;
    AccessLogFormat const format_;
    std::uint64_t const serial_;  ///< Tells this log from one that stood at the same address before.
    std::atomic<std::uint64_t> dropped_ = 0;
    std::uint64_t dropped_told_ = 0;
    std::mutex mutex_;  ///< Guards buffers_ and stopping_.
    std::mutex writing_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::vector<std::unique_ptr<Buffer>> buffers_;
    std::thread writer_;
};

/// Appends one line with its end. For LineAccessLog and its tests. `time` is seconds since 1970.
void append_access_line(std::string& out, AccessLogFormat format, std::int64_t time, AccessEntry const& entry);

}  // namespace backtalk
