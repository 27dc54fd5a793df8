#include "cli/run.h"

int main(int argc, char* argv[]) { return backtalk::cli::run(std::vector<std::string>(argv + 1, argv + argc)); }
