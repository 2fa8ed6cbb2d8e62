// The only variable of no size, in a section of no size, is a new lock's class.
// expect: changed starts
#include "kernel.h"
struct lock_class_key {};
void init_lock(void *lock, const char *name, struct lock_class_key *key);
#define mutex_init(lock) ({ static struct lock_class_key __key; init_lock(lock, #lock, &__key); })
void starts(void **locks) {
  printk("starts");
#ifdef PATCHED
  mutex_init(locks[1]);
#endif
}
