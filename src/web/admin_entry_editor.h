#pragma once

#include <optional>

#include "app/people.h"
#include "app/publish_entry.h"
#include "async/task_group.h"
#include "web/admin_announcement.h"
#include "web/admin_entries_schema.h"
#include "web/admin_entry_form.h"
#include "web/admin_frame.h"
#include "web/admin_table.h"
#include "web/pages.h"

namespace backtalk::web {

/// Writing an entry, and changing one: the form, the preview with those who would be told, and what becomes of both.
/// Whatever goes wrong, the form comes back with all that was typed.
class AdminEntryEditor {
public:
    struct Parts {
        Store& store;
        SiteDirectory const& sites;
        Publisher& publisher;
        PingSender& sender;
        Pages& pages;
        People& people;
        Executor& work;
        Clock const& clock;
    };
    static constexpr std::size_t targets_asked_max = 20;
    static constexpr std::chrono::seconds asking_max{12};

    AdminEntryEditor(AdminFrame& frame, Parts parts) : frame_(frame), parts_(parts), asking_(parts.work) { }
    void add_to(AdminTable& table);

private:
    /// What is being written.
    struct Work {
        std::shared_ptr<Site const> site;
        std::optional<Entry> before;  ///< Nothing: it is a new one.
        EntryForm form;
        // What there is to say of it.
        std::string problem;
        std::vector<FormProblem> problems;
        std::optional<Entry> theirs;  ///< Saved by somebody else meanwhile.
        std::optional<Entry> shown;   ///< What the form would make of it.
        std::vector<AnnouncedTarget> targets;
        std::vector<Result<Discovered>> answers;  ///< Of the first so many targets.
    };

    http::Response blank(AdminVisit const& visit);
    http::Response open(AdminVisit const& visit);
    Task<http::Response> save_new(AdminVisit visit);
    Task<http::Response> save_old(AdminVisit visit);
    http::Response style(AdminVisit const& visit);

    Task<http::Response> save(AdminVisit visit, Work work);
    Task<http::Response> preview(AdminVisit visit, Work work, EntryDraft draft);
    Task<std::vector<Result<Discovered>>> answers_of(std::vector<Url> targets);
    EntryFormContext context_of(AdminVisit const& visit, Work const& work) const;
    Result<std::vector<AnnouncedTarget>> announcement_of(Site const& site, Entry const& entry);

    http::Response page(AdminVisit const& visit, Work const& work, int status);
    void fill_standing(View& view, AdminVisit const& visit, Work const& work);
    void fill_fields(View& view, AdminVisit const& visit, Work const& work);
    void fill_preview(View& view, AdminVisit const& visit, Work const& work);

    AdminFrame& frame_;
    Parts parts_;
    TaskGroup asking_;
};

}  // namespace backtalk::web
