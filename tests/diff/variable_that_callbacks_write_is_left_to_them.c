// The fix changes a default, and says that callbacks of its own write the new value.
// expect: new write
// expect: warning data-written limit
// reference: limit
#include "kernel.h"
#ifdef PATCHED
int limit = 200;
#else
int limit = 100;
#endif
int get(void) { return limit; }
#ifdef PATCHED
static int write(void *object) { limit = 200; return 0; }
static int (*const suture_pre_patch)(void *) __attribute__((__used__, __section__(".suture.pre_patch"))) = write;
static const void *const suture_written __attribute__((__used__, __section__(".suture.written"))) = &limit;
#endif
