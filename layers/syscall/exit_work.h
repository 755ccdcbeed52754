#ifndef BIOTOPE_LAYERS_SYSCALL_EXIT_WORK_H_
#define BIOTOPE_LAYERS_SYSCALL_EXIT_WORK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "layers/syscall/thread_flags.h"
#include "sim/core/units.h"

namespace biotope {

// How the loop before the return to user mode goes through the flags; by kernel, see
// schema.EntryProgram.ExitWork.
enum class ExitWorkRule : uint8_t { kReschedThenNotify, kReschedOrNotify, kAll };

// What one thread flag asks for, with its price.
struct EntryWorkCost {
  ThreadFlag flag = ThreadFlag::kNeedResched;
  std::string function;      // the kernel's name
  Cycles cycles;             // its own; the switch of schedule() is the CPU model's
  bool slow_return = false;  // the return is then the slow one
};

// Models: the order in which pending work is done on the way to user mode.
//   i386 2.6.11   arch/i386/kernel/entry.S: work_pending, work_resched, work_notifysig
//   arm64 4.10    arch/arm64/kernel/signal.c: do_notify_resume
//   x86-64        arch/x86/entry/common.c: exit_to_usermode_loop; kernel/entry/common.c:
//                 exit_to_user_mode_loop
// A policy: whoever does the work clears its flag, and the flags are looked at anew before each
// pass.
class ExitWorkLoop {
 public:
  // `work`: in the order in which the kernel looks at the flags. It must outlive the loop.
  ExitWorkLoop(ExitWorkRule rule, const std::vector<EntryWorkCost>& work)
      : rule_(rule), work_(work) {}

  // Starts the next pass, with interrupts off, and says whether there is anything to do in it.
  // After the last one the thread goes to user mode.
  bool NextPass(ThreadFlags flags);
  // The next work of the pass, or null.
  const EntryWorkCost* NextWork();

  // How many passes had something to do.
  uint32_t passes() const { return passes_; }

 private:
  bool Wanted(const EntryWorkCost& work) const;

  const ExitWorkRule rule_;
  const std::vector<EntryWorkCost>& work_;
  ThreadFlags flags_;  // of this pass
  size_t next_ = 0;    // in work_
  uint32_t passes_ = 0;
  bool notified_ = false;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_EXIT_WORK_H_
