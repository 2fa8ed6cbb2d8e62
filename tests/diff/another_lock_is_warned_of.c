// The same calls as before, but of another lock, and in another order.
// expect: changed swaps
// expect: changed turns
// expect: changed waits
// expect: warning lock-change swaps
// expect: warning lock-change turns
// expect: warning lock-change waits
#include "kernel.h"
extern int one, other;
void spin_lock(int *);
void down(int *);
int swaps(int x) {
#ifdef PATCHED
  mutex_lock(&other);
#else
  mutex_lock(&one);
#endif
  return printk("%d\n", x);
}
int turns(int x) {
#ifdef PATCHED
  mutex_lock(&one);
  spin_lock(&other);
#else
  spin_lock(&other);
  mutex_lock(&one);
#endif
  return printk("%d\n", x);
}
int waits(int *semaphore) {
#ifndef PATCHED
  down(semaphore);
#endif
  return printk("%d\n", *semaphore);
}
