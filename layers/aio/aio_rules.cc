// Models: fs/aio.c of Linux 2.6.11, 4.17 and 6.18, as far as they differ. What is recorded
// of 2.6.11 and 6.18 (every row of their tables of errors) holds; 4.17 is after its source. Left
// out on purpose: io_pgetevents, the 32-bit calls.

#include "layers/aio/aio_rules.h"

#include <cerrno>

namespace biotope {

const AioRules& AioRules2_6_11() {
  static constexpr AioRules kRules = {
      .ring = AioRules::Ring::kExact,
      .submit = AioRules::Submit::kWholeArray,
      .iocb_checks = AioRules::IocbChecks::k2_6_11,
      // A guess; recorded is only that 0x800000 events are too many, so more than 32.
      .kiocb_size = 256,
      .timeout_read_first = false,
      .event_lost_on_fault = true,
      .wakes_at_min_nr = false,
      .cancel_checks_key = false,
      .cannot_cancel = EAGAIN,
      .retries_short_reads = true,
      .plug_above = UINT32_MAX,
  };
  return kRules;
}

const AioRules& AioRules4_17() {
  static constexpr AioRules kRules = {
      .ring = AioRules::Ring::kPerCpuBatches,
      .submit = AioRules::Submit::kWholeArray,
      .iocb_checks = AioRules::IocbChecks::k4_17,
      .kiocb_size = 0,
      .timeout_read_first = true,
      .event_lost_on_fault = false,
      .wakes_at_min_nr = false,
      .cancel_checks_key = false,
      .cannot_cancel = EINVAL,
      .retries_short_reads = false,
      .plug_above = 0,
  };
  return kRules;
}

const AioRules& AioRules6_18() {
  static constexpr AioRules kRules = {
      .ring = AioRules::Ring::kPerCpuBatches,
      .submit = AioRules::Submit::kEachPointer,
      .iocb_checks = AioRules::IocbChecks::k6_18,
      .kiocb_size = 0,
      .timeout_read_first = true,
      .event_lost_on_fault = false,
      .wakes_at_min_nr = true,
      .cancel_checks_key = true,
      .cannot_cancel = EINVAL,
      .retries_short_reads = false,
      .plug_above = 2,  // AIO_PLUG_THRESHOLD
  };
  return kRules;
}

}  // namespace biotope
