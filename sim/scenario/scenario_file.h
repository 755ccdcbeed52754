#ifndef BIOTOPE_SIM_SCENARIO_SCENARIO_FILE_H_
#define BIOTOPE_SIM_SCENARIO_SCENARIO_FILE_H_

#include <string>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/source_map.h"

namespace biotope {

// A scenario that was read, completed and checked: profiles and --set arguments are merged, every
// default is filled in, and all mistakes that can be seen without the image and the drive are
// excluded.
class ScenarioFile {
 public:
  // Reads `path`; `sets` are PATH=VALUE. Throws EnvironmentError if the file cannot be read, and
  // ScenarioError with all mistakes, each with its place, if it is wrong.
  static ScenarioFile Load(const std::string& path, const std::vector<std::string>& sets,
                           const ProfileSource& profiles);

  // The same for the text of a file. `path` stands in messages, and gives the directory.
  static ScenarioFile FromText(const std::string& path, std::string text,
                               const std::vector<std::string>& sets, const ProfileSource& profiles);

  const Scenario& resolved() const { return scenario_; }
  const std::string& path() const { return path_; }

  // The directory that paths in the scenario count from: "." for a bare file name.
  std::string directory() const;

  // The image as a path for the program, or "" if it is to be synthesized.
  std::string image_path() const;

  // The resolved scenario as a text that can be run from a file in `directory`: it loads to the
  // same scenario, except that a relative image path is adapted.
  std::string ResolvedText(const std::string& directory) const;

  // The scenario and the profiles that it was made from, in the order in which they were read.
  const std::vector<InputFile>& inputs() const { return inputs_; }

  // Shows problems that a later stage has found, each at its place in the file, profile or
  // argument.
  std::string Format(const std::vector<Problem>& problems) const;

 private:
  ScenarioFile() = default;

  void Parse(const std::shared_ptr<const SourceText>& text);
  void ApplySets(const std::vector<std::string>& sets);
  void Resolve(const ProfileSource& profiles);

  std::string path_;
  Scenario scenario_;
  SourceMap origins_;
  std::vector<InputFile> inputs_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SCENARIO_FILE_H_
