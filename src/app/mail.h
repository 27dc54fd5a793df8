#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "async/deadline.h"
#include "async/task.h"
#include "base/date.h"
#include "base/result.h"

namespace backtalk {

/// "ada@harbour.example": letters, digits and the signs that need no quotes, and a host name. No display name, no quoted or
/// internationalised local part, so nothing in it can end the line or the command that it stands in.
///
/// Spec: RFC 5321, 4.1.2 (Mailbox; Dot-string). Errors: Malformed.
class MailAddress {
public:
    static Result<MailAddress> parse(std::string_view text);
    std::string const& str() const { return text_; }
    std::string_view domain() const { return std::string_view(text_).substr(text_.rfind('@') + 1); }

private:
    explicit MailAddress(std::string text) : text_(std::move(text)) { }
    std::string text_;
};

/// A plain text for one person.
struct Mail {
    Mail(MailAddress the_sender, MailAddress the_receiver) : sender(std::move(the_sender)), receiver(std::move(the_receiver)) { }

    MailAddress sender;
    MailAddress receiver;
    std::string subject;  ///< UTF-8; controls and line ends become blanks.
    std::string text;     ///< UTF-8, lines with line feeds.
    std::string id;       ///< Letters and digits: the same for a mail that may have been taken already, so that mail programs show it once.
    Instant date{};
};

/// The whole message: ASCII, lines of at most 78 characters that end in CRLF.
///
/// Spec: RFC 5322; RFC 2047 (subject); RFC 2045, 6.7 (text); RFC 3834, 5 (sent by no person).
std::string mail_message(Mail const& mail);

/// The way out for mail.
class Mailer {
public:
    virtual ~Mailer() = default;
    /// As whom; nothing: this server sends no mail.
    virtual std::optional<MailAddress> sender() const = 0;
    /// Ends when the mail server has taken it. Errors: Refused (it will never be: address, sign-in), Unavailable, Timeout.
    virtual Task<Result<void>> send(Mail mail, Deadline deadline) = 0;
};

}  // namespace backtalk
