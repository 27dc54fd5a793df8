#pragma once

#include <mutex>

#include "app/settings_desk.h"
#include "cli/home.h"

namespace backtalk::cli {

/// The settings of a home that is being served, for the owner's pages.
class HomeSettings final : public SettingsDesk {
public:
    /// `listen`: where it is served, whatever the file says of it.
    HomeSettings(Home& home, std::vector<std::string> listen) : home_(home), listen_(std::move(listen)) { }

    Result<std::vector<ShownTable>> tables() override;
    Result<void> choose(std::string_view path, std::string_view word) override;

private:
    Home& home_;
    std::vector<std::string> const listen_;
    std::mutex mutex_;  ///< One writes the file at a time.
};

}  // namespace backtalk::cli
