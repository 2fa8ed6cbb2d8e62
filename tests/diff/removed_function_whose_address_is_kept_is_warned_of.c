// A destructor that objects keep the address of is split in two: those that exist run the old one.
// expect: changed prepare
// expect: new release
// expect: warning escaping-pointer prepare
// expect: warning old-code-kept destruct
#include "kernel.h"
struct object { void (*destructor)(struct object *); };
#ifdef PATCHED
static void release(struct object *object) { printk("release %p\n", object); }
#else
static void destruct(struct object *object) { printk("destruct %p\n", object); }
#endif
void prepare(struct object *object) {
#ifdef PATCHED
  object->destructor = release;
#else
  object->destructor = destruct;
#endif
}
