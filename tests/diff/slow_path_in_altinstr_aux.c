// static_cpu_has(): until alternatives are applied, code in .altinstr_aux decides. It jumps back
// into the function, and goes along.
// expect: changed checks
// section: .altinstr_aux 18
// section: .altinstructions 12
#include "kernel.h"
extern u32 boot_cpu_capability[20];
static __always_inline bool static_cpu_has(u16 bit) {
  asm goto(
      "1: jmp 6f\n.pushsection .altinstructions,\"a\"\n.long 1b - ., 0\n.word %c[feature]\n.byte 2, 0\n.popsection\n"
      ".pushsection .altinstr_aux,\"ax\"\n6: testb %[mask], %[cap]\njnz %l[yes]\njmp %l[no]\n.popsection"
      : : [feature] "i"(bit), [mask] "i"(1 << (bit & 7)), [cap] "m"(((const char *)boot_cpu_capability)[bit >> 3])
      : : yes, no);
yes:
  return true;
no:
  return false;
}
int checks(int x) {
#ifdef PATCHED
  if (x == 3) return 0;
#endif
  return static_cpu_has(39) ? printk("yes\n") : printk("no!!\n") + x;
}
int checks_too(int x) { return static_cpu_has(40) ? x : 0; }
