// A list that is only read while files are made from it; but each file keeps the operations that it leads to.
// expect: refused data-changed operations
#include "kernel.h"
struct operations { int (*open)(void), (*close)(void); };
static int open_it(void) { return printk("it"); }
static int open_other(void) { return printk("other"); }
static const struct operations operations = {
#ifdef PATCHED
    .open = open_other,
#else
    .open = open_it,
#endif
    .close = open_other,
};
struct file { const char *name; const struct operations *operations; };
int make_files(const struct file *files);
int prepare(void) {
  static const struct file files[] = {{"a", &operations}, {0}};
  return make_files(files) + 1;
}
struct operations spare = {open_it, open_other};
