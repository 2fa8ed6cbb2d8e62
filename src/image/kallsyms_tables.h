// Where the parts of kallsyms lie in a kernel without symbols.
//
// scripts/kallsyms.c writes these tables one after another into .rodata, each aligned to 8 bytes:
//
//   6.1 as released        offsets base count names markers      tokens index
//   6.2, and 6.1's later   offsets base count names markers seqs tokens index
//   stable releases
//   6.4 to 6.14            count names markers tokens index offsets base seqs
//
//   count    u32   number of symbols, n
//   offsets  u32   n addresses, see below
//   base    u64    what the offsets are relative to
//   names    n times a length (one byte, or two as ULEB128) and that many token numbers; the first
//            character of the first token is the symbol's type
//   markers  u32   where in names each 256th symbol begins
//   seqs     3 bytes each: n symbol numbers, sorted by name
//   tokens   256 strings, NUL-terminated
//   index    u16   256: where in tokens each string begins
//
// Nothing says which layout, or where. But a part predicts its neighbour's content: the index
// describes the string lengths before it, count and the place of tokens give the place of markers,
// and the markers must agree with all n lengths in names. So the search tries places, and accepts
// the first at which all of this holds; chance cannot produce it.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "image/kallsyms.h"

namespace suture::image {

/// The symbols, in table order. Fails when there are no tables, and on names that no kernel could
/// hold: empty, or of KSYM_NAME_LEN (512, include/linux/kallsyms.h) characters or more.
Result<std::vector<KernelSymbol>> read_kallsyms(ByteView rodata, std::string_view name);

}  // namespace suture::image
