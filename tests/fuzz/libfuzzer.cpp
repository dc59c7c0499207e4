// The driver under libFuzzer: --target=NAME chooses; libFuzzer itself passes over words that begin with two
// dashes.
#include "tests/fuzz/target.h"

#include <cstdint>

using namespace glasspost::fuzz;

namespace {

const Target *chosen = nullptr;

} // namespace

extern "C" int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    for (int i = 1; i < *argc; ++i) {
        const QByteArrayView word((*argv)[i]);
        for (const Target &target : targets()) {
            if (word == QByteArray("--target=") + target.name)
                chosen = &target;
        }
    }
    if (!chosen)
        std::fprintf(stderr, "usage: fuzz --target=NAME [libFuzzer's options]\n");
    return chosen ? 0 : (std::exit(64), 1);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    chosen->run(QByteArrayView(data, qsizetype(size)));
    return 0;
}
