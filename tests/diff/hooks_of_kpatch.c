// The same in its older form: load hooks, and new global functions.
// expect: new on_load
// expect: new on_unload
// expect: warning kpatch-macros .kpatch.hooks.load
// expect: warning kpatch-macros .kpatch.hooks.unload
#include "kernel.h"
int limit = 10;
int get(void) { return limit; }
#ifdef PATCHED
static int before;
void on_load(void) {
  before = limit;
  limit = 20;
}
void on_unload(void) { limit = before; }
static void *load_data __used __section(".kpatch.hooks.load") = on_load;
static void *unload_data __used __section(".kpatch.hooks.unload") = on_unload;
#endif
