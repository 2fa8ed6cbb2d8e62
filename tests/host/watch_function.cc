// watch_function FUNCTION: has a BPF program called at the entry of a function of the kernel, until it is killed.
#include <unistd.h>

#include <cstdio>

#include "attach_bpf.h"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const auto link = suture::attach_bpf(suture::host::Root(), arguments[1]);
  if (!link) {
    std::fprintf(stderr, "%s\n", link.error().describe().c_str());
    return 1;
  }
  std::puts("watching");
  std::fflush(stdout);
  while (true) ::pause();
}
