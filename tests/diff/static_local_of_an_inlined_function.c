// The variable's own function exists only inside others; the fix gives it one more caller.
// expect: changed log_config
// expect: changed log_lost
// expect: new check_once_more
// reference: last_check
// reference: messages
#include "kernel.h"
extern int limit;
#ifdef PATCHED
void note(void);
#endif
static inline int rate_check(void) {
  static u64 last_check = 1;
  static int messages = 2;
#ifdef PATCHED
  printk("check\n");
#endif
  if (!limit) return 1;
  if (++messages < limit) return 1;
  if (jiffies - last_check > 250) {
    last_check = jiffies;
    messages = 0;
    return 1;
  }
  return 0;
}
#ifdef PATCHED
noinline void check_once_more(void) { rate_check(); }
#endif
int log_lost(int x) { return rate_check() ? x : -1; }
int log_config(int x) {
#ifdef PATCHED
  check_once_more();
#endif
  return x + 1;
}
