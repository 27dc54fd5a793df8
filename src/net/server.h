#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/door.h"
#include "async/deadline.h"
#include "async/executor.h"
#include "base/result.h"
#include "http/forwarded.h"
#include "http/request_parser.h"
#include "net/access_log.h"

namespace backtalk {

struct ServerOptions {
    unsigned threads = 0;  ///< Front threads; 0: as many as there are cores, at most 16.
    http::ParseLimits head;
    std::size_t body_bytes = 1 << 20;                 ///< 413 beyond.
    std::size_t connections = 20'000;                 ///< Beyond, idle ones are closed, oldest first; without any: 503.
    std::size_t answers = 2'000;                      ///< Door::answer() under way at once; 503 with Retry-After beyond.
    std::chrono::milliseconds head_timeout{10'000};   ///< For a whole head, from its first byte or from the connection.
    std::chrono::milliseconds body_timeout{30'000};   ///< For a body to go on; and for all of it, with a second more for each 4 KiB.
    std::chrono::milliseconds idle_timeout{75'000};   ///< Between requests.
    std::chrono::milliseconds write_timeout{30'000};  ///< For a client to take an answer, in the same way.
    std::chrono::milliseconds linger_timeout{5'000};  ///< For a client that goes on sending after it was refused.
    std::vector<http::AddressBlock> trusted_proxies;
};

/// The HTTP/1.1 server: a few front threads, each with an event loop of its own, that share the listening sockets.
///
///     Server server(options, door, work_threads, log);
///     TRY_DONE(server.listen("127.0.0.1:8080"));
///     server.start();
class Server {
public:
    /// All three are used until stop() has returned. `work` must not be joined before.
    Server(ServerOptions options, Door& door, Executor& work, AccessLog& log);
    ~Server();  ///< Stops at once if it was not stopped.
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// "127.0.0.1:8080", "[::]:80" (both families), "0.0.0.0:0" (any free port). Several times for several addresses; before start().
    /// Errors: Malformed (no address), Unavailable ("address in use: …").
    Result<void> listen(std::string_view address);
    /// What is listened on, with ports: "127.0.0.1:41873".
    std::vector<std::string> addresses() const;

    void start();
    /// Accepts no more, closes idle connections, finishes what is under way, cuts what is left at the deadline. Blocks.
    void stop(Deadline deadline);

    std::size_t connections() const;
    /// Connections of each front thread.
    std::vector<std::size_t> connections_by_thread() const;

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace backtalk
