#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/home.h"
#include "cli/options.h"

namespace backtalk::cli {

/// Asks the server that has the home open to run this command line. It gets our standard streams and the files that the
/// command names, opened by us, under our rights. Returns its exit status, or nothing where no server answers.
std::optional<int> run_in_server(Options const& options, std::vector<std::string> const& arguments);

/// The server's side: a socket in the home's folder that only its owner can open.
class ControlSocket {
public:
    explicit ControlSocket(Home& home) : home_(home) { }
    ~ControlSocket() { stop(); }
    ControlSocket(ControlSocket const&) = delete;
    ControlSocket& operator=(ControlSocket const&) = delete;

    Result<void> start();
    /// Takes no more, and waits for the commands under way.
    void stop();

private:
    void accept_commands();
    void run_command(int connection);

    static constexpr int commands_max = 16;

    Home& home_;
    int socket_ = -1;
    int wake_ = -1;
    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable ended_;
    int running_ = 0;
};

}  // namespace backtalk::cli
