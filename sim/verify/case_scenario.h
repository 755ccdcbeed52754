#ifndef BIOTOPE_SIM_VERIFY_CASE_SCENARIO_H_
#define BIOTOPE_SIM_VERIFY_CASE_SCENARIO_H_

#include <string>

#include "sim/scenario/profile.h"
#include "sim/scenario/scenario_file.h"
#include "sim/verify/image_store.h"
#include "sim/verify/recorded_case.h"

namespace biotope {

// Why this program cannot simulate a case; "" if it can.
std::string ReasonToSkip(const RecordedCase& recorded, const ProfileSource& profiles);

// The name of the kernel profile for a version such as "2.6.11": the longest that the version
// begins with; "" if there is none.
std::string KernelProfileOf(const std::string& version, const ProfileSource& profiles);

// The setup of a case as a scenario: the kernel's profile, the recorder's machine
// (configs/recorders/<kernel>.textproto), the image, the mount options, and the settings of the
// queue. Its processes are there, but do nothing. Throws ScenarioError for a setting that the
// kernel cannot have.
ScenarioFile MakeCaseScenario(const RecordedCase& recorded, const ImageStore::Opened& image,
                              const ProfileSource& profiles);

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_CASE_SCENARIO_H_
