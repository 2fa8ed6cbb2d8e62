// The name of a BTF id holds a counter and a line, and constants refer to it.
// expect: changed get
#include "kernel.h"
#define BTF_ID(list, name) BTF_ID_(list, __BTF_ID__##name##__, __COUNTER__, __LINE__)
#define BTF_ID_(list, name, counter, line) BTF_ID__(list, STRING(name) STRING(counter) STRING(line))
#define BTF_ID__(list, name)                                                                         \
  asm(".pushsection .BTF_ids,\"a\"\n.local " name "\n.type " name ", STT_OBJECT\n.size " name ", 4\n" \
      ".globl " #list "\n" #list ": " name ": .zero 4\n.popsection")
#ifdef PATCHED
#line 100
#endif
BTF_ID(btf_sock_ids, struct__sock);
BTF_ID(btf_file_ids, struct__file);
extern u32 btf_sock_ids[], btf_file_ids[];
const struct { u32 *id; int kind; } prototype = {btf_file_ids, 4};
int get(void) {
#ifdef PATCHED
  return (int)btf_sock_ids[0] + 1;
#else
  return (int)btf_sock_ids[0];
#endif
}
