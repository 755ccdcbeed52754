#ifndef BIOTOPE_SIM_SCENARIO_READ_FILE_H_
#define BIOTOPE_SIM_SCENARIO_READ_FILE_H_

#include <cstddef>
#include <string>

namespace biotope {

// The first `limit` bytes of a file. Throws EnvironmentError if it cannot be opened or read.
std::string ReadFile(const std::string& path, size_t limit);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_READ_FILE_H_
