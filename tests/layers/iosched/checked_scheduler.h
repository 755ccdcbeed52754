#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_CHECKED_SCHEDULER_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_CHECKED_SCHEDULER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "layers/iosched/io_scheduler.h"

namespace biotope {

// Stands before a scheduler and holds it to the contract of IoScheduler at every call. What it does
// wrong is noted in `violations`, and kept away from the caller as far as possible.
class CheckedScheduler : public IoScheduler {
 public:
  CheckedScheduler(std::unique_ptr<IoScheduler> scheduler, std::vector<std::string>& violations);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override { scheduler_->Merged(request, kind); }
  Request* Former(Request& request) override;
  Request* Latter(Request& request) override;
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  Request& Reconsider(Request& request, Tick now) override;
  void Removed(Request& request) override { scheduler_->Removed(request); }
  void Completed(const Request& request, Tick now) override;
  void TaskExited(uint16_t task, Tick now) override { scheduler_->TaskExited(task, now); }
  std::optional<Tick> NextWakeup() const override { return scheduler_->NextWakeup(); }
  bool HasWork() const override;
  uint32_t LimitDepth(const NewRequest& request, uint32_t nr_requests) const override {
    return scheduler_->LimitDepth(request, nr_requests);
  }
  Request* FindInsertMerge(const Request& request, bool again) override;
  void InsertAtHead(Request& request, Tick now) override;
  void SetDispatchBusy(bool busy) override { scheduler_->SetDispatchBusy(busy); }

  // Requests that it must still dispatch.
  size_t held() const { return held_.size(); }

 private:
  bool Holds(const Request& request) const { return held_.contains(&request); }
  Request* CheckedNeighbour(const Request& request, Request* neighbour);
  void NoteDispatched(Request& request);
  void CheckIdle(Tick now);
  void CheckBios(const Request& request);
  void CheckHasWork();

  std::vector<std::string>& violations_;
  std::set<const Request*> held_;
  size_t in_flight_ = 0;
  std::unique_ptr<IoScheduler> scheduler_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_CHECKED_SCHEDULER_H_
