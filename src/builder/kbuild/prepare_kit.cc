#include "builder/kbuild/prepare_kit.h"

#include "base/parallel.h"
#include "builder/compile/scaffold.h"
#include "builder/shipped.h"
#include "builder/sources/includers.h"

namespace suture::builder {

Status prepare_kit(const kit::Kit& kit) {
  return for_each_parallel(3, [&](std::size_t i) -> Status {
    switch (i) {
      case 0:
        TRY(compile_scaffold(kit));
        break;
      case 1:
        TRY(ShippedFiles::open(kit));
        break;
      default:
        TRY(Includers::open(kit));
    }
    return {};
  });
}

}  // namespace suture::builder
