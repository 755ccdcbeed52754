#ifndef BIOTOPE_SIM_VERIFY_VERIFY_H_
#define BIOTOPE_SIM_VERIFY_VERIFY_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/profile.h"
#include "sim/verify/compare.h"
#include "sim/verify/image_store.h"
#include "sim/verify/recorded_case.h"

namespace biotope {

struct VerifyOutcome {
  enum class Verdict { kPass, kFail, kSkip };
  std::string name;
  Verdict verdict = Verdict::kSkip;
  std::string remark;  // why it was skipped, or could not be simulated
  CaseComparison comparison;
};

// What a simulated case did.
struct CaseRun {
  std::vector<std::optional<OperationResult>> results;  // of each operation
  std::vector<BlockEvent> events;
};

// Simulates the operations of a case with its setup. What was recorded has no influence.
CaseRun SimulateCase(const RecordedCase& recorded, ImageStore& images,
                     const ProfileSource& profiles);

// Simulates and compares. An error of the simulation becomes a failed case; those of reading the
// setup are thrown.
VerifyOutcome VerifyCase(const RecordedCase& recorded, ImageStore& images,
                         const ProfileSource& profiles);

// "PASS name ret:n/n Q:n/n submit:n/n D:n/n", with a remark where there is something to say.
std::string OutcomeLine(const VerifyOutcome& outcome);
// The first difference of each part that counts, with its context; "" if there is none.
std::string OutcomeDetails(const VerifyOutcome& outcome);

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_VERIFY_H_
