#include "net/access_log.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>

#include <fmt/format.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"

namespace backtalk {

namespace {

std::atomic<std::uint64_t> next_serial = 1;

constexpr char hex_digits[] = "0123456789abcdef";

void append_number(std::string& out, std::uint64_t number)
{
    char digits[20];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

bool is_plain(char ch)
{
    auto const c = static_cast<unsigned char>(ch);
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/// Length of the well-formed UTF-8 character at `at` that is no control character, or 0.
std::size_t character_length(std::string_view text, std::size_t at)
{
    auto const lead = static_cast<unsigned char>(text[at]);
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || at + length > text.size() || !is_valid_utf8(text.substr(at, length)))
        return 0;
    // C1 controls are terminal commands in two bytes; U+2028 and U+2029 end a line for some readers; bidi overrides hide text.
    std::size_t position = 0;
    char32_t const c = next_code_point(text.substr(at, length), position);
    bool const hidden = c < 0xA0 || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return hidden ? 0 : length;
}

/// `\xNN` in text, `\u00NN` in JSON: there the bytes that are no UTF-8 are told by the code point of the same number.
void append_outside_text(std::string& out, AccessLogFormat format, std::string_view text)
{
    std::size_t plain = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (is_plain(text[at])) {
            ++at;
            continue;
        }
        if (std::size_t const length = character_length(text, at)) {
            at += length;
            continue;
        }
        out.append(text, plain, at - plain);
        auto const c = static_cast<unsigned char>(text[at]);
        if (format == AccessLogFormat::Json && (c == '"' || c == '\\')) {
            out += '\\';
            out += static_cast<char>(c);
        } else {
            out += format == AccessLogFormat::Json ? "\\u00" : "\\x";
            out += hex_digits[c >> 4];
            out += hex_digits[c & 15];
        }
        plain = ++at;
    }
    out.append(text, plain);
}

/// Where in an address the secret stands that makes it work: of links that open something by themselves, and of tokens in a query.
struct SecretPlace {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;
};

SecretPlace secret_in(std::string_view address)
{
    for (std::string_view const way : {"/admin/setup/", "/admin/deed/"})
        if (std::size_t const at = address.find(way); at != std::string_view::npos)
            return {at + way.size(), std::min(address.find_first_of("/?#", at + way.size()), address.size())};
    for (std::string_view const name : {"?key=", "&key=", "?token=", "&token="})
        if (std::size_t const at = address.find(name); at != std::string_view::npos)
            return {at + name.size(), std::min(address.find_first_of("&#", at + name.size()), address.size())};
    return {};
}

/// An address of ours, or the one that a Referer names, without its secret: logs are read by more people than may use it. Like
/// append_outside_text().
void append_address(std::string& out, AccessLogFormat format, std::string_view address)
{
    SecretPlace const secret = secret_in(address);
    if (secret.begin == std::string_view::npos)
        return append_outside_text(out, format, address);
    append_outside_text(out, format, address.substr(0, secret.begin));
    out += "(secret)";
    append_outside_text(out, format, address.substr(secret.end));
}

void append_quoted(std::string& out, std::string_view text)
{
    out += '"';
    append_outside_text(out, AccessLogFormat::Text, text.empty() ? "-" : text);
    out += '"';
}

void append_quoted_address(std::string& out, std::string_view address)
{
    out += '"';
    append_address(out, AccessLogFormat::Text, address.empty() ? "-" : address);
    out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view text)
{
    if (text.empty())
        return;
    out += name;
    append_outside_text(out, AccessLogFormat::Json, text);
    out += '"';
}

void append_address_member(std::string& out, std::string_view name, std::string_view address)
{
    if (address.empty())
        return;
    out += name;
    append_address(out, AccessLogFormat::Json, address);
    out += '"';
}

/// The time as each format has it, made once a second.
std::string_view time_text(AccessLogFormat format, std::int64_t time)
{
    thread_local std::int64_t of[2] = {-1, -1};
    thread_local std::string text[2];
    auto const which = static_cast<std::size_t>(format);
    if (of[which] != time) {
        Instant const instant{std::chrono::seconds(time)};
        if (format == AccessLogFormat::Json) {
            text[which] = rfc3339(instant);
        } else {
            CivilTime const t = civil_time(instant);
            text[which] = fmt::format(
                "{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000", t.day, month_name(t.month).substr(0, 3), t.year, t.hour, t.minute, t.second);
        }
        of[which] = time;
    }
    return text[which];
}

/// Most requests of a connection, and many in a row, come from one address.
std::string_view address_text(Address const& address)
{
    thread_local Address last = Address::from_ipv4(0);
    thread_local std::string text = "0.0.0.0";
    if (!(last == address)) {
        text = address.str();
        last = address;
    }
    return text;
}

void append_text_line(std::string& out, std::int64_t time, AccessEntry const& entry)
{
    constexpr auto format = AccessLogFormat::Text;
    out += address_text(entry.peer);
    out += " - - [";
    out += time_text(format, time);
    out += "] \"";
    if (entry.method.empty()) {
        out += '-';
    } else {
        append_outside_text(out, format, entry.method);
        out += ' ';
        append_address(out, format, entry.target);
        out += " HTTP/1.";
        out += static_cast<char>('0' + entry.version_minor);
    }
    out += "\" ";
    append_number(out, static_cast<std::uint64_t>(entry.status));
    out += ' ';
    append_number(out, entry.body_bytes);
    out += ' ';
    append_quoted_address(out, entry.referer);
    out += ' ';
    append_quoted(out, entry.user_agent);
    out += ' ';
    append_quoted(out, entry.authority);
    out += ' ';
    append_number(out, entry.microseconds);
    out += "us\n";
}

void append_json_line(std::string& out, std::int64_t time, AccessEntry const& entry)
{
    out += "{\"time\":\"";
    out += time_text(AccessLogFormat::Json, time);
    out += "\",\"peer\":\"";
    out += address_text(entry.peer);
    out += '"';
    append_member(out, ",\"method\":\"", entry.method);
    append_address_member(out, ",\"target\":\"", entry.target);
    append_member(out, ",\"host\":\"", entry.authority);
    out += ",\"status\":";
    append_number(out, static_cast<std::uint64_t>(entry.status));
    out += ",\"bytes\":";
    append_number(out, entry.body_bytes);
    out += ",\"microseconds\":";
    append_number(out, entry.microseconds);
    append_member(out, ",\"user_agent\":\"", entry.user_agent);
    append_address_member(out, ",\"referer\":\"", entry.referer);
    out += "}\n";
}

void write_whole(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        ssize_t const written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;  // a full disk or a closed pipe must not stop the server
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

void append_access_line(std::string& out, AccessLogFormat format, std::int64_t time, AccessEntry const& entry)
{
    if (format == AccessLogFormat::Json)
        append_json_line(out, time, entry);
    else
        append_text_line(out, time, entry);
}

struct LineAccessLog::Buffer {
    std::mutex mutex;  // held for one line, or for a swap
    std::string lines;
};

LineAccessLog::LineAccessLog(int descriptor, AccessLogFormat format)
    : descriptor_(descriptor), format_(format), serial_(next_serial++), writer_([this] { run(); })
{
}

LineAccessLog::~LineAccessLog()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    writer_.join();
    write_all();
}

LineAccessLog::Buffer& LineAccessLog::buffer_of_this_thread()
{
    thread_local std::uint64_t serial = 0;
    thread_local Buffer* buffer = nullptr;
    if (!buffer || serial != serial_) {
        std::scoped_lock const lock(mutex_);
        buffer = buffers_.emplace_back(std::make_unique<Buffer>()).get();
        serial = serial_;
    }
    return *buffer;
}

void LineAccessLog::request(AccessEntry const& entry) noexcept
{
    Buffer& buffer = buffer_of_this_thread();
    std::scoped_lock const lock(buffer.mutex);
    if (buffer.lines.size() >= waiting_bytes_max) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    append_access_line(buffer.lines, format_, std::time(nullptr), entry);
}

void LineAccessLog::flush() { write_all(); }

void LineAccessLog::run()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        wake_.wait_for(lock, std::chrono::milliseconds(100));
        lock.unlock();
        write_all();
        lock.lock();
    }
}

void LineAccessLog::write_all()
{
    std::scoped_lock const one_writer(writing_);
    std::vector<Buffer*> buffers;
    {
        std::scoped_lock const lock(mutex_);
        for (auto const& buffer : buffers_)
            buffers.push_back(buffer.get());
    }
    std::string lines;
    for (Buffer* buffer : buffers) {
        lines.clear();
        {
            std::scoped_lock const lock(buffer->mutex);
            lines.swap(buffer->lines);
        }
        write_whole(descriptor_, lines);
    }
    if (std::uint64_t const dropped = dropped_; dropped != dropped_told_) {
        std::string const told = format_ == AccessLogFormat::Json
            ? fmt::format("{{\"dropped\":{}}}\n", dropped - dropped_told_)
            : fmt::format("# {} lines dropped: the log could not be written fast enough\n", dropped - dropped_told_);
        write_whole(descriptor_, told);
        dropped_told_ = dropped;
    }
}

}  // namespace backtalk
