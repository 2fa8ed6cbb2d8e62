// Operations that nothing but this file names, but whose address it gives to objects that exist already.
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
struct node { const struct operations *operations; };
void prepare(struct node *node) { node->operations = &operations; }
struct operations spare = {open_it, open_other};
