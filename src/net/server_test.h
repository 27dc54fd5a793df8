#pragma once

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "async/completion.h"
#include "async/executor.h"
#include "base/text.h"
#include "net/listener.h"
#include "net/server.h"

// What the tests of the server share: a small Door, a running server, a client that says exactly the bytes it is told.
namespace backtalk::server_test {

/// Ready: /ready, /large, and / and /feed with small bodies. Everything else is answered with what was asked.
class EchoDoor final : public Door {
public:
    EchoDoor()
        : small_(page("ready page", "v1")), large_(page(std::string(300'000, 'x'), "v2")), root_(page("root", "v3")),
          feed_(page("feed", "v4"))
    {
    }

    std::shared_ptr<http::ReadyPage const> ready(http::RequestHead const& head) noexcept override
    {
        if (head.path == "/ready")
            return small_;
        if (head.path == "/large")
            return large_;
        if (head.path == "/")
            return root_;
        return head.path == "/feed" ? feed_ : nullptr;
    }
    Task<http::Response> answer(http::Request request) override
    {
        ++answered;
        if (hold != nullptr)
            co_await *hold;
        if (request.path.find("..") != std::string::npos || request.path.find("%2e") != std::string::npos || request.path.starts_with("//"))
            co_return http::text(404, "no such page");
        http::Response response =
            http::text(200, request.method_name + " " + request.path + " [" + request.body + "] " + request.authority);
        response.headers.add("X-Peer", request.peer.str());
        co_return response;
    }
    http::Response refuse(http::RequestHead const* head, int status) override
    {
        return http::text(status, "refused " + (head ? std::string(head->path) : std::string("unread")));
    }

    std::atomic<int> answered = 0;
    Completion<int>* hold = nullptr;  ///< Where set before the start, answers wait for it.

private:
    static std::shared_ptr<http::ReadyPage const> page(std::string body, std::string etag)
    {
        http::ReadyPageParts parts(http::text(200, std::move(body)));
        parts.etag = std::move(etag);
        return std::make_shared<http::ReadyPage const>(std::move(parts));
    }

    std::shared_ptr<http::ReadyPage const> small_, large_, root_, feed_;
};

inline ServerOptions test_options()
{
    ServerOptions options;
    options.threads = 2;
    return options;
}

class RunningServer {
public:
    explicit RunningServer(ServerOptions options = test_options(), Completion<int>* hold = nullptr, AccessLog* log = nullptr)
        : server(std::move(options), door, work_, log ? *log : no_log_)
    {
        door.hold = hold;
        if (!server.listen("127.0.0.1:0"))
            std::abort();
        server.start();
        std::string const address = server.addresses().front();
        port = *parse_integer<std::uint16_t>(std::string_view(address).substr(address.find(':') + 1));
    }
    ~RunningServer() { server.stop(Deadline::in(std::chrono::seconds(5))); }

private:
    NoAccessLog no_log_;
    ThreadPool work_{1};

public:
    EchoDoor door;
    Server server;
    std::uint16_t port = 0;
};

/// A blocking client; whatever does not come within ten seconds counts as the end.
class Client {
public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        timeval const limit{10, 0};
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    bool connected() const { return connected_; }
    int descriptor() const { return socket_.number(); }
    void say(std::string_view bytes)
    {
        while (!bytes.empty()) {
            ssize_t const sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void end_input() { ::shutdown(socket_.number(), SHUT_WR); }
    /// Up to the end of the stream.
    std::string hear_all()
    {
        while (more()) { }
        return std::exchange(heard_, {});
    }
    /// One answer: head and body by its Content-Length. Without a body for HEAD and 304.
    std::string hear_answer(bool with_body = true)
    {
        std::size_t end;
        while ((end = heard_.find("\r\n\r\n")) == std::string::npos)
            if (!more())
                return std::exchange(heard_, {});
        end += 4;
        std::size_t const length_at = heard_.find("Content-Length: ");
        if (with_body && length_at < end) {
            std::size_t const line_end = heard_.find('\r', length_at);
            end += *parse_integer<std::size_t>(std::string_view(heard_).substr(length_at + 16, line_end - length_at - 16));
        }
        while (heard_.size() < end && more()) { }
        std::string answer = heard_.substr(0, end);
        heard_.erase(0, end);
        return answer;
    }
    /// Whether the stream ends with nothing more said.
    bool hears_end() { return heard_.empty() && !more() && ended_; }
    std::string ask(std::string_view request)
    {
        say(request);
        return hear_answer();
    }

private:
    bool more()
    {
        char bytes[65536];
        ssize_t const count = ::recv(socket_.number(), bytes, sizeof bytes, 0);
        ended_ = count == 0 || (count < 0 && errno == ECONNRESET);
        if (count <= 0)
            return false;
        heard_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    FileDescriptor socket_;
    bool connected_ = false;
    bool ended_ = false;
    std::string heard_;
};

inline int status_of(std::string_view answer) { return answer.size() < 12 ? 0 : parse_integer<int>(answer.substr(9, 3)).value_or(0); }

inline std::string body_of(std::string_view answer)
{
    std::size_t const end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string() : std::string(answer.substr(end + 4));
}

inline std::string get(std::string_view path, std::string_view lines = "")
{
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: quarters.example\r\n" + std::string(lines) + "\r\n";
}

}  // namespace backtalk::server_test
