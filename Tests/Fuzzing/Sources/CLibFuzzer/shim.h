#include <stddef.h>
#include <stdint.h>

// Of LLVM's libFuzzer: calls `callback` with inputs of its own until the time or the runs that its arguments name are
// over, or an input ends the process.
int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
