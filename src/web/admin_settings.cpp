#include "web/admin_settings.h"

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::web {

namespace {

std::string_view word_of(ShownSetting::Source source)
{
    switch (source) {
    case ShownSetting::Source::Default: return "default";
    case ShownSetting::Source::File: return "backtalk.toml";
    case ShownSetting::Source::CommandLine: break;
    }
    return "command line";
}

void fill(View& view, ShownSetting const& setting)
{
    auto const& fields = schema<SettingSchema>();
    view.set(fields.path, setting.path()).set(fields.name, setting.name).set(fields.about, folded_space(setting.about));
    view.set(fields.value, repaired_utf8(setting.value)).set(fields.initial, setting.initial).set(fields.source, word_of(setting.source));
    view.set(fields.is_default, setting.source == ShownSetting::Source::Default);
    view.set(fields.in_file, repaired_utf8(setting.in_file)).set(fields.needs_restart, setting.needs_restart);
    auto const& choice = schema<ChoiceSchema>();
    for (std::string const& word : setting.choices)
        view.add(fields.choices).set(choice.value, word).set(choice.label, word).set(choice.is_chosen, word == setting.chosen);
}

}  // namespace

void AdminSettings::add_to(AdminTable& table)
{
    table.get("settings", Action::ChangeSettings, *this, &AdminSettings::show);
    table.post("settings", Action::ChangeSettings, *this, &AdminSettings::change);
}

http::Response AdminSettings::show(AdminVisit const& visit)
{
    Result<std::vector<ShownTable>> const tables = settings_.tables();
    if (!tables)
        return frame_.out_of_order(visit, tables.error());
    auto const& fields = schema<SettingsPageSchema>();
    auto const& table = schema<SettingTableSchema>();
    View view(fields);
    view.set(fields.action, visit.place.at("settings")).set(fields.digest_url, visit.place.at("account/digest"));
    for (ShownTable const& each : *tables) {
        View& shown = view.add(fields.tables).set(table.name, each.name).set(table.about, each.about);
        for (ShownSetting const& setting : each.settings) {
            fill(shown.add(table.settings), setting);
            if (!setting.choices.empty())
                fill(view.add(fields.choosable), setting);
        }
    }
    return frame_.page(visit, std::move(view), "Settings");
}

Task<http::Response> AdminSettings::change(AdminVisit visit)
{
    std::string const next = visit.place.at("settings");
    Result<std::vector<ShownTable>> const tables = settings_.tables();
    if (!tables)
        co_return frame_.failed(visit, next, tables.error());
    std::string changed;
    for (ShownTable const& table : *tables)
        for (ShownSetting const& setting : table.settings) {
            std::string_view const word = visit.field(setting.path());
            if (setting.choices.empty() || word.empty() || word == setting.chosen)
                continue;
            Result<void> const done = settings_.choose(setting.path(), word);
            if (!done)
                co_return frame_.failed(visit, next, done.error());
            Activity activity(visit.actor(), fmt::format("set {}", setting.path()), std::string(word));
            Result<void> const noted = co_await people_.note(std::move(activity));
            if (!noted)
                co_return frame_.failed(visit, next, noted.error());
            changed += fmt::format("{}{} is \"{}\" now", changed.empty() ? "" : ", ", setting.path(), word);
        }
    co_return frame_.done(visit, next, changed.empty() ? "Nothing was changed." : changed + ", and backtalk.toml says so.");
}

}  // namespace backtalk::web
