#include "net/connection_output.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include <sys/socket.h>

namespace backtalk {

OutputBatch::Sent OutputBatch::send(int socket)
{
    taken_ = 0;
    msghdr message{};
    message.msg_iov = pieces_.data() + first_;
    message.msg_iovlen = pieces_.size() - first_;
    ssize_t const sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Sent::Part : Sent::Failed;
    taken_ = static_cast<std::size_t>(sent);
    for (std::size_t left = taken_; first_ < pieces_.size(); ++first_) {
        iovec& piece = pieces_[first_];
        if (left < piece.iov_len) {
            piece.iov_base = static_cast<char*>(piece.iov_base) + left;
            piece.iov_len -= left;
            return Sent::Part;
        }
        left -= piece.iov_len;
    }
    clear();
    return Sent::All;
}

void OutputBatch::append(OutputBatch& other)
{
    pieces_.insert(pieces_.end(), other.pieces_.begin() + static_cast<std::ptrdiff_t>(other.first_), other.pieces_.end());
    owners_.insert(owners_.end(), std::make_move_iterator(other.owners_.begin()), std::make_move_iterator(other.owners_.end()));
    other.clear();
}

void OutputBatch::clear()
{
    pieces_.clear();
    owners_.clear();
    first_ = 0;
}

}  // namespace backtalk
