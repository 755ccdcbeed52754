// Models: the beginning of io_submit in its two versions: fs/aio.c do_io_submit until 4.17
// (access_ok over the whole array, before the context is looked up) and SYSCALL_DEFINE3(io_submit)
// since 4.18 (context first, each pointer when its turn comes, nr clamped to the events of the
// ring).

#include "layers/aio/submit_order.h"

#include <algorithm>

namespace biotope {

int BeginSubmit(AioRules::Submit rule, const IocbArray& array, uint32_t ring_events, int64_t* nr) {
  if (*nr < 0) return EINVAL;
  switch (rule) {
    case AioRules::Submit::kWholeArray:
      *nr = std::min<int64_t>(*nr, INT64_MAX / static_cast<int64_t>(sizeof(uint64_t)));
      if (!IsUserSpace(array.pointer) || (array.reaches_kernel && *nr > 0)) return EFAULT;
      return ring_events == 0 ? EINVAL : 0;
    case AioRules::Submit::kEachPointer:
      if (ring_events == 0) return EINVAL;
      *nr = std::min<int64_t>(*nr, ring_events);
      break;
  }
  return 0;
}

}  // namespace biotope
