#include "xmlrpc/value.h"

#include <algorithm>

namespace backtalk::xmlrpc {

// Here, because a struct's members are complete only behind Value.
Value::Value() = default;
Value::Value(Nil) { }
Value::Value(std::string text) : content_(std::move(text)) { }
Value::Value(std::string_view text) : content_(std::string(text)) { }
Value::Value(char const* text) : content_(std::string(text)) { }
Value::Value(bool truth) : content_(truth) { }
Value::Value(int number) : content_(std::int64_t{number}) { }
Value::Value(std::int64_t number) : content_(number) { }
Value::Value(double number) : content_(number) { }
Value::Value(DateTime time) : content_(time) { }
Value::Value(Binary binary) : content_(std::move(binary)) { }
Value::Value(Array array) : content_(std::move(array)) { }
Value::Value(Struct members) : content_(std::move(members)) { }

Value const* Value::member(std::string_view name) const
{
    Struct const* const members = structure();
    if (members == nullptr)
        return nullptr;
    auto const found = std::find_if(members->begin(), members->end(), [&](Member const& each) { return each.name == name; });
    return found == members->end() ? nullptr : &found->value;
}

bool Value::operator==(Value const& other) const { return content_ == other.content_; }

}  // namespace backtalk::xmlrpc
