#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backtalk::cli {

/// A command's input and output: this process's own, or those of a command line that asked a running server (see control.h).
class Streams {
public:
    Streams(int input, int output, int errors) : input_(input), output_(output), errors_(errors) { }

    void print(std::string_view text);  ///< To standard output.
    void error(std::string_view text);  ///< To standard error.
    bool errors_are_a_terminal() const;
    /// Overwrites one line on the terminal; nothing where standard error is none.
    void progress(std::string_view line);
    void end_progress();

    /// Files that the asking process has opened under its own rights.
    void lend(std::string path, int descriptor) { lent_[std::move(path)] = descriptor; }
    /// The whole of a file; "-" is standard input. Errors: NotFound, TooLarge.
    Result<std::string> read_file(std::string const& path, std::uint64_t bytes_max);
    /// A reader of a file piece by piece (1 MiB), and its size.
    struct OpenFile {
        std::function<Result<std::string>()> next;
        std::uint64_t bytes;
    };
    Result<OpenFile> open_file(std::string const& path);

private:
    Result<int> descriptor_of(std::string const& path);

    int input_;
    int output_;
    int errors_;
    bool progress_shown_ = false;
    std::map<std::string, int> lent_;
};

/// A JSON object on one line. `JsonLine().add("id", 3).add("title", title).str()`
class JsonLine {
public:
    JsonLine& add(std::string_view name, std::string_view text);
    JsonLine& add(std::string_view name, char const* text) { return add(name, std::string_view(text)); }
    JsonLine& add(std::string_view name, std::int64_t number);
    JsonLine& add_real(std::string_view name, double number);  ///< Six digits after the point.
    JsonLine& add_flag(std::string_view name, bool value);
    JsonLine& add_null(std::string_view name);
    JsonLine& add_list(std::string_view name, std::vector<std::string> const& texts);
    JsonLine& add_objects(std::string_view name, std::vector<std::string> const& objects);  ///< Each a JSON text.
    std::string object() const { return "{" + members_ + "}"; }
    std::string str() const { return object() + "\n"; }

private:
    void begin(std::string_view name);
    std::string members_;
};

}  // namespace backtalk::cli
