#include "sim/core/check.h"

#include <cstdio>
#include <cstdlib>

namespace biotope::internal {

void CheckFailed(const char* file, int line, const char* condition, const std::string& message) {
  std::fprintf(stderr, "%s:%d: internal error: %s: %s\n", file, line, condition, message.c_str());
  std::abort();
}

}  // namespace biotope::internal
