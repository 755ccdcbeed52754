#ifndef BIOTOPE_SIM_WORLD_DRIVE_DIRECTORY_H_
#define BIOTOPE_SIM_WORLD_DRIVE_DIRECTORY_H_

#include <string>

#include "layers/disk/hdd/hdd_parameters.h"

namespace biotope {

// Whether a path is a directory that describes a drive: it has a parameters.csv.
bool IsDriveDirectory(const std::string& path);

// A drive that was characterised, from the tables of a directory:
//
//   parameters.csv             component,parameter,value,unit; the names are DiskSim's
//   lbn_map.csv[.gz]           where every sector lies, run-length coded
//   seek_curve.csv             distance_cyl,seek_ms[,...]; may be absent if parameters.csv has the
//                              formula ("HPL seek equation values", "First ten seek times")
//
// Other files of the directory are not looked at. Throws EnvironmentError if a file cannot be read,
// and ScenarioError with file and line if it is damaged or something is missing.
HddParameters ReadDriveDirectory(const std::string& path);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_DRIVE_DIRECTORY_H_
