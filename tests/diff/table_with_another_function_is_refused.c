// An operation was replaced in a table of functions that others hold pointers to.
// expect: refused data-changed operations
#include "kernel.h"
static int open_it(void) { return 1; }
static int open_other(void) { return 2; }
struct operations { int (*open)(void), (*close)(void); };
const struct operations operations = {
#ifdef PATCHED
    .open = open_other,
#else
    .open = open_it,
#endif
    .close = open_other,
};
const struct operations spare = {open_it, open_other};
