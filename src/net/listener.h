#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "url/address.h"

namespace backtalk {

/// Owns an open file descriptor.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int number) : number_(number) { }
    FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) { }
    FileDescriptor& operator=(FileDescriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~FileDescriptor();

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_ = -1;
};

enum class Families {
    Both,      ///< "[::]" also takes IPv4.
    OnlyIpv6,  ///< Because another listener has the port in IPv4.
};

/// A listening TCP socket. Nobody else can listen at the same address and port meanwhile.
class Listener {
public:
    /// Port 0: any free one.
    /// Errors: Unavailable ("address in use: …", no permission, no such address here).
    static Result<Listener> open(AddressPort const& at, Families families = Families::Both);

    int descriptor() const { return socket_.number(); }
    AddressPort const& address() const { return address_; }  ///< With the port that was given.

private:
    Listener(FileDescriptor socket, AddressPort address) : socket_(std::move(socket)), address_(address) { }

    FileDescriptor socket_;
    AddressPort address_;
};

}  // namespace backtalk
