#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/door.h"
#include "app/store.h"

namespace backtalk::web {

/// A figure for /metrics: a name in Prometheus' style, what it counts, and how to read it.
struct Metric {
    enum class Kind { Counter, Gauge };
    Metric(std::string the_name, std::string the_help, Kind the_kind, std::function<double()> the_value)
        : name(std::move(the_name)), help(std::move(the_help)), kind(the_kind), value(std::move(the_value))
    {
    }
    std::string name;
    std::string help;
    Kind kind;
    std::function<double()> value;
};

/// What programs of the machine's owner ask on server.admin_listen: /healthz (the process answers), /readyz (the store does
/// too), /metrics (Prometheus text format 0.0.4).
class AdminDoor final : public Door {
public:
    AdminDoor(Store& store, std::vector<Metric> metrics) : store_(store), metrics_(std::move(metrics)) { }

    std::shared_ptr<http::ReadyPage const> ready(http::RequestHead const&) noexcept override { return nullptr; }
    Task<http::Response> answer(http::Request request) override;
    http::Response refuse(http::RequestHead const* head, int status) override;

private:
    std::string metrics_text() const;

    Store& store_;
    std::vector<Metric> metrics_;
};

}  // namespace backtalk::web
