// kpatch's macros put pointers into sections of their own: what they name is carried along.
// expect: new before_patching
// expect: warning kpatch-macros .kpatch.callbacks.pre_patch
// section: .kpatch.callbacks.pre_patch 16
// reference: limit
#include "kernel.h"
int limit = 10;
int get(void) { return limit; }
#ifdef PATCHED
struct pre_patch { int (*callback)(void *); const char *object; };
static int before_patching(void *object) {
  limit = 20;
  return printk("before\n");
}
static struct pre_patch callback_data __used __section(".kpatch.callbacks.pre_patch") = {before_patching, "vmlinux"};
#endif
