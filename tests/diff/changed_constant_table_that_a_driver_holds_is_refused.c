// A list of ids has one more entry; the driver that the running kernel knows points to the old list.
// expect: refused data-changed ids
#include "kernel.h"
static const int ids[] = {
    1, 2,
#ifdef PATCHED
    3,
#endif
    0};
struct driver { const char *name; const int *ids; };
struct driver driver = {"driver", ids};
int first(void) { return ids[printk("")]; }
