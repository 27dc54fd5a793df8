#include "store/lesson_text.h"

#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"

namespace backtalk::store {

namespace {

template <class T> bool read_whole(std::string_view text, T& value, auto... how)
{
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, how...);
    return error == std::errc() && end == text.data() + text.size();
}

bool read_remembered(std::string_view line, Lesson& lesson)
{
    std::array<std::string_view, 3> parts;
    for (std::string_view& part : parts) {
        std::size_t const blank = line.find(' ');
        if (blank == std::string_view::npos)
            return false;
        part = line.substr(0, blank);
        line.remove_prefix(blank + 1);
    }
    Lesson::Remembered remembered{std::string(parts[0]), std::string(line), 0, 0};
    if (!read_whole(parts[1], remembered.good) || !read_whole(parts[2], remembered.bad))
        return false;
    lesson.remembered.push_back(std::move(remembered));
    return true;
}

bool read(std::string_view text, Lesson& lesson)
{
    std::vector<std::string_view> const lines = split(text, '\n');
    if (lines.size() < 2 || !read_whole(lines[0], lesson.step))
        return false;
    std::uint32_t bucket = 0;
    if (!lines[1].empty())
        for (std::string_view const word : split(lines[1], ' ')) {
            std::uint32_t distance = 0;
            if (!read_whole(word, distance, 16))
                return false;
            lesson.buckets.push_back(bucket += distance);
        }
    for (std::size_t i = 2; i < lines.size(); ++i)
        if (!read_remembered(lines[i], lesson))
            return false;
    return true;
}

}  // namespace

std::string text_of(Lesson const& lesson)
{
    std::string text = fmt::format("{}\n", lesson.step);
    std::uint32_t before = 0;
    for (std::uint32_t const bucket : lesson.buckets) {
        fmt::format_to(std::back_inserter(text), "{}{:x}", before == 0 ? "" : " ", bucket - before);
        before = bucket;
    }
    for (Lesson::Remembered const& each : lesson.remembered)
        fmt::format_to(std::back_inserter(text), "\n{} {} {} {}", each.kind, each.good, each.bad, each.subject);
    return text;
}

Result<void> read_lesson(std::string_view text, Lesson& lesson)
{
    if (!text.empty() && !read(text, lesson))
        return failure(ErrorCode::Internal, "the store holds an unknown lesson: run backtalk doctor");
    return {};
}

}  // namespace backtalk::store
