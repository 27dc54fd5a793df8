#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backtalk::markup {

/// Joins the parts of a date that a page gives in several elements ("2024-06-01", "7:30pm", "+02:00"): the first of each kind.
///
/// Spec: https://microformats.org/wiki/value-class-pattern#Date_and_time_parsing
class MfDateJoiner {
public:
    /// One part; what is neither date, time nor zone is left out.
    void add(std::string_view value);
    /// "2024-06-01 19:30+0200"; a time without a date gets `date_before`. Nothing where no part said anything.
    std::optional<std::string> joined(std::string_view date_before) const;

private:
    std::string whole_;  ///< A value that has date and time, as written.
    std::string date_;
    std::string time_;
    std::string zone_;
};

/// The date that a text begins with: "2024-06-01" or "2024-153". A view into `text`, empty where there is none.
std::string_view date_at_start(std::string_view text);

}  // namespace backtalk::markup
