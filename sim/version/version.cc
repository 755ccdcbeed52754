#include "sim/version/version.h"

#include "sim/version/stamp.inc"

namespace biotope {

std::string_view Version() { return BIOTOPE_STAMP_VERSION; }

std::string_view Commit() { return BIOTOPE_STAMP_COMMIT; }

bool Dirty() { return BIOTOPE_STAMP_DIRTY != 0; }

std::string_view BuildMode() {
#ifdef __SANITIZE_ADDRESS__
  return BIOTOPE_STAMP_MODE "+asan";
#else
  return BIOTOPE_STAMP_MODE;
#endif
}

}  // namespace biotope
