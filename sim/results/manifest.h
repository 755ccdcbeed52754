#ifndef BIOTOPE_SIM_RESULTS_MANIFEST_H_
#define BIOTOPE_SIM_RESULTS_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// What a manifest tells about a run beside the program and the host.
struct RunFacts {
  struct Input {
    std::string path;
    std::string sha256;
  };
  std::vector<Input> inputs;
  uint32_t schema_version = 0;
  uint64_t seed = 0;
  std::string_view engine;
  uint64_t events = 0;
  Tick end;
  double wall_seconds = 0;
};

// manifest.textproto: how a run came about. With standard error the only place for wall time and
// facts about the host.
std::string ManifestText(const RunFacts& facts);

// SHA-256 as hexadecimal digits, of a text and of a file. Throws EnvironmentError if the file
// cannot be read.
std::string Sha256OfText(std::string_view text);
std::string Sha256OfFile(const std::string& path);

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_MANIFEST_H_
