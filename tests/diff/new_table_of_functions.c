// A new constant table holds a new function, an old one and a changed one.
// expect: changed choose
// expect: changed old_and_changed
// expect: new fresh
// expect: warning escaping-pointer operations
// reference: old
// reference: old_and_changed
#include "kernel.h"
static int old(int x) { return printk("old %d\n", x); }
static int old_and_changed(int x) {
#ifdef PATCHED
  if (!x) return 0;
#endif
  return printk("changed %d\n", x);
}
int (*const keep[])(int) = {old, old_and_changed};
#ifdef PATCHED
static int fresh(int x) { return printk("new %d\n", x); }
static int (*const operations[])(int) = {fresh, old, old_and_changed};
#endif
int choose(int i) {
#ifdef PATCHED
  return operations[i](i);
#else
  return keep[i](i);
#endif
}
