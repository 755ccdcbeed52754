#include "layers/syscall/exit_work.h"

namespace biotope {

bool ExitWorkLoop::NextPass(ThreadFlags flags) {
  flags_ = flags;
  next_ = 0;
  // 2.6 returns after do_notify_resume without another look: what came up meanwhile waits for the
  // next interrupt or system call.
  if (rule_ == ExitWorkRule::kReschedThenNotify && notified_) flags_ = ThreadFlags();
  for (const EntryWorkCost& work : work_) {
    if (!Wanted(work)) continue;
    ++passes_;
    notified_ = work.flag != ThreadFlag::kNeedResched;
    return true;
  }
  return false;
}

const EntryWorkCost* ExitWorkLoop::NextWork() {
  while (next_ < work_.size()) {
    const EntryWorkCost& work = work_[next_++];
    if (Wanted(work)) return &work;
  }
  return nullptr;
}

// schedule() has its pass for itself, except where everything that is pending is done in one.
bool ExitWorkLoop::Wanted(const EntryWorkCost& work) const {
  if (!flags_.Has(work.flag)) return false;
  return rule_ == ExitWorkRule::kAll || work.flag == ThreadFlag::kNeedResched ||
         !flags_.Has(ThreadFlag::kNeedResched);
}

}  // namespace biotope
