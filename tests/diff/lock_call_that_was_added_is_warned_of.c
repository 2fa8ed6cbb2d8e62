// The new code takes a lock around what the old code does without.
// expect: changed counts
// expect: warning lock-change counts
#include "kernel.h"
extern void *mutex;
static int count;
int counts(int x) {
#ifdef PATCHED
  mutex_lock(&mutex);
#endif
  count += x;
  printk("%d\n", count);
#ifdef PATCHED
  mutex_unlock(&mutex);
#endif
  return 0;
}
