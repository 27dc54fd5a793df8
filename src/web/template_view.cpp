#include "web/template_view.h"

namespace backtalk::web {

std::optional<std::size_t> Schema::find(std::string_view field_name) const
{
    for (std::size_t i = 0; i < fields_.size(); ++i)
        if (fields_[i].name == field_name)
            return i;
    return std::nullopt;
}

std::uint16_t Schema::add(std::string_view field_name, FieldKind kind, Schema const* of)
{
    assert(!find(field_name));
    fields_.push_back({field_name, kind, of});
    return static_cast<std::uint16_t>(fields_.size() - 1);
}

View& View::set(ObjectField const& field, View object)
{
    assert(field.owner().fields()[field.index()].of == object.schema_);
    std::vector<View> one;
    one.push_back(std::move(object));
    value(field).emplace<std::vector<View>>(std::move(one));
    return *this;
}

View& View::hold(ObjectField const& field, View const& object)
{
    assert(field.owner().fields()[field.index()].of == object.schema_);
    value(field).emplace<View const*>(&object);
    return *this;
}

View& View::set(ListField const& field, std::vector<View> list)
{
    for ([[maybe_unused]] View const& item : list)
        assert(field.owner().fields()[field.index()].of == item.schema_);
    value(field).emplace<std::vector<View>>(std::move(list));
    return *this;
}

View& View::add(ListField const& field)
{
    Value& list = value(field);
    if (!std::holds_alternative<std::vector<View>>(list))
        list.emplace<std::vector<View>>();
    return std::get<std::vector<View>>(list).emplace_back(*field.owner().fields()[field.index()].of);
}

View& View::make(ObjectField const& field)
{
    auto& one = value(field).emplace<std::vector<View>>();
    return one.emplace_back(*field.owner().fields()[field.index()].of);
}

std::string_view View::text_at(std::size_t index) const
{
    if (auto const* owned = std::get_if<std::string>(&values_[index]))
        return *owned;
    if (auto const* held = std::get_if<std::string_view>(&values_[index]))
        return *held;
    return {};
}

std::int64_t View::number_at(std::size_t index) const
{
    auto const* number = std::get_if<std::int64_t>(&values_[index]);
    return number ? *number : 0;
}

std::span<View const> View::list_at(std::size_t index) const
{
    if (auto const* list = std::get_if<std::vector<View>>(&values_[index]))
        return *list;
    if (auto const* held = std::get_if<View const*>(&values_[index]))
        return {*held, 1};
    return {};
}

bool View::truth_at(std::size_t index) const
{
    switch (schema_->fields()[index].kind) {
    case FieldKind::Text:
    case FieldKind::Html:
    case FieldKind::Url:
    case FieldKind::Json: return !text_at(index).empty();
    case FieldKind::Flag:
    case FieldKind::Number: return number_at(index) != 0;
    case FieldKind::List:
    case FieldKind::Object: return !list_at(index).empty();
    }
    return false;
}

}  // namespace backtalk::web
