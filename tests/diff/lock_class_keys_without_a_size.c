// Without lockdep a lock's class is a variable of no size; many share one address.
// expect: changed starts
#include "kernel.h"
struct lock_class_key {};
void init_lock(void *lock, const char *name, struct lock_class_key *key);
#define mutex_init(lock) ({ static struct lock_class_key __key; init_lock(lock, #lock, &__key); })
void starts(void **locks) {
  mutex_init(locks[0]);
#ifdef PATCHED
  mutex_init(locks[1]);
#endif
  mutex_init(locks[2]);
}
void starts_too(void **locks) { mutex_init(locks[0]); }
