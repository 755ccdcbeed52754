#ifndef BIOTOPE_SIM_WORLD_MAKE_DEVICE_H_
#define BIOTOPE_SIM_WORLD_MAKE_DEVICE_H_

#include <memory>
#include <optional>
#include <string>

#include "configs/schema/device.pb.h"
#include "layers/disk/device_model.h"

namespace biotope {

// The model of the drive that a checked scenario describes. Paths in it count from `directory`.
// Throws ScenarioError, naming the field, if its figures contradict each other.
std::unique_ptr<DeviceModel> MakeDevice(const Device& device, const std::string& directory = ".");

// A drive whose tables are in a directory (drive_directory.h). `caches`: whether its buffer keeps
// anything; without it what a shipped profile of the same drive says, or else what the tables say.
std::unique_ptr<DeviceModel> MakeDriveFromDirectory(const std::string& path,
                                                    std::optional<bool> caches);

// What a command line calls a device: a shipped profile or such a directory.
std::unique_ptr<DeviceModel> MakeDeviceByName(const std::string& name);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_MAKE_DEVICE_H_
