#ifndef BIOTOPE_SIM_CORE_ERROR_H_
#define BIOTOPE_SIM_CORE_ERROR_H_

#include <stdexcept>
#include <string>

namespace biotope {

// The process exit codes of the command line; reference: docs/cli.md.
enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,       // the simulation or a check failed
  kUsage = 2,        // wrong command line
  kScenario = 3,     // the scenario, a profile or an image is invalid
  kEnvironment = 4,  // file, disk, missing program
  kSweepFailed = 5,  // a sweep finished with failed points
  kInterrupted = 130,
};

// What a user can mend. The message says what is wrong, where, and what to do about it.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// The input (scenario, profile, image, trace) is wrong.
class ScenarioError : public Error {
 public:
  explicit ScenarioError(const std::string& message) : Error(ExitCode::kScenario, message) {}
};

// A file, the disk or a program that we need is not there or refuses.
class EnvironmentError : public Error {
 public:
  explicit EnvironmentError(const std::string& message) : Error(ExitCode::kEnvironment, message) {}
};

// The run itself failed: a deadlock, an exhausted limit, an unmet expectation.
class SimulationError : public Error {
 public:
  explicit SimulationError(const std::string& message) : Error(ExitCode::kFailed, message) {}
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CORE_ERROR_H_
