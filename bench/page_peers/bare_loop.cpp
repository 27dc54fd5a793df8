// The physical limit for a server of pages: an epoll loop in each thread that parses nothing, and answers whatever it
// receives with the same bytes. Usage: bare_loop PORT THREADS BODY_BYTES
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

int listen_at(int port)
{
    int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int const one = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    ::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener, 1024) != 0) {
        std::perror("bare_loop");
        std::exit(1);
    }
    return listener;
}

void run(int port, std::string const& answer)
{
    int const listener = listen_at(port);
    int const epoll = ::epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    std::array<epoll_event, 256> events;
    std::array<char, 16384> request;
    for (;;) {
        int const count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            int const socket = events[static_cast<std::size_t>(i)].data.fd;
            if (socket == listener) {
                int const accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
                event.data.fd = accepted;
                if (accepted >= 0)
                    ::epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event);
            } else if (::recv(socket, request.data(), request.size(), 0) <= 0) {
                ::close(socket);
            } else {
                // 20 kB nearly always fit; where they do not, waiting a little costs nobody but us.
                for (std::size_t sent = 0; sent < answer.size();) {
                    ssize_t const part = ::send(socket, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
                    if (part > 0)
                        sent += static_cast<std::size_t>(part);
                    else if (errno != EAGAIN)
                        break;
                }
            }
        }
    }
}

}  // namespace

int main(int count, char* arguments[])
{
    if (count < 4)
        return 2;
    std::string const body(static_cast<std::size_t>(std::atoi(arguments[3])), 'x');
    std::string const answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\nDate: Thu, 08 Mar 2007 11:41:11 GMT\r\n\r\n" + body;
    std::vector<std::thread> threads;
    for (int i = 0; i < std::atoi(arguments[2]); ++i)
        threads.emplace_back(run, std::atoi(arguments[1]), std::cref(answer));
    for (std::thread& thread : threads)
        thread.join();
}
