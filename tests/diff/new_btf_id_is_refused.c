// Ids are filled in when the kernel is linked.
// expect: refused btf-ids .BTF_ids
#include "kernel.h"
#define BTF_ID(name, counter)                                                                           \
  asm(".pushsection .BTF_ids,\"a\"\n.local __BTF_ID__" #name "__" #counter "\n.type __BTF_ID__" #name "__" #counter \
      ", STT_OBJECT\n.size __BTF_ID__" #name "__" #counter ", 4\n__BTF_ID__" #name "__" #counter        \
      ":\n.zero 4\n.popsection\n")
BTF_ID(struct__sock, 1);
#ifdef PATCHED
BTF_ID(struct__file, 2);
#endif
int get(int x) { return x; }
