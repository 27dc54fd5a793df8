#include "cli/streams.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::cli {

namespace {

void write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        ssize_t const written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;  // nobody reads any more
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

Result<std::string> read_piece(int descriptor, std::string const& path)
{
    std::string piece(1u << 20, '\0');
    ssize_t got;
    do
        got = ::read(descriptor, piece.data(), piece.size());
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return failure(ErrorCode::Unavailable, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    piece.resize(static_cast<std::size_t>(got));
    return piece;
}

/// Closes it when the last reader goes.
std::shared_ptr<int> owned(int descriptor)
{
    return std::shared_ptr<int>(new int(descriptor), [](int* held) {
        ::close(*held);
        delete held;
    });
}

}  // namespace

void Streams::print(std::string_view text) { write_all(output_, text); }

void Streams::error(std::string_view text)
{
    end_progress();
    write_all(errors_, text);
}

bool Streams::errors_are_a_terminal() const { return ::isatty(errors_) == 1; }

void Streams::progress(std::string_view line)
{
    if (!errors_are_a_terminal())
        return;
    write_all(errors_, fmt::format("\r\x1b[K{}", line));
    progress_shown_ = true;
}

void Streams::end_progress()
{
    if (std::exchange(progress_shown_, false))
        write_all(errors_, "\r\x1b[K");
}

Result<int> Streams::descriptor_of(std::string const& path)
{
    if (path == "-")
        return ::dup(input_);
    if (auto const lent = lent_.find(path); lent != lent_.end())
        return ::dup(lent->second);
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return failure(ErrorCode::NotFound, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
    struct stat status{};
    if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        ::close(descriptor);
        return failure(ErrorCode::NotFound, fmt::format("{} is a folder: give a file", path));
    }
    return descriptor;
}

Result<std::string> Streams::read_file(std::string const& path, std::uint64_t bytes_max)
{
    TRY(OpenFile file, open_file(path));
    std::string contents;
    for (;;) {
        TRY(std::string const piece, file.next());
        if (piece.empty())
            return contents;
        contents += piece;
        if (contents.size() > bytes_max)
            return failure(ErrorCode::TooLarge, fmt::format("{} is larger than {} MiB: split it", path, bytes_max >> 20));
    }
}

Result<Streams::OpenFile> Streams::open_file(std::string const& path)
{
    TRY(int const descriptor, descriptor_of(path));
    auto const held = owned(descriptor);
    struct stat status{};
    std::uint64_t const bytes =
        ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    return OpenFile{[held, path] { return read_piece(*held, path); }, bytes};
}

void JsonLine::begin(std::string_view name)
{
    if (!members_.empty())
        members_ += ", ";
    members_ += fmt::format("\"{}\": ", name);
}

JsonLine& JsonLine::add(std::string_view name, std::string_view text)
{
    begin(name);
    members_ += fmt::format("\"{}\"", json_escaped(text));
    return *this;
}

JsonLine& JsonLine::add(std::string_view name, std::int64_t number)
{
    begin(name);
    members_ += std::to_string(number);
    return *this;
}

JsonLine& JsonLine::add_real(std::string_view name, double number)
{
    begin(name);
    members_ += fmt::format("{:.6f}", number);
    return *this;
}

JsonLine& JsonLine::add_flag(std::string_view name, bool value)
{
    begin(name);
    members_ += value ? "true" : "false";
    return *this;
}

JsonLine& JsonLine::add_null(std::string_view name)
{
    begin(name);
    members_ += "null";
    return *this;
}

JsonLine& JsonLine::add_list(std::string_view name, std::vector<std::string> const& texts)
{
    std::vector<std::string> quoted;
    for (std::string const& text : texts)
        quoted.push_back(fmt::format("\"{}\"", json_escaped(text)));
    return add_objects(name, quoted);
}

JsonLine& JsonLine::add_objects(std::string_view name, std::vector<std::string> const& objects)
{
    begin(name);
    members_ += '[';
    for (std::size_t i = 0; i < objects.size(); ++i)
        members_ += (i ? ", " : "") + objects[i];
    members_ += ']';
    return *this;
}

}  // namespace backtalk::cli
