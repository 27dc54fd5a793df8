#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "url/address.h"

namespace backtalk {

/// A server on a loopback port that does to its clients whatever a test wants: bytes as they are, at its own pace.
class TestServer {
public:
    class Connection {
    public:
        explicit Connection(int socket) : socket_(socket) { }

        /// Up to the blank line and, with Content-Length, the body. Empty: the client closed.
        std::string read_request()
        {
            while (pending_.find("\r\n\r\n") == std::string::npos)
                if (!read_more())
                    return {};
            std::size_t size = pending_.find("\r\n\r\n") + 4;
            if (std::size_t const length = pending_.find("Content-Length: "); length < size)
                size += std::stoul(pending_.substr(length + 16));
            while (pending_.size() < size)
                if (!read_more())
                    return {};
            std::string request = pending_.substr(0, size);
            pending_.erase(0, size);
            return request;
        }
        /// False when the client is gone.
        bool send(std::string_view bytes)
        {
            while (!bytes.empty()) {
                ssize_t const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                if (sent <= 0)
                    return false;
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            }
            return true;
        }
        void wait_until_client_closes()
        {
            while (read_more()) { }
        }

    private:
        bool read_more()
        {
            char buffer[4096];
            ssize_t const size = ::recv(socket_, buffer, sizeof buffer, 0);
            if (size > 0)
                pending_.append(buffer, static_cast<std::size_t>(size));
            return size > 0;
        }

        int socket_;
        std::string pending_;
    };

    /// Runs `serve` on a thread for each connection, which is closed at its end.
    explicit TestServer(std::function<void(Connection&)> serve) : serve_(std::move(serve))
    {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&where), size) != 0 || ::listen(listener_, 512) != 0)
            std::abort();
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size);
        port_ = ntohs(where.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~TestServer()
    {
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        {
            std::scoped_lock const lock(mutex_);
            for (int const each : open_)
                ::shutdown(each, SHUT_RDWR);
        }
        for (std::thread& each : threads_)
            each.join();
        ::close(listener_);
    }
    TestServer(TestServer const&) = delete;
    TestServer& operator=(TestServer const&) = delete;

    std::uint16_t port() const { return port_; }
    AddressPort where() const { return *AddressPort::parse("127.0.0.1:" + std::to_string(port_)); }
    /// "http://127.0.0.1:PORT/path"
    std::string url(std::string const& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
    std::size_t connections() const
    {
        std::scoped_lock const lock(mutex_);
        return threads_.size();
    }

private:
    void accept_all()
    {
        for (;;) {
            int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0)
                return;
            std::scoped_lock const lock(mutex_);
            open_.insert(socket);
            threads_.emplace_back([this, socket] {
                Connection connection(socket);
                serve_(connection);
                std::scoped_lock const closing(mutex_);
                open_.erase(socket);
                ::close(socket);
            });
        }
    }

    std::function<void(Connection&)> serve_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::thread acceptor_;
    mutable std::mutex mutex_;
    std::set<int> open_;
    std::vector<std::thread> threads_;
};

/// Answers one request a connection with the same bytes.
inline std::function<void(TestServer::Connection&)> answering(std::string bytes)
{
    return [bytes = std::move(bytes)](TestServer::Connection& connection) {
        if (!connection.read_request().empty())
            connection.send(bytes);
    };
}

/// A complete answer.
inline std::string http_answer(std::string const& body, std::string const& status = "200 OK", std::string const& headers = "")
{
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace backtalk
