#include "net/smtp_mailer.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "async/completion.h"
#include "base/text.h"
#include "net/curl_handle.h"
#include "url/this_machine.h"
#include "url/url.h"

namespace backtalk {

namespace {

constexpr std::size_t password_bytes_max = 4096;

/// Of "smtp://host:port".
bool is_local(std::string_view url)
{
    auto const http = Url::parse(fmt::format("http{}", url.substr(std::min(url.find("://"), url.size()))));
    return http && is_this_machine(http->host());
}

struct Reading {
    std::string_view rest;
};

std::size_t read_message(char* to, std::size_t, std::size_t room, void* reading)
{
    std::string_view& rest = static_cast<Reading*>(reading)->rest;
    std::size_t const size = std::min(room, rest.size());
    std::memcpy(to, rest.data(), size);
    rest.remove_prefix(size);
    return size;
}

ErrorCode code_of(CURLcode code, long answer)
{
    if (code == CURLE_OPERATION_TIMEDOUT)
        return ErrorCode::Timeout;
    return answer / 100 == 5 || code == CURLE_LOGIN_DENIED ? ErrorCode::Refused : ErrorCode::Unavailable;
}

/// What whoever runs this can do about it; empty where the words of libcurl, or of the server, are all that there is to say.
///
/// `certificate`: CURLINFO_SSL_VERIFYRESULT, a X509_V_ERR_… of OpenSSL.
std::string advice_for(CURLcode code, long certificate, Settings::Mail const& settings)
{
    constexpr long unspecified = 1;  // libcurl leaves it at this where it did not like the name
    constexpr long not_yet_valid = 9;
    constexpr long expired = 10;
    switch (code) {
    case CURLE_USE_SSL_FAILED:
        return fmt::format("it offers no STARTTLS, and {}; if it has TLS from the start, write smtps:// in mail.url",
            settings.user.empty() ? "mail.ca_file wants TLS" : "no password is sent without TLS");
    case CURLE_PEER_FAILED_VERIFICATION:
        if (certificate == unspecified)
            return "its certificate is for another name; write in mail.url a name that it is for";
        if (certificate == expired || certificate == not_yet_valid)
            return "its certificate has expired or is not valid yet; it needs a new one, or this machine's clock is wrong";
        return settings.ca_file.empty()
            ? "nobody whom this machine trusts vouches for its certificate; if it is yours, name its issuer's in mail.ca_file"
            : "nobody in mail.ca_file vouches for its certificate";
    case CURLE_SSL_CACERT_BADFILE: return fmt::format("mail.ca_file: there are no certificates (PEM) in {}", settings.ca_file);
    case CURLE_LOGIN_DENIED: return "it does not let us in; see mail.user, and the password in mail.password_file";
    default: return {};
    }
}

}  // namespace

void SmtpMailer::set(Settings::Mail settings)
{
    std::scoped_lock const lock(mutex_);
    settings_ = std::move(settings);
}

Settings::Mail SmtpMailer::settings() const
{
    std::scoped_lock const lock(mutex_);
    return settings_;
}

std::optional<MailAddress> SmtpMailer::sender() const
{
    Settings::Mail const now = settings();
    auto const from = MailAddress::parse(now.from);
    return from && !now.url.empty() ? std::optional(*from) : std::nullopt;
}

Task<Result<void>> SmtpMailer::send(Mail mail, Deadline deadline)
{
    Executor* const here = current_executor();
    Executor& back = here ? *here : executor_;
    co_await resume_on(thread_);
    Result<void> done = hand_over(mail, deadline);
    co_await resume_on(back);
    co_return done;
}

std::string SmtpMailer::path_of(std::string const& file) const { return file.starts_with('/') ? file : folder_ + "/" + file; }

Result<std::string> SmtpMailer::password(Settings::Mail const& settings) const
{
    if (settings.user.empty())
        return std::string();
    std::string const path = path_of(settings.password_file);
    std::ifstream file(path, std::ios::binary);
    std::string text(password_bytes_max, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    std::string first_line(trimmed(text.substr(0, text.find('\n'))));
    if (first_line.empty())
        return failure(ErrorCode::Unavailable, fmt::format("mail.password_file: there is no password in {}", path));
    return first_line;
}

Result<void> SmtpMailer::hand_over(Mail const& mail, Deadline deadline)
{
    Settings::Mail const settings = this->settings();
    TRY(std::string const secret, password(settings));
    CurlEasy const easy(curl_easy_init());
    if (!easy || stopping_)
        return failure(ErrorCode::Unavailable, "the server is ending");
    auto const set = [&](CURLoption option, auto value) { curl_easy_setopt(easy.get(), option, value); };
    bool const stays_here = is_local(settings.url);
    std::string const message = mail_message(mail);
    Reading reading{message};
    CurlList receivers;
    receivers.add(fmt::format("<{}>", mail.receiver.str()).c_str());
    char error_text[CURL_ERROR_SIZE] = {};
    set(CURLOPT_URL, settings.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, error_text);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(deadline.remaining().count(), 1)));
    bool const needs_tls = !settings.ca_file.empty() || (!stays_here && !settings.user.empty());
    bool const needs_certificate = !settings.ca_file.empty() || !stays_here;
    set(CURLOPT_USE_SSL, static_cast<long>(needs_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    set(CURLOPT_SSL_VERIFYPEER, needs_certificate ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, needs_certificate ? 2L : 0L);
    std::string const ca_file = path_of(settings.ca_file);
    if (!settings.ca_file.empty()) {
        set(CURLOPT_CAINFO, ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<char const*>(nullptr));
    }
    if (!settings.user.empty()) {
        set(CURLOPT_USERNAME, settings.user.c_str());
        set(CURLOPT_PASSWORD, secret.c_str());
    }
    std::string const from = fmt::format("<{}>", mail.sender.str());
    set(CURLOPT_MAIL_FROM, from.c_str());
    set(CURLOPT_MAIL_RCPT, receivers.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &read_message);
    set(CURLOPT_READDATA, static_cast<void*>(&reading));
    curl_xferinfo_callback const may_go_on = [](void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<std::atomic<bool>*>(stopping)->load() ? 1 : 0;
    };
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, may_go_on);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(&stopping_));
    CURLcode const code = curl_easy_perform(easy.get());
    if (code == CURLE_OK)
        return {};
    long answer = 0;
    long certificate = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer);
    curl_easy_getinfo(easy.get(), CURLINFO_SSL_VERIFYRESULT, &certificate);
    std::string const words = error_text[0] ? error_text : curl_easy_strerror(code);
    std::string const advice = advice_for(code, certificate, settings);
    return failure(code_of(code, answer),
        fmt::format(
            "the mail server {} did not take it: {}", settings.url, advice.empty() ? words : fmt::format("{} ({})", advice, words)));
}

}  // namespace backtalk
