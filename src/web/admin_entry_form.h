#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/admin_visit.h"
#include "weblog/entry.h"
#include "weblog/site.h"

namespace backtalk::web {

/// The fields of an entry's form as they were typed. They come back on the page whatever they hold, so that nothing of them is lost.
struct EntryForm {
    static EntryForm of(Entry const& entry);
    /// With line feeds alone as line ends.
    static EntryForm typed(AdminVisit const& visit);

    std::string title;
    std::string body;
    std::string extended_body;
    std::string format = std::string(to_word(TextFormat::Markdown));
    std::string excerpt;
    std::string categories;  ///< With commas between them, as tags.
    std::string tags;
    std::string slug;
    std::string date;  ///< "2007-03-08T06:41", by the entry's clock. Empty: when it is published.
    std::string author;
    std::string trackbacks;  ///< One a line.
    std::string in_reply_to;
    bool is_unlisted = false;
    bool takes_pings = true;
    std::string seen;  ///< version_of() the entry that the form was made from.
};

enum class EntryWish {
    Draft,
    Publish,     ///< At its date; scheduled if that is to come.
    PublishNow,  ///< Whatever its date.
};

/// What a form is read against.
struct EntryFormContext {
    Site const& site;
    Entry const* before;    ///< Null: it is a new one.
    std::string author;     ///< Whose name it bears where the form names none.
    bool may_name_another;  ///< The form may name another author.
    Instant now;
};

struct FormProblem {
    std::string_view field;  ///< As the form names it.
    std::string sentence;    ///< For people.
};

struct ReadEntryForm {
    EntryDraft draft;  ///< Whole only if there are no problems.
    std::string path;  ///< See Store::change_entry().
    std::vector<FormProblem> problems;
};

/// What is wished for. A draft that was given no date has that of its last change, until it is published.
ReadEntryForm read_entry_form(EntryForm const& form, EntryFormContext const& context, EntryWish wish);

/// Where the entry is, or would be if it were published: as read_entry_form() left it. NB: the store may have to add "-2" to its slug.
std::string expected_path(Site const& site, Entry const& entry);

}  // namespace backtalk::web
