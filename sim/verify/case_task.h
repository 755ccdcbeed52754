#ifndef BIOTOPE_SIM_VERIFY_CASE_TASK_H_
#define BIOTOPE_SIM_VERIFY_CASE_TASK_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/verify/case_observer.h"
#include "sim/verify/file_bytes.h"
#include "sim/verify/operation.h"
#include "sim/verify/recorded_case.h"
#include "sim/world/task.h"

namespace biotope {

class CaseTask;

// Who does what when: the recorder's parent process, which hands one line of ops.txt after the
// other to the process that it names and waits until it is done, unless the line says otherwise.
class CaseSchedule {
 public:
  CaseSchedule(const std::vector<Operation>& operations, CaseObserver& observer)
      : operations_(operations), observer_(observer), results_(operations.size()) {}

  // What the operations returned; those that have not run have no result.
  const std::vector<std::optional<OperationResult>>& results() const { return results_; }

 private:
  friend class CaseTask;

  void Add(CaseTask& task);
  // Hands out all lines that need not wait.
  void Continue();
  void Done(uint32_t index, const OperationResult& result);
  bool over() const { return next_ == operations_.size(); }

  const std::vector<Operation>& operations_;
  CaseObserver& observer_;
  std::vector<std::optional<OperationResult>> results_;
  std::vector<CaseTask*> tasks_;
  uint32_t next_ = 0;
  uint32_t outstanding_ = 0;         // operations handed out and not done
  std::optional<uint32_t> awaited_;  // the one that the next line waits for
};

// One process of a case.
class CaseTask : public Task {
 public:
  template <class... TaskArguments>
  CaseTask(CaseSchedule& schedule, FileBytes& bytes, EventStream& stream,
           TaskArguments&&... task_arguments)
      : Task(std::forward<TaskArguments>(task_arguments)...),
        schedule_(schedule),
        bytes_(bytes),
        stream_(stream) {
    schedule_.Add(*this);
  }

 private:
  friend class CaseSchedule;
  static constexpr size_t kSlots = 32;

  void Program() override;
  // The next operation for this process; nothing: the case is over.
  std::optional<uint32_t> NextOperation();
  void WakeIfIdle();
  int64_t Execute(const Operation& operation);
  int64_t Open(const Operation& operation);
  int64_t Read(const Operation& operation);
  int64_t RepeatedRead(const Operation& operation);
  int64_t Mmap(const Operation& operation);
  int64_t Touch(const Operation& operation);

  CaseSchedule& schedule_;
  FileBytes& bytes_;
  EventStream& stream_;
  std::deque<uint32_t> queue_;  // operations handed to this process
  bool idle_ = false;           // sleeps because it has none
  uint32_t buffer_offset_ = 0;  // bufoff
  std::array<int, kSlots> descriptors_{};
  std::array<std::string, kSlots> paths_;  // that were opened as these
  struct Mapping {
    uint64_t address = 0;
    uint64_t length = 0;
    std::string path;
  };
  std::array<Mapping, kSlots> mappings_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_CASE_TASK_H_
