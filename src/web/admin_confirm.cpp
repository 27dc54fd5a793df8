#include "web/admin_confirm.h"

#include "web/sentence.h"

namespace backtalk::web {

namespace {

constexpr std::string_view password_field = "own_password";

}  // namespace

Task<std::optional<http::Response>> AdminConfirm::ask(AdminVisit visit, Confirmation question)
{
    std::string password(visit.field(password_field));
    if (password.empty())
        co_return page(visit, question, 200, "");
    Result<void> const confirmed = co_await sign_in_.confirm(*visit.who, std::move(password));
    if (confirmed)
        co_return std::nullopt;
    if (confirmed.error().code == ErrorCode::Refused)
        co_return page(visit, question, 403, as_sentence(confirmed.error().text));
    if (confirmed.error().code == ErrorCode::Busy)
        co_return page(visit, question, 429, as_sentence(confirmed.error().text));
    co_return frame_.out_of_order(visit, confirmed.error());
}

http::Response AdminConfirm::page(AdminVisit const& visit, Confirmation const& question, int status, std::string_view problem)
{
    auto const& fields = schema<ConfirmPageSchema>();
    auto const& hidden = schema<HiddenFieldSchema>();
    View view(fields);
    view.set(fields.heading, question.heading).set(fields.message, question.message).set(fields.problem, problem);
    view.set(fields.action, visit.place.at(visit.path)).set(fields.button, question.button).set(fields.back_url, question.back_url);
    for (auto const& [name, value] : visit.form)
        if (name != password_field)
            view.add(fields.fields).set(hidden.name, name).set(hidden.value, value);
    return frame_.page(visit, std::move(view), question.heading, status);
}

}  // namespace backtalk::web
