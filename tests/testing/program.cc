#include "tests/testing/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

extern char** environ;

namespace biotope {
namespace {

constexpr const char* kLimit[] = {"timeout", "--signal=KILL", "60"};

}  // namespace

ProgramResult RunProgram(const std::vector<std::string>& arguments) {
  static int count = 0;
  const std::string out = TempPath("out." + std::to_string(++count));
  const std::string err = TempPath("err." + std::to_string(count));
  std::vector<std::string> words(std::begin(kLimit), std::end(kLimit));
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), kWrite, 0600);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + arguments.front());
  int status = 0;
  waitpid(pid, &status, 0);

  ProgramResult result;
  // timeout(1) tells a signal as 128 + its number.
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (result.exit_code > 128 && result.exit_code != 130) result.signal = result.exit_code - 128;
  result.out = ReadWholeFile(out);
  result.err = ReadWholeFile(err);
  return result;
}

ProgramResult RunBiotope(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "sim/cli/biotope");
  return RunProgram(arguments);
}

std::string TempPath(const std::string& name) {
  const char* directory = std::getenv("TEST_TMPDIR");
  return std::string(directory != nullptr ? directory : "/tmp") + "/" + name;
}

std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteWholeFile(const std::string& path, const std::string& contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  file.close();
  if (!file) throw std::runtime_error(path + " cannot be written");
}

}  // namespace biotope
