#include "http/ready_page.h"

#include <fmt/format.h>

#include "base/text.h"
#include "http/status.h"

namespace backtalk::http {

namespace {

/// The headers of the page that a 304 repeats (RFC 9110, 15.4.5).
bool belongs_in_304(std::string_view name)
{
    for (std::string_view const kept : {"cache-control", "content-location", "expires", "vary"})
        if (equal_ignoring_case(name, kept))
            return true;
    return false;
}

bool is_made_here(std::string_view name)
{
    for (std::string_view const made :
        {"content-length", "content-encoding", "etag", "last-modified", "date", "connection", "transfer-encoding"})
        if (equal_ignoring_case(name, made))
            return true;
    return false;
}

struct FormPlan {
    std::string_view coding;  // "" for identity
    std::string_view etag_suffix;
};

ReadyPage::Form build_form(ReadyPageParts const& parts, bool varies, FormPlan plan, std::string body)
{
    ReadyPage::Form form;
    std::string shared;  // in 200 and 304
    std::string only_whole;
    for (Header const& line : parts.headers) {
        if (is_made_here(line.name))
            continue;
        std::string& out = belongs_in_304(line.name) ? shared : only_whole;
        out += line.name + ": " + line.value + "\r\n";
    }
    if (varies)
        shared += "Vary: Accept-Encoding\r\n";
    if (!parts.etag.empty()) {
        form.etag = "\"" + parts.etag + std::string(plan.etag_suffix) + "\"";
        shared += "ETag: " + form.etag + "\r\n";
    }
    if (parts.last_modified)
        shared += "Last-Modified: " + http_date(*parts.last_modified) + "\r\n";
    if (!plan.coding.empty())
        only_whole += "Content-Encoding: " + std::string(plan.coding) + "\r\n";
    if (status_has_body(parts.status))
        only_whole += fmt::format("Content-Length: {}\r\n", body.size());

    form.head = fmt::format("HTTP/1.1 {} {}\r\n", parts.status, reason_phrase(parts.status)) + shared + only_whole;
    if (parts.status == 200 && (!parts.etag.empty() || parts.last_modified))
        form.head304 = "HTTP/1.1 304 Not Modified\r\n" + shared;
    form.body = std::move(body);
    return form;
}

std::size_t bytes_of(ReadyPage::Form const& form)
{
    return sizeof form + form.head.capacity() + form.head304.capacity() + form.body.capacity() + form.etag.capacity();
}

}  // namespace

ReadyPage::ReadyPage(ReadyPageParts parts) : status_(parts.status), last_modified_(parts.last_modified)
{
    // What would end up inside an ETag line must be able to stand there.
    std::erase_if(parts.etag, [](char c) { return !is_ascii_alnum(c) && c != '-' && c != '_'; });
    if (last_modified_)
        last_modified_text_ = http_date(*last_modified_);
    bool const varies = parts.gzip || parts.brotli;
    if (parts.gzip)
        gzip_ = std::make_unique<Form const>(build_form(parts, varies, {"gzip", "-gz"}, std::move(*parts.gzip)));
    if (parts.brotli)
        brotli_ = std::make_unique<Form const>(build_form(parts, varies, {"br", "-br"}, std::move(*parts.brotli)));
    identity_ = build_form(parts, varies, {"", ""}, std::move(parts.body));
}

ReadyPage::Choice ReadyPage::choose(
    std::string_view accept_encoding, std::string_view if_none_match, std::string_view if_modified_since) const
{
    Form const* form = &identity_;
    if (!accept_encoding.empty()) {
        switch (best_encoding(accept_encoding, gzip_ != nullptr, brotli_ != nullptr)) {
        case Encoding::Brotli: form = brotli_.get(); break;
        case Encoding::Gzip: form = gzip_.get(); break;
        case Encoding::Identity: break;
        }
    }
    return Choice{form, is_fresh(*form, if_none_match, if_modified_since)};
}

/// RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match.
bool ReadyPage::is_fresh(Form const& form, std::string_view if_none_match, std::string_view if_modified_since) const
{
    if (form.head304.empty())
        return false;
    if (!if_none_match.empty())
        return matches_etag(if_none_match, form.etag);
    if (if_modified_since.empty() || !last_modified_)
        return false;
    // Nearly every client sends back our own text.
    if (if_modified_since == last_modified_text_)
        return true;
    auto const since = parse_http_date(if_modified_since);
    return since && *last_modified_ <= *since;
}

std::size_t ReadyPage::bytes() const
{
    std::size_t total = sizeof *this + bytes_of(identity_);
    if (gzip_)
        total += bytes_of(*gzip_);
    if (brotli_)
        total += bytes_of(*brotli_);
    return total;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag)
{
    std::string_view rest = trimmed(if_none_match);
    if (rest == "*")
        return true;
    while (!etag.empty() && !rest.empty()) {
        if (rest.front() == ',' || is_ascii_space(rest.front())) {
            rest.remove_prefix(1);
            continue;
        }
        if (rest.starts_with("W/"))
            rest.remove_prefix(2);
        std::size_t const close = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
        if (close == std::string_view::npos)
            return false;
        if (rest.substr(0, close + 1) == etag)
            return true;
        rest.remove_prefix(close + 1);
    }
    return false;
}

}  // namespace backtalk::http
