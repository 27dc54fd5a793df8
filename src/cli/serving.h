#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/home.h"
#include "cli/home_settings.h"
#include "net/access_log.h"
#include "net/server.h"
#include "web/admin_door.h"
#include "web/routes.h"

namespace backtalk::cli {

/// A home that is being served: the server, the workers, and the clock that publishes what was scheduled.
class Serving {
public:
    /// Errors: Malformed (a theme), Unavailable (an address in use).
    static Result<std::unique_ptr<Serving>> prepare(Home& home, std::vector<std::string> const& listen, AccessLog& access_log);
    ~Serving();

    void start();
    /// Finishes what is under way.
    void stop(Deadline deadline);
    std::vector<std::string> addresses() const { return server_->addresses(); }
    web::PageCache& cache() { return routes_->cache(); }
    /// The address by which somebody becomes the first owner, once, within an hour. Nothing if there is a user.
    Result<std::optional<std::string>> first_owner_link();

private:
    Serving(Home& home, std::unique_ptr<HomeSettings> settings, std::unique_ptr<web::Routes> routes, std::unique_ptr<Server> server);
    Result<void> open_admin_door();
    void publish_scheduled();
    void purge_spam();  ///< Once an hour.

    Home& home_;
    std::unique_ptr<HomeSettings> settings_;  ///< For the routes.
    std::unique_ptr<web::Routes> routes_;
    std::unique_ptr<Server> server_;
    NoAccessLog no_log_;
    std::unique_ptr<web::AdminDoor> admin_door_;  ///< None where server.admin_listen is off.
    std::unique_ptr<Server> admin_server_;
    std::mutex mutex_;
    std::condition_variable stopping_changed_;
    bool stopping_ = false;
    std::thread scheduler_;
    std::chrono::steady_clock::time_point next_purge_{};  ///< Of the scheduler's own.
};

}  // namespace backtalk::cli
