#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "importers/movable_type_fields.h"
#include "importers/movable_type_lines.h"
#include "importers/movable_type_record.h"

namespace backtalk::importers {

struct MovableTypeOptions;

/// Takes the header lines of one record into its fields. Views given to it must stay valid until finish().
class RecordHeaders {
public:
    RecordHeaders(MovableTypeRecord& record, FieldReader& fields, MovableTypeOptions const& options);

    void take(std::string_view line, std::size_t number);
    /// Sorts categories and tags, and reports what was left out and what is missing.
    void finish();

    bool any_known() const { return any_known_; }  ///< One of the format's own keys was there.

private:
    void take_named(std::string_view key, std::string_view value, std::size_t line);
    void take_convert_breaks(std::string_view value, std::size_t line);
    void take_other(std::string_view key, std::string_view value, std::size_t line);
    void finish_categories();
    void finish_tags();
    void report_what_is_missing();

    MovableTypeRecord& record_;
    FieldReader& fields_;
    MovableTypeOptions const& options_;
    std::vector<std::string_view> categories_;
    std::string_view tags_;
    bool any_known_ = false;
    bool has_status_ = false;
    bool has_date_ = false;
    std::size_t without_key_ = 0;
    std::size_t first_without_key_ = 0;
};

}  // namespace backtalk::importers
