// What module_init() names, but not __init: it can be replaced, and has run where the module is loaded.
// expect: changed start
// expect: warning has-run start
#include "kernel.h"
int start(void) {
#ifdef PATCHED
  return printk("fixed\n");
#else
  return printk("start\n");
#endif
}
int init_module(void) __attribute__((alias("start")));
