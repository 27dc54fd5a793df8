#pragma once

#include "app/people.h"
#include "app/settings_desk.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"

namespace backtalk::web {

struct SettingSchema : Schema {
    SettingSchema() : Schema("setting") { }
    TextField const path{*this, "path"};
    TextField const name{*this, "name"};
    TextField const about{*this, "about"};
    TextField const value{*this, "value"};
    TextField const initial{*this, "initial"};
    TextField const source{*this, "source"};
    FlagField const is_default{*this, "is_default"};
    TextField const in_file{*this, "in_file"};
    FlagField const needs_restart{*this, "needs_restart"};
    ListField const choices{*this, "choices", schema<ChoiceSchema>()};
};

struct SettingTableSchema : Schema {
    SettingTableSchema() : Schema("settings table") { }
    TextField const name{*this, "name"};
    TextField const about{*this, "about"};
    ListField const settings{*this, "settings", schema<SettingSchema>()};
};

struct SettingsPageSchema final : AdminPageSchema {
    SettingsPageSchema() : AdminPageSchema("settings") { }
    UrlField const action{*this, "action"};
    UrlField const digest_url{*this, "digest_url"};
    ListField const choosable{*this, "choosable", schema<SettingSchema>()};
    ListField const tables{*this, "tables", schema<SettingTableSchema>()};
};

/// What the server runs with. Most of it is changed in backtalk.toml; what decides about mentions, here.
class AdminSettings {
public:
    AdminSettings(AdminFrame& frame, SettingsDesk& settings, People& people) : frame_(frame), settings_(settings), people_(people) { }
    void add_to(AdminTable& table);

private:
    http::Response show(AdminVisit const& visit);
    Task<http::Response> change(AdminVisit visit);

    AdminFrame& frame_;
    SettingsDesk& settings_;
    People& people_;
};

}  // namespace backtalk::web
