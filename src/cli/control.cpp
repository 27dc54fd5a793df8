#include "cli/control.h"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"

namespace backtalk::cli {

namespace {

// One command: a length, as many bytes of arguments separated by NUL, and with the length the descriptors of standard input,
// output and error and of the files lent, whose names come first among the arguments. The answer is one byte: the exit status.
constexpr std::size_t descriptors_max = 250;
constexpr std::uint32_t message_bytes_max = 8u << 20;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) { }
    ~Descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) { }
    Descriptor& operator=(Descriptor&&) = delete;
    int get() const { return number_; }

private:
    int number_;
};

/// The socket's address by way of the folder's descriptor: a path of any length fits.
sockaddr_un address_in(int folder)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string const path = fmt::format("/proc/self/fd/{}/backtalk.sock", folder);
    std::copy(path.begin(), path.end(), address.sun_path);
    return address;
}

bool send_all(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        ssize_t const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool receive_all(int socket, char* to, std::size_t size)
{
    while (size > 0) {
        ssize_t const got = ::recv(socket, to, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool send_descriptors(int socket, std::uint32_t length, std::vector<int> const& descriptors)
{
    iovec part{&length, sizeof length};
    std::vector<char> control(CMSG_SPACE(descriptors.size() * sizeof(int)));
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size() * sizeof(int));
    return ::sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof length);
}

std::vector<Descriptor> receive_descriptors(int socket, std::uint32_t& length)
{
    iovec part{&length, sizeof length};
    std::vector<char> control(CMSG_SPACE((descriptors_max + 3) * sizeof(int)));
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    std::vector<Descriptor> descriptors;
    if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != static_cast<ssize_t>(sizeof length))
        return descriptors;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        std::size_t const count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number;
            std::memcpy(&number, CMSG_DATA(header) + i * sizeof(int), sizeof number);
            descriptors.emplace_back(number);
        }
    }
    return descriptors;
}

std::vector<std::string> files_of(Options const& options)
{
    std::vector<std::string> files;
    bool const words_are_files =
        options.command == "entry add" || options.command == "entry edit" || options.command.starts_with("import ");
    if (words_are_files)
        for (std::string const& word : options.words)
            if (word != "-")
                files.push_back(word);
    if (!options.map.empty() && options.map != "-")
        files.push_back(options.map);
    return files;
}

}  // namespace

std::optional<int> run_in_server(Options const& options, std::vector<std::string> const& arguments)
{
    Descriptor const folder(::open(options.home.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    Descriptor const connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (folder.get() < 0 || connection.get() < 0)
        return std::nullopt;
    sockaddr_un const address = address_in(folder.get());
    if (::connect(connection.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        return std::nullopt;

    std::vector<int> descriptors = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    std::vector<Descriptor> lent;
    std::string names;
    for (std::string const& file : files_of(options)) {
        if (lent.size() >= descriptors_max)
            break;
        // What cannot be opened here is left to the server to complain about.
        int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat status{};
        if (descriptor < 0)
            continue;
        lent.emplace_back(descriptor);
        if (::fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode))
            continue;
        descriptors.push_back(descriptor);
        names += file + '\0';
    }
    std::string body = std::to_string(descriptors.size() - 3) + '\0' + names;
    for (std::string const& argument : arguments)
        body += argument + '\0';
    char status = 1;
    bool const ran = body.size() <= message_bytes_max &&
        send_descriptors(connection.get(), static_cast<std::uint32_t>(body.size()), descriptors) && send_all(connection.get(), body) &&
        receive_all(connection.get(), &status, 1);
    if (!ran) {
        Streams(STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO)
            .error("backtalk: the server ended before the command was done: look at its log, then try again\n");
        return 1;
    }
    return status;
}

Result<void> ControlSocket::start()
{
    Descriptor const folder(::open(home_.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    std::string const path = home_.folder + "/backtalk.sock";
    (void)::unlink(path.c_str());  // of a server that was killed: we hold the home's lock
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un const address = address_in(folder.get());
    mode_t const mask = ::umask(0177);
    bool const bound = socket_ >= 0 && ::bind(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    ::umask(mask);
    if (!bound || ::listen(socket_, 16) != 0)
        return failure(ErrorCode::Unavailable, fmt::format("cannot listen on {}: {}", path, std::strerror(errno)));
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { accept_commands(); });
    return {};
}

void ControlSocket::stop()
{
    if (!thread_.joinable())
        return;
    std::uint64_t const one = 1;
    (void)!::write(wake_, &one, sizeof one);
    thread_.join();
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return running_ == 0; });
    ::close(socket_);
    ::close(wake_);
    (void)::unlink((home_.folder + "/backtalk.sock").c_str());
}

void ControlSocket::accept_commands()
{
    for (;;) {
        std::array<pollfd, 2> waiting = {pollfd{socket_, POLLIN, 0}, pollfd{wake_, POLLIN, 0}};
        if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR)
            return;
        if (waiting[1].revents)
            return;
        int const connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        {
            std::unique_lock lock(mutex_);
            ended_.wait(lock, [this] { return running_ < commands_max; });
            ++running_;
        }
        std::thread([this, connection] {
            run_command(connection);
            std::scoped_lock const lock(mutex_);
            --running_;
            ended_.notify_all();
        }).detach();
    }
}

void ControlSocket::run_command(int number)
{
    Descriptor const connection(number);
    std::uint32_t length = 0;
    std::vector<Descriptor> const descriptors = receive_descriptors(connection.get(), length);
    if (descriptors.size() < 3 || length == 0 || length > message_bytes_max)
        return;
    std::string body(length, '\0');
    if (!receive_all(connection.get(), body.data(), body.size()))
        return;
    std::vector<std::string_view> words = split(std::string_view(body).substr(0, body.size() - 1), '\0');
    std::size_t const files = parse_integer<std::size_t>(words.front()).value_or(0);
    if (files != descriptors.size() - 3 || words.size() < files + 1)
        return;
    Streams streams(descriptors[0].get(), descriptors[1].get(), descriptors[2].get());
    for (std::size_t i = 0; i < files; ++i)
        streams.lend(std::string(words[i + 1]), descriptors[i + 3].get());
    Parsed const parsed = parse_arguments(std::vector<std::string>(words.begin() + static_cast<std::ptrdiff_t>(files) + 1, words.end()));
    char const status = parsed.options ? static_cast<char>(run_home_command(home_, *parsed.options, streams)) : char(2);
    (void)send_all(connection.get(), std::string_view(&status, 1));
}

}  // namespace backtalk::cli
