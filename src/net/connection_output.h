#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/uio.h>

namespace backtalk {

/// Bytes on their way out, and what keeps them alive. One batch serves a whole loop: it is filled and sent within one event.
class OutputBatch {
public:
    static constexpr std::size_t pieces_max = 60;

    /// The bytes must live as long as something that is kept.
    void add(std::string_view bytes)
    {
        if (!bytes.empty())
            pieces_.push_back(iovec{const_cast<char*>(bytes.data()), bytes.size()});
    }
    void keep(std::shared_ptr<void const> owner) { owners_.push_back(std::move(owner)); }
    bool empty() const { return pieces_.empty(); }
    /// Time to send: another answer may not fit.
    bool is_full() const { return pieces_.size() + 4 > pieces_max; }

    enum class Sent { All, Part, Failed };
    /// One attempt to write. What was written leaves the batch; after All it is empty.
    Sent send(int socket);
    /// Moves what the other still holds to the end of this one.
    void append(OutputBatch& other);
    void clear();
    std::size_t taken() const { return taken_; }  ///< Bytes that the last send() got rid of.

private:
    std::vector<iovec> pieces_;
    std::size_t first_ = 0;  ///< The first piece with bytes left.
    std::vector<std::shared_ptr<void const>> owners_;
    std::size_t taken_ = 0;
};

}  // namespace backtalk
