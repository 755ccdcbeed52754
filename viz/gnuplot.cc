#include "viz/gnuplot.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "sim/core/error.h"

extern char** environ;

namespace biotope {
namespace {

namespace fs = std::filesystem;

// Okabe and Ito's palette without yellow, which is too light on white.
constexpr const char* kColours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                    "#56B4E9", "#E69F00", "#000000"};

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

// The terminal for a file's ending; empty: no such format.
std::string TerminalFor(const std::string& ending) {
  if (ending == ".svg") {
    return "svg size 800,500 dynamic background rgb 'white' font 'Helvetica,14'";
  }
  if (ending == ".png") return "pngcairo size 1000,625 font 'Helvetica,12'";
  if (ending == ".pdf") return "pdfcairo size 16cm,10cm font 'Helvetica,11'";
  if (ending == ".tex") return "cairolatex pdf size 12cm,7.5cm";
  return "";
}

std::string ScaleCommands(const char* axis, const Figure::Axis& description) {
  std::string commands = fmt::format("set {}label {}\n", axis, Quoted(description.label()));
  if (description.scale() == Figure::LOG) {
    commands += fmt::format("set logscale {}\nset format {} '%g'\n", axis, axis);
  }
  if (description.scale() == Figure::NINES) {
    commands += fmt::format("set logscale {}\nset {}tics (\"0 %%\" 1, \"50 %%\" 2", axis, axis);
    for (int decade = 1; decade <= static_cast<int>(std::lround(std::log10(description.max())));
         ++decade) {
      const double percentile = 100 * (1 - std::pow(10.0, -decade));
      commands += fmt::format(", \"{:.{}f} %%\" {:.0f}", percentile, std::max(0, decade - 2),
                              std::pow(10.0, decade));
    }
    commands += ")\n";
  }
  if (description.has_min() && description.has_max()) {
    commands +=
        fmt::format("set {}range [{:g}:{:g}]\n", axis, description.min(), description.max());
  }
  return commands;
}

void WriteFile(const std::string& path, const std::string& contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  file.close();
  if (!file) throw EnvironmentError(fmt::format("{}: {}", path, std::strerror(errno)));
}

// The environment of this process, but with a character set that gnuplot can write.
std::vector<char*> Utf8Environment() {
  static char locale[] = "LC_ALL=C.UTF-8";
  std::vector<char*> environment = {locale};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("LC_ALL=")) environment.push_back(*variable);
  }
  environment.push_back(nullptr);
  return environment;
}

// Runs gnuplot in the folder of the script, whose names are relative.
void RunGnuplot(const fs::path& script) {
  const std::string directory = script.has_parent_path() ? script.parent_path().string() : ".";
  const std::string name = script.filename().string();
  std::string program = "gnuplot";
  std::string argument = name;
  char* arguments[] = {program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1 /* O_WRONLY */, 0);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, "gnuplot", &actions, nullptr, arguments, Utf8Environment().data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw EnvironmentError(fmt::format(
        "gnuplot cannot be started ({}); install it (Debian: apt-get install gnuplot-nox) and run "
        "`gnuplot {}` in {}",
        std::strerror(error), name, directory));
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw EnvironmentError(fmt::format("gnuplot has failed on {}", script.string()));
  }
}

// gnuplot leaves no place for a description in SVG, so it is put in afterwards.
void AddSvgDescription(const std::string& path, const std::string& provenance) {
  std::ifstream in(path, std::ios::binary);
  std::string svg((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  in.close();
  std::string escaped;
  for (const char c : provenance) {
    escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  const size_t at = svg.find("<title>");
  if (at == std::string::npos) return;
  svg.insert(at, "<metadata>" + escaped + "</metadata>\n");
  WriteFile(path, svg);
}

}  // namespace

std::string GnuplotData(const Figure& figure) {
  std::string data = "# " + figure.provenance() + "\n";
  for (const Figure::Series& series : figure.series()) {
    data += fmt::format("\n\n# {}\n", series.name());
    for (int i = 0; i < series.x_size(); ++i) {
      data += fmt::format("{:.9g} {:.9g}\n", series.x(i), series.y(i));
    }
  }
  return data;
}

std::string GnuplotScript(const Figure& figure, const std::string& picture,
                          const std::string& data) {
  const std::string ending = fs::path(picture).extension().string();
  const std::string terminal = TerminalFor(ending);
  if (terminal.empty()) {
    throw Error(ExitCode::kUsage,
                fmt::format("{}: a figure ends in .svg, .png, .pdf or .tex", picture));
  }
  std::string script = fmt::format(
      "# {}\n# {}\nset terminal {}\nset output {}\nset encoding utf8\nset termoption noenhanced\n"
      "set title {}\nset key above\nset grid\n",
      figure.caption(), figure.provenance(), terminal, Quoted(picture), Quoted(figure.title()));
  script += ScaleCommands("x", figure.x()) + ScaleCommands("y", figure.y());
  script += "plot ";
  for (int i = 0; i < figure.series_size(); ++i) {
    const size_t style = static_cast<size_t>(i);
    script += fmt::format(
        "{}{} index {} using 1:2 with linespoints title {} linecolor rgb '{}' dashtype {} "
        "linewidth 2 pointtype {} pointinterval 20",
        i > 0 ? ", \\\n  " : "", Quoted(data), i, Quoted(figure.series(i).name()),
        kColours[style % std::size(kColours)], style % 5 + 1, style % 7 + 4);
  }
  return script + "\n";
}

void DrawWithGnuplot(const Figure& figure, const std::string& path) {
  if (figure.series_size() == 0) {
    throw SimulationError("there is nothing to draw: no data was read in these runs");
  }
  const fs::path picture(path);
  const fs::path script = fs::path(picture).replace_extension(".gp");
  const fs::path data = fs::path(picture).replace_extension(".dat");
  const std::string commands =
      GnuplotScript(figure, picture.filename().string(), data.filename().string());
  WriteFile(data.string(), GnuplotData(figure));
  WriteFile(script.string(), commands);
  RunGnuplot(script);
  if (picture.extension() == ".svg") AddSvgDescription(path, figure.provenance());
}

}  // namespace biotope
