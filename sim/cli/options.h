#ifndef BIOTOPE_SIM_CLI_OPTIONS_H_
#define BIOTOPE_SIM_CLI_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the command line says, one structure per command. main.cc fills them; the commands know nothing
// about how arguments are parsed.

namespace biotope::cli {

struct GlobalOptions {
  int verbosity = 0;  // -q: -1, -v: 1, -vv: 2
  std::string color = "auto";
};

struct RunCommand {
  std::string scenario;
  std::vector<std::string> sets;
  std::string output_dir;
  std::optional<uint64_t> seed;
  std::string output_format = "text";
  std::string events = "all";
  std::string engine;
};

struct ValidateCommand {
  std::vector<std::string> scenarios;
  std::vector<std::string> sets;
};

struct DescribeCommand {
  std::string field;
};

struct ListCommand {
  std::string what;
};

struct TraceCommand {
  std::string run_dir;
  std::string format;
  std::string output;
};

struct PlotCommand {
  std::string kind;
  std::vector<std::string> run_dirs;
  std::string output;
};

struct VersionCommand {
  bool json = false;
};

// Each returns the exit code of the process, or throws Error.
int Run(const RunCommand& options, const GlobalOptions& global);
int Validate(const ValidateCommand& options);
int Describe(const DescribeCommand& options);
int List(const ListCommand& options);
int Trace(const TraceCommand& options);
int Plot(const PlotCommand& options);
int Version(const VersionCommand& options);

}  // namespace biotope::cli

#endif  // BIOTOPE_SIM_CLI_OPTIONS_H_
