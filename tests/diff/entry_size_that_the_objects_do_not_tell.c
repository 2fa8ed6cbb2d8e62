// Of these alternatives one has no replacement, so that its entry has another number of relocations than the others:
// how long an entry is has to be said.
// options: --entry-size .altinstructions=12
// expect: changed checks
// section: .altinstructions 12
// section: .altinstr_replacement 3
#include "kernel.h"
int bare(int x) {
  asm volatile("1: nop\n.pushsection .altinstructions,\"a\"\n.long 1b - ., 0\n.word 3\n.byte 1, 0\n.popsection");
  return x;
}
int checks(int x) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  asm volatile(ALTERNATIVE("nop\nnop\nnop", "clac", 1));
  return x;
}
int second(int x) { asm volatile(ALTERNATIVE("nop\nnop\nnop", "stac", 2)); return x; }
int third(int x) { asm volatile(ALTERNATIVE("nop\nnop\nnop", "stac", 2)); return x; }
int fourth(int x) { asm volatile(ALTERNATIVE("nop\nnop\nnop", "stac", 2)); return x; }
int fifth(int x) { asm volatile(ALTERNATIVE("nop\nnop\nnop", "stac", 2)); return x; }
