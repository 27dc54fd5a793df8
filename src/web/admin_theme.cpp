#include "web/admin_theme.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "web/admin_account.h"
#include "web/admin_activity.h"
#include "web/admin_blocks.h"
#include "web/admin_confirm.h"
#include "web/admin_decisions.h"
#include "web/admin_deeds.h"
#include "web/admin_digest.h"
#include "web/admin_entries_schema.h"
#include "web/admin_held_form.h"
#include "web/admin_inbox.h"
#include "web/admin_people.h"
#include "web/admin_schema.h"
#include "web/admin_settings.h"
#include "web/admin_sign_in.h"
#include "web/admin_sites.h"
#include "web/embedded.h"

namespace backtalk::web {

namespace {

/// Of every page that there is. The name of the Schema is that of the template.
std::vector<Schema const*> admin_page_schemas()
{
    return {
        &schema<SignInPageSchema>(),
        &schema<CodePageSchema>(),
        &schema<SetupPageSchema>(),
        &schema<NoticePageSchema>(),
        &schema<HeldFormPageSchema>(),
        &schema<InboxPageSchema>(),
        &schema<MentionPageSchema>(),
        &schema<BlocksPageSchema>(),
        &schema<DecisionsPageSchema>(),
        &schema<EntriesPageSchema>(),
        &schema<EntryFormPageSchema>(),
        &schema<EntryDeletePageSchema>(),
        &schema<SentPageSchema>(),
        &schema<SitesPageSchema>(),
        &schema<SitePageSchema>(),
        &schema<SiteRemovePageSchema>(),
        &schema<PeoplePageSchema>(),
        &schema<ConfirmPageSchema>(),
        &schema<SettingsPageSchema>(),
        &schema<AccountPageSchema>(),
        &schema<TotpPageSchema>(),
        &schema<RecoveryCodesPageSchema>(),
        &schema<ActivityPageSchema>(),
        &schema<DigestPageSchema>(),
        &schema<DeedPageSchema>(),
    };
}

}  // namespace

Result<AdminTheme> AdminTheme::load()
{
    constexpr std::string_view suffix = ".mustache";
    AdminTheme theme;
    TemplateSources sources;
    for (EmbeddedFile const& file : admin_theme_files) {
        if (file.name == "admin.css")
            theme.style_ = file.contents;
        else if (file.name == "admin.js")
            theme.script_ = file.contents;
        else if (file.name.ends_with(suffix))
            sources.emplace(file.name.substr(0, file.name.size() - suffix.size()), file.contents);
    }
    for (Schema const* const page : admin_page_schemas()) {
        TRY(Template compiled, Template::compile(page->name(), sources, *page));
        theme.templates_.emplace(page->name(), std::move(compiled));
    }
    theme.style_name_ = fmt::format("style-{:016x}.css", stable_hash(theme.style_));
    theme.script_name_ = fmt::format("script-{:016x}.js", stable_hash(theme.script_));
    return theme;
}

Result<std::string> AdminTheme::render(View const& page) const
{
    auto const found = templates_.find(page.schema().name());
    if (found == templates_.end())
        return failure(ErrorCode::Internal, fmt::format("the page {} is not in admin_page_schemas()", page.schema().name()));
    return found->second.render(page);
}

}  // namespace backtalk::web
