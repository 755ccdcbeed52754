#ifndef BIOTOPE_SIM_SCENARIO_SHIPPED_PROFILES_H_
#define BIOTOPE_SIM_SCENARIO_SHIPPED_PROFILES_H_

#include <vector>

#include "sim/scenario/profile.h"

namespace biotope {

// The profiles below configs/, which are built into the program.
class ShippedProfiles : public ProfileSource {
 public:
  std::vector<InputFile> Files() const override;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SHIPPED_PROFILES_H_
