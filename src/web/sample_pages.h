#pragma once

#include "web/theme.h"

namespace backtalk::web {

/// Pages with made-up contents, for the theme's tests and the benchmark: all that a template may show is set.
class SamplePages {
public:
    SamplePages();

    View entry(std::size_t mentions) const;
    /// An entry with a response of each type, the reply with responses of its own.
    View conversation() const;
    View list(std::size_t entries) const;
    View archives() const;
    View announced(bool accepted) const;
    View status(bool accepted) const;
    View endpoint() const;
    View gone() const;
    View error(int status) const;

private:
    void fill_page(View& page, PageSchema const& fields, std::string_view title) const;
    void fill_entry(View& entry, std::size_t number) const;
    void fill_mention(View& mention, std::size_t number) const;

    View site_;
};

}  // namespace backtalk::web
