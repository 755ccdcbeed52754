#ifndef BIOTOPE_SIM_SWEEP_SWEEP_FILE_H_
#define BIOTOPE_SIM_SWEEP_SWEEP_FILE_H_

#include <string>
#include <vector>

#include "configs/schema/sweep.pb.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/source_map.h"
#include "sim/scenario/source_text.h"

namespace biotope {

// A sweep as it was read, each field with its place.
class SweepFile {
 public:
  // Throws EnvironmentError if the file cannot be read, and ScenarioError with all mistakes against
  // the rules of sweep.proto, each with its place.
  static SweepFile Load(const std::string& path);
  // The same for a text; `path` stands in messages and gives the directory.
  static SweepFile FromText(const std::string& path, std::string text);

  const sweep::Sweep& sweep() const { return sweep_; }
  const std::string& text() const { return text_; }
  // The heading of results: the title, or the file's name.
  std::string title() const;
  // The scenario's file as a path for the program.
  std::string scenario_path() const;
  // Throws EnvironmentError.
  std::string ReadScenario() const;

  // Shows problems that a later stage has found, each at its place in the file.
  std::string Format(const std::vector<Problem>& problems) const;

 private:
  SweepFile() = default;

  Span PlaceOf(const std::string& field, const SourceMap::Origin& origin) const;

  std::string path_;
  std::string text_;
  sweep::Sweep sweep_;
  SourceMap origins_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_SWEEP_FILE_H_
