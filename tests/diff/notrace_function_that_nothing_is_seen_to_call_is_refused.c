// A way into it that the object does not show (another section's short jump, a name looked up at run time) cannot be
// closed: a live patch that only carried the new code would change nothing.
// expect: refused no-fentry hidden
#include "kernel.h"
static notrace __attribute__((used)) int hidden(int x) {
#ifdef PATCHED
  if (x == 4) return 0;
#endif
  return printk("hidden %d\n", x);
}
