// Two functions, each with a description and its details, of the same names (us122l_create_usbmidi()
// and us144_create_usbmidi() in sound/usb/usx2y/us122l.c). Only the descriptions point to the details.
// expect: changed other
#include "kernel.h"
struct details {
  int out, in;
};
struct description {
  const char *name;
  const struct details *details;
};
int create(const struct description *);
static int create_one(int x) {
  static const struct details details = {4, 4};
  static const struct description description = {"one", &details};
  return create(&description) + x;
}
static int create_two(int x) {
  static const struct details details = {4, 4};
  static const struct description description = {"two", &details};
  return create(&description) - x;
}
int probe(int x) { return x > 0 ? create_one(x) : create_two(x); }
int other(int x) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return x;
}
