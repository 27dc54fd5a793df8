#pragma once

#include "app/sign_in.h"
#include "web/admin_frame.h"

namespace backtalk::web {

struct ConfirmPageSchema final : AdminPageSchema {
    ConfirmPageSchema() : AdminPageSchema("confirm") { }
    TextField const heading{*this, "heading"};
    TextField const message{*this, "message"};
    TextField const problem{*this, "problem"};
    UrlField const action{*this, "action"};
    ListField const fields{*this, "fields", schema<HiddenFieldSchema>()};
    TextField const button{*this, "button"};
    UrlField const back_url{*this, "back_url"};
};

/// What is asked on that page.
struct Confirmation {
    Confirmation(std::string the_heading, std::string the_message, std::string the_button, std::string the_back_url)
        : heading(std::move(the_heading)), message(std::move(the_message)), button(std::move(the_button)), back_url(std::move(the_back_url))
    {
    }
    std::string heading;  ///< "Remove ben?"
    std::string message;  ///< What comes of it.
    std::string button;   ///< "Remove ben"
    std::string back_url;
};

/// Asks for the password before what must not be done by who merely sits at somebody's machine, or has their cookie.
class AdminConfirm {
public:
    AdminConfirm(AdminFrame& frame, SignIn& sign_in) : frame_(frame), sign_in_(sign_in) { }

    /// Nothing if the form of the visit holds the right password: go on. Else what to answer: a page that asks for it and sends the form
    /// again.
    Task<std::optional<http::Response>> ask(AdminVisit visit, Confirmation question);

private:
    http::Response page(AdminVisit const& visit, Confirmation const& question, int status, std::string_view problem);

    AdminFrame& frame_;
    SignIn& sign_in_;
};

}  // namespace backtalk::web
