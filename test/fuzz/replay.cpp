// Runs a fuzz target over the files of a folder, each in a buffer of exactly its size.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size);

int main(int argc, char* argv[])
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    int files = 0;
    for (auto const& file : std::filesystem::directory_iterator(argv[1])) {
        std::ifstream stream(file.path(), std::ios::binary);
        std::vector<char> const read((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
        auto const bytes = std::make_unique<std::uint8_t[]>(read.size());
        std::copy(read.begin(), read.end(), bytes.get());
        LLVMFuzzerTestOneInput(bytes.get(), read.size());
        ++files;
    }
    std::printf("%d inputs\n", files);
    return files > 0 ? 0 : 1;
}
