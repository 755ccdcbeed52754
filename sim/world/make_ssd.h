#ifndef BIOTOPE_SIM_WORLD_MAKE_SSD_H_
#define BIOTOPE_SIM_WORLD_MAKE_SSD_H_

#include "configs/schema/ssd.pb.h"
#include "layers/disk/ssd/ssd_parameters.h"

namespace biotope {

// The drive of a scenario, resolved, for the SSD model. Throws ScenarioError if it cannot be.
SsdParameters MakeSsd(const Ssd& ssd);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_MAKE_SSD_H_
