// Functions by number, called through a table that nobody else has the address of.
// expect: changed call
// expect: warning data-copied calls
#include "kernel.h"
static int one(void) { return printk("one"); }
static int two(void) { return printk("two"); }
static int three(void) { return printk("three"); }
typedef int call_t(void);
static call_t *const calls[] = {
    one,
#ifdef PATCHED
    two,
#else
    three,
#endif
};
int call(unsigned i) { return i < 2 ? calls[i]() : printk("none"); }
call_t *volatile kept[] = {two, three};
