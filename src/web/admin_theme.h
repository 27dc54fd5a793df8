#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "web/template.h"

namespace backtalk::web {

/// The looks of the owner's pages: the templates of themes/admin, each compiled against the Schema of its name, the style sheet and the
/// script. A home's own theme does not reach them: what is shown here must be what it says it is.
class AdminTheme {
public:
    /// Errors: Malformed (a template, with file and line): a mistake of ours that the tests find.
    static Result<AdminTheme> load();

    /// `page`: a View of one of the Schemas of admin_page_schemas(). Errors: TooLarge.
    Result<std::string> render(View const& page) const;

    /// "style-0123456789abcdef.css": another name whenever the contents differ, so that it may be cached for ever.
    std::string const& style_name() const { return style_name_; }
    std::string const& script_name() const { return script_name_; }
    // Valid for ever.
    std::string_view style() const { return style_; }
    std::string_view script() const { return script_; }

private:
    AdminTheme() = default;

    std::map<std::string, Template, std::less<>> templates_;
    std::string_view style_;
    std::string_view script_;
    std::string style_name_;
    std::string script_name_;
};

}  // namespace backtalk::web
