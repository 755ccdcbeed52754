#ifndef BIOTOPE_SIM_RESULTS_RUN_DIRECTORY_H_
#define BIOTOPE_SIM_RESULTS_RUN_DIRECTORY_H_

#include <string>
#include <string_view>

#include "configs/schema/result.pb.h"

namespace biotope {

// A run directory while it is written. It appears under its name when it is complete, or not at
// all: everything goes into DIR.tmp-PID first, which is renamed at the end and removed otherwise.
class RunDirectory {
 public:
  // Throws EnvironmentError if `path` exists (an empty directory may) or its parent cannot be
  // written.
  explicit RunDirectory(std::string path);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  // Where the file `name` is to be written.
  std::string PathOf(std::string_view name) const;
  // Writes a whole file. Throws EnvironmentError.
  void Write(std::string_view name, std::string_view contents) const;
  // Makes the directory appear.
  void Commit();

 private:
  const std::string path_;
  std::string temporary_;  // empty when committed
};

// Names of the files.
inline constexpr std::string_view kScenarioFile = "scenario.textproto";
inline constexpr std::string_view kManifestFile = "manifest.textproto";
inline constexpr std::string_view kSummaryFile = "summary.txt";
inline constexpr std::string_view kJsonFile = "result.json";
inline constexpr std::string_view kResultFile = "result.pb";
inline constexpr std::string_view kEventsFile = "events.pb.gz";

// Reads result.pb of a run directory. Throws EnvironmentError if there is none, ScenarioError if it
// is damaged.
Result ReadResult(const std::string& run_dir);

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_RUN_DIRECTORY_H_
