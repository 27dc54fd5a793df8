#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/date.h"

namespace backtalk::xmlrpc {

class Value;
struct Member;

struct Nil {
    bool operator==(Nil const&) const = default;
};

/// dateTime.iso8601: a wall clock that nobody says the zone of; in UTC where the text named a zone.
struct DateTime {
    CivilTime time;

    bool operator==(DateTime const&) const = default;
};

/// What base64 stands for: bytes.
struct Binary {
    std::string bytes;

    bool operator==(Binary const&) const = default;
};

using Array = std::vector<Value>;
/// In the order of the document; names may repeat.
using Struct = std::vector<Member>;

/// A value of XML-RPC. Strings are UTF-8.
///
/// Spec: http://xmlrpc.com/spec.md; nil and i8 as most libraries have them
class Value {
public:
    Value();  ///< Nil.
    Value(Nil);
    Value(std::string text);
    Value(std::string_view text);
    Value(char const* text);
    Value(bool truth);
    template <class T> Value(T const*) = delete;  ///< Would be a boolean.
    Value(int number);
    Value(std::int64_t number);
    Value(double number);
    Value(DateTime time);
    Value(Binary binary);
    Value(Array array);
    Value(Struct members);

    /// Nothing if the value is of another type. Valid while this Value lives.
    std::string const* string() const { return std::get_if<std::string>(&content_); }
    std::int64_t const* integer() const { return std::get_if<std::int64_t>(&content_); }
    bool const* boolean() const { return std::get_if<bool>(&content_); }
    double const* real() const { return std::get_if<double>(&content_); }
    DateTime const* date_time() const { return std::get_if<DateTime>(&content_); }
    Binary const* binary() const { return std::get_if<Binary>(&content_); }
    Array const* array() const { return std::get_if<Array>(&content_); }
    Struct const* structure() const { return std::get_if<Struct>(&content_); }
    bool is_nil() const { return std::holds_alternative<Nil>(content_); }

    /// The first member of that name, if this is a struct that has it.
    Value const* member(std::string_view name) const;

    bool operator==(Value const& other) const;

private:
    std::variant<Nil, std::string, std::int64_t, bool, double, DateTime, Binary, Array, Struct> content_;
};

struct Member {
    Member(std::string the_name, Value the_value) : name(std::move(the_name)), value(std::move(the_value)) { }

    std::string name;
    Value value;

    bool operator==(Member const&) const = default;
};

}  // namespace backtalk::xmlrpc
