#pragma once

#include <cstddef>
#include <cstdint>

namespace backtalk {

class Connection;

/// What a connection waits for. Each kind has its time limit.
enum class Waiting : std::uint8_t {
    Head,  ///< The rest of a head, or the first one.
    Body,
    Idle,    ///< The next request.
    Write,   ///< The client to take our bytes.
    Linger,  ///< The client to stop sending, after the answer.
    Nobody,  ///< The Door, which has its own deadlines.
};
inline constexpr std::size_t waiting_kinds = 6;

/// The connections that wait for one thing, about in the order in which their time ends.
///
/// Refreshing a connection's time does not move it: the sweep does, when it meets it. So an answer costs no list work.
class ConnectionQueue {
public:
    void push_back(Connection& connection, std::int64_t due);
    void remove(Connection& connection);
    Connection* front() const { return first_; }
    bool empty() const { return first_ == nullptr; }

private:
    Connection* first_ = nullptr;
    Connection* last_ = nullptr;
};

/// A connection's place in a queue.
struct QueueLink {
    Connection* previous = nullptr;
    Connection* next = nullptr;
    std::int64_t due = 0;  ///< When the sweep looks at it, in milliseconds of the loop's clock.
};

}  // namespace backtalk
