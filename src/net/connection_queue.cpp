#include "net/connection_queue.h"

#include <algorithm>

#include "net/connection.h"

namespace backtalk {

void ConnectionQueue::push_back(Connection& connection, std::int64_t due)
{
    connection.link = QueueLink{last_, nullptr, last_ ? std::max(due, last_->link.due) : due};
    (last_ ? last_->link.next : first_) = &connection;
    last_ = &connection;
}

void ConnectionQueue::remove(Connection& connection)
{
    QueueLink const link = connection.link;
    (link.previous ? link.previous->link.next : first_) = link.next;
    (link.next ? link.next->link.previous : last_) = link.previous;
    connection.link = QueueLink{};
}

}  // namespace backtalk
