#ifndef BIOTOPE_SIM_WORLD_MAKE_DEVICE_H_
#define BIOTOPE_SIM_WORLD_MAKE_DEVICE_H_

#include <memory>

#include "configs/schema/device.pb.h"
#include "layers/disk/device_model.h"

namespace biotope {

// The model of the drive that a checked scenario describes. Throws ScenarioError, naming the field, if
// its figures contradict each other.
std::unique_ptr<DeviceModel> MakeDevice(const Device& device);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_MAKE_DEVICE_H_
