#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace backtalk::web {

/// What a template may do with a field.
enum class FieldKind : std::uint8_t {
    Text,    ///< Escaped for wherever it stands.
    Html,    ///< Markup of our own or the sanitizer's: the only kind that {{{raw}}} accepts.
    Url,     ///< Text; in href, src, action, cite … only http, https, mailto and relative references come through.
    Json,    ///< A whole JSON text, for <script type="application/ld+json"> only.
    Flag,    ///< For sections only.
    Number,  ///< Decimal; 0 is false.
    List,    ///< A section repeats for each.
    Object,  ///< A section enters it, and so does a dotted name. Absent is false.
};

class Schema;

/// A field of one Schema; made only as its member, so that it cannot be misspelt in C++.
template <FieldKind kind> class FieldOf {
public:
    FieldOf(Schema& owner, std::string_view name);
    FieldOf(Schema& owner, std::string_view name, Schema const& of)
        requires(kind == FieldKind::List || kind == FieldKind::Object);

    Schema const& owner() const { return *owner_; }
    std::size_t index() const { return index_; }

private:
    Schema const* owner_;
    std::uint16_t index_;
};

using TextField = FieldOf<FieldKind::Text>;
using HtmlField = FieldOf<FieldKind::Html>;
using UrlField = FieldOf<FieldKind::Url>;
using JsonField = FieldOf<FieldKind::Json>;
using FlagField = FieldOf<FieldKind::Flag>;
using NumberField = FieldOf<FieldKind::Number>;
using ListField = FieldOf<FieldKind::List>;
using ObjectField = FieldOf<FieldKind::Object>;

/// The names that templates may use, and their kinds. One constant object for each kind of page or part; its fields are its
/// members:
///
///     struct LinkSchema : Schema {
///         LinkSchema() : Schema("link") {}
///         TextField const name{*this, "name"};
///         UrlField const url{*this, "url"};
///     };
class Schema {
public:
    struct Field {
        std::string_view name;
        FieldKind kind;
        Schema const* of;  ///< Of lists and objects: what is in them.
    };

    Schema(Schema const&) = delete;
    Schema& operator=(Schema const&) = delete;

    std::string_view name() const { return name_; }
    std::span<Field const> fields() const { return fields_; }
    std::optional<std::size_t> find(std::string_view field_name) const;

protected:
    explicit Schema(std::string_view name) : name_(name) { }
    ~Schema() = default;

private:
    template <FieldKind kind> friend class FieldOf;
    std::uint16_t add(std::string_view field_name, FieldKind kind, Schema const* of);

    std::string_view name_;
    std::vector<Field> fields_;
};

/// The one object of a Schema.
template <class S> S const& schema()
{
    static S const the_schema;
    return the_schema;
}

template <FieldKind kind>
FieldOf<kind>::FieldOf(Schema& owner, std::string_view name) : owner_(&owner), index_(owner.add(name, kind, nullptr))
{
}

template <FieldKind kind>
FieldOf<kind>::FieldOf(Schema& owner, std::string_view name, Schema const& of)
    requires(kind == FieldKind::List || kind == FieldKind::Object)
    : owner_(&owner), index_(owner.add(name, kind, &of))
{
}

/// The values of one Schema's fields for one rendering; what was not set is empty, false, 0 or absent.
/// Texts are valid UTF-8. set() copies or moves in; hold() keeps a reference, which must live until the rendering is done.
class View {
public:
    explicit View(Schema const& schema) : schema_(&schema), values_(schema.fields().size()) { }

    Schema const& schema() const { return *schema_; }

    template <FieldKind kind, class T>
        requires(kind <= FieldKind::Json && std::convertible_to<T, std::string_view>)
    View& set(FieldOf<kind> const& field, T&& text)
    {
        if constexpr (std::is_same_v<T, std::string>)
            value(field).template emplace<std::string>(std::forward<T>(text));
        else
            value(field).template emplace<std::string>(std::string_view(text));
        return *this;
    }
    template <FieldKind kind>
        requires(kind <= FieldKind::Json)
    View& hold(FieldOf<kind> const& field, std::string_view text)
    {
        value(field).template emplace<std::string_view>(text);
        return *this;
    }
    View& set(FlagField const& field, bool on)
    {
        value(field).emplace<std::int64_t>(on ? 1 : 0);
        return *this;
    }
    View& set(NumberField const& field, std::int64_t number)
    {
        value(field).emplace<std::int64_t>(number);
        return *this;
    }
    View& set(ObjectField const& field, View object);
    View& hold(ObjectField const& field, View const& object);
    View& set(ListField const& field, std::vector<View> list);
    /// A new, empty item at the end of the list. The reference is valid until the next add() to this list.
    View& add(ListField const& field);
    /// A new, empty object in the field.
    View& make(ObjectField const& field);

    // What the renderer reads. The index is one of this View's Schema.
    std::string_view text_at(std::size_t index) const;
    std::int64_t number_at(std::size_t index) const;
    std::span<View const> list_at(std::size_t index) const;  ///< Of an object: none or one.
    bool truth_at(std::size_t index) const;

private:
    // A list and an object of our own are both a vector; an object that is held is a pointer.
    using Value = std::variant<std::monostate, std::string_view, std::string, std::int64_t, std::vector<View>, View const*>;

    template <FieldKind kind> Value& value(FieldOf<kind> const& field)
    {
        assert(&field.owner() == schema_);
        return values_[field.index()];
    }

    Schema const* schema_;
    std::vector<Value> values_;
};

}  // namespace backtalk::web
