#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "importers/import_problem.h"
#include "importers/movable_type_record.h"
#include "importers/reported_once.h"

namespace backtalk::importers {

/// Takes what a MovableTypeReader finds, in the order of the file; the problems of a record come before the record.
class MovableTypeSink {
public:
    virtual ~MovableTypeSink() = default;
    virtual void on_record(MovableTypeRecord record) = 0;
    virtual void on_problem(ImportProblem problem) = 0;
};

struct MovableTypeOptions {
    /// For records without a STATUS line. What may never have been public stays a draft.
    MovableTypeStatus status_if_absent = MovableTypeStatus::Draft;
    /// A record is cut here. It bounds the memory: about twice this for the longest record, a few MiB for usual ones.
    std::size_t record_bytes_max = std::size_t{64} << 20;
    /// Comments, and as many pings, that one record may have.
    std::size_t feedback_max = 200'000;
    /// Categories, tags and unknown fields that one record may have, each.
    std::size_t labels_max = 1000;
};

/// Reads the Movable Type import/export format from pieces of any size. Takes linear time, and there is no input it refuses:
/// what cannot be read is reported by line, and reading goes on.
///
/// Records end at a line of eight dashes, sections at one of five; line ends are LF, CRLF or CR, also mixed; a BOM is
/// dropped. NB: other readers cut a text that holds such a line of dashes. Here what follows decides: five dashes end a section
/// only before the name of a section, eight dashes end an unclosed section only before the headers of a record. A tab behind
/// the dashes (Movable Type 9 writes it to protect them) is taken away.
///
/// Format: https://movabletype.org/documentation/appendices/import-export-format.html
class MovableTypeReader {
public:
    /// `sink` must outlive the reader.
    explicit MovableTypeReader(MovableTypeSink& sink, MovableTypeOptions options = {});

    /// UTF-8 in pieces that may end anywhere. Bytes that are not UTF-8 go through as they are.
    void feed(std::string_view utf8_chunk);
    /// The file has ended. Nothing may be fed afterwards.
    void finish();

    std::size_t lines() const { return line_number_; }  ///< Lines read so far.

private:
    enum class Place { Headers, Text, Closed };
    /// Eight dashes in an open section: the end of the record if headers follow, else text.
    struct Doubtful {
        std::size_t begin = 0;  ///< Offset of the dashes in buffer_.
        std::size_t end = 0;    ///< Offset of the line behind them.
        std::size_t line = 0;   ///< The number of the dashes' line.
        int headers = 0;        ///< Lines seen since that look like headers.
        bool active = false;
    };

    void feed_piece(std::string_view piece);
    void append_with_line_feeds(std::string_view piece);
    void scan();
    void take_line(std::size_t begin, std::size_t end);
    void take_separator(std::size_t begin, std::size_t end);
    void settle_doubt(std::string_view line);
    void end_record(std::size_t text_end, std::size_t next_begin, std::size_t next_line);
    bool is_over_limit(std::size_t end) const { return end - begin_ > options_.record_bytes_max; }
    void skip_bom();
    void cut_record(std::size_t line_end);
    void drop_consumed();
    void emit(std::string_view text);

    MovableTypeSink& sink_;
    MovableTypeOptions options_;
    ReportedOnce reported_;

    std::string buffer_;
    std::size_t begin_ = 0;        ///< Where the record under way begins.
    std::size_t line_begin_ = 0;   ///< Where the line under way begins.
    std::size_t searched_ = 0;     ///< No line feed between line_begin_ and here.
    std::size_t record_line_ = 1;  ///< The number of the line at begin_.
    std::size_t line_number_ = 0;  ///< Complete lines so far.
    Place place_ = Place::Headers;
    Doubtful doubtful_;
    bool at_start_ = true;   ///< There may be a BOM.
    bool after_cr_ = false;  ///< A line feed that comes next belongs to the line end already taken.
    bool skipping_ = false;  ///< Behind the cut of a record that is too long.
};

}  // namespace backtalk::importers
