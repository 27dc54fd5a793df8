#include "net/listener.h"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

namespace backtalk {

namespace {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress to_socket_address(AddressPort const& at)
{
    SocketAddress result;
    auto const bytes = at.address.bytes();
    if (at.address.is_v4()) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(at.port);
        std::memcpy(&address.sin_addr, bytes.data(), 4);
        std::memcpy(&result.storage, &address, sizeof address);
        result.length = sizeof address;
    } else {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(at.port);
        std::memcpy(&address.sin6_addr, bytes.data(), 16);
        std::memcpy(&result.storage, &address, sizeof address);
        result.length = sizeof address;
    }
    return result;
}

std::uint16_t bound_port(int descriptor)
{
    SocketAddress bound;
    bound.length = sizeof bound.storage;
    if (::getsockname(descriptor, bound.get(), &bound.length) != 0)
        return 0;
    sockaddr_in address{};  // the port stands at the same place in both families
    std::memcpy(&address, &bound.storage, sizeof address);
    return ntohs(address.sin_port);
}

std::unexpected<Error> could_not_listen(AddressPort const& at, int reason)
{
    if (reason == EADDRINUSE)
        return failure(ErrorCode::Unavailable, "address in use: " + at.str());
    return failure(ErrorCode::Unavailable, fmt::format("cannot listen on {}: {}", at.str(), std::strerror(reason)));
}

void set_option(int descriptor, int level, int name, int value)
{
    // Each of the options used here exists wherever this program runs; a refusal would only cost speed.
    (void)::setsockopt(descriptor, level, name, &value, sizeof value);
}

}  // namespace

FileDescriptor::~FileDescriptor()
{
    if (number_ >= 0)
        ::close(number_);
}

Result<Listener> Listener::open(AddressPort const& at, Families families)
{
    FileDescriptor socket(::socket(at.address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open())
        return could_not_listen(at, errno);
    // A program that was killed may start again at once. Not SO_REUSEPORT: two would silently share the port.
    set_option(socket.number(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (!at.address.is_v4())
        set_option(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, families == Families::OnlyIpv6 ? 1 : 0);
    // Accepted sockets inherit it: one call instead of one for each connection.
    set_option(socket.number(), IPPROTO_TCP, TCP_NODELAY, 1);
    SocketAddress address = to_socket_address(at);
    if (::bind(socket.number(), address.get(), address.length) != 0)
        return could_not_listen(at, errno);
    if (::listen(socket.number(), 4096) != 0)
        return could_not_listen(at, errno);
    AddressPort const bound{at.address, bound_port(socket.number())};
    return Listener(std::move(socket), bound);
}

}  // namespace backtalk
