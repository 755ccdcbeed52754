#include "sim/verify/operation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>

#include "sim/core/error.h"

namespace biotope {
namespace {

constexpr uint32_t kSlots = 32;  // files and mappings that a process of the recorder can have
constexpr uint32_t kProcesses = 64;

struct Place {
  const std::string& path;
  size_t line;
  [[noreturn]] void Fail(const std::string& what) const {
    throw ScenarioError(fmt::format("{}:{}: {}", path, line, what));
  }
};

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  while ((begin = line.find_first_not_of(" \t\r", begin)) != std::string_view::npos) {
    const size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

template <class T>
T Number(std::string_view word, const char* what, const Place& place) {
  T value{};
  const int base = word.starts_with("0x") ? 16 : 10;
  const char* begin = word.data() + (base == 16 ? 2 : 0);
  const auto [end, error] = std::from_chars(begin, word.data() + word.size(), value, base);
  if (error != std::errc() || end != word.data() + word.size()) {
    place.Fail(fmt::format("\"{}\" is no number ({})", word, what));
  }
  return value;
}

uint32_t Slot(std::string_view word, const char* what, const Place& place) {
  const uint32_t slot = Number<uint32_t>(word, what, place);
  if (slot >= kSlots) place.Fail(fmt::format("{} {}: at most {}", what, slot, kSlots - 1));
  return slot;
}

struct Name {
  std::string_view name;
  int value;
};

// The flags of open that a recorder has. The access mode is made of rd and wr.
constexpr int kReadFlag = 1 << 29;
constexpr int kWriteFlag = 1 << 30;
constexpr Name kOpenFlagNames[] = {
    {"rd", kReadFlag},  {"wr", kWriteFlag},    {"rdwr", kReadFlag | kWriteFlag},
    {"direct", 040000}, {"sync", 04010000},    {"dsync", 010000},
    {"creat", 0100},    {"trunc", 01000},      {"dir", 0200000},
    {"append", 02000},  {"noatime", 01000000},
};
constexpr Name kFadviceNames[] = {
    {"normal", POSIX_FADV_NORMAL},         {"random", POSIX_FADV_RANDOM},
    {"sequential", POSIX_FADV_SEQUENTIAL}, {"willneed", POSIX_FADV_WILLNEED},
    {"dontneed", POSIX_FADV_DONTNEED},     {"noreuse", POSIX_FADV_NOREUSE},
};
constexpr Name kMadviceNames[] = {
    {"normal", MADV_NORMAL},     {"random", MADV_RANDOM},     {"sequential", MADV_SEQUENTIAL},
    {"willneed", MADV_WILLNEED}, {"dontneed", MADV_DONTNEED},
};

template <size_t kSize>
int Named(std::string_view word, const Name (&names)[kSize], const char* what, const Place& place) {
  const auto found = std::find_if(std::begin(names), std::end(names),
                                  [&](const Name& name) { return name.name == word; });
  if (found != std::end(names)) return found->value;
  std::string all;
  for (const Name& name : names) all += fmt::format("{}{}", all.empty() ? "" : ", ", name.name);
  place.Fail(fmt::format("\"{}\" is no {}: {}", word, what, all));
}

int OpenFlags(std::string_view list, const Place& place) {
  int bits = 0;
  size_t begin = 0;
  while (begin <= list.size()) {
    const size_t end = std::min(list.find(',', begin), list.size());
    bits |= Named(list.substr(begin, end - begin), kOpenFlagNames, "flag of open", place);
    begin = end + 1;
  }
  const bool write = (bits & kWriteFlag) != 0;
  const int mode = !write ? O_RDONLY : (bits & kReadFlag) != 0 ? O_RDWR : O_WRONLY;
  return (bits & ~(kReadFlag | kWriteFlag)) | mode;
}

// One argument of an operation, by what it is.
enum class Arg {
  kFile,
  kMapping,
  kPath,
  kFlags,
  kLength,
  kOffset,
  kFadvice,
  kMadvice,
  kCount,
  kStride,
  kThink
};

struct Form {
  std::string_view word;
  Operation::Kind kind;
  std::vector<Arg> args;
  size_t optional = 0;  // how many of the last may be missing
};

const std::vector<Form>& Forms() {
  using Kind = Operation::Kind;
  static const std::vector<Form> forms = {
      {"open", Kind::kOpen, {Arg::kFile, Arg::kPath, Arg::kFlags}},
      {"close", Kind::kClose, {Arg::kFile}},
      {"read", Kind::kRead, {Arg::kFile, Arg::kLength}},
      {"pread", Kind::kPread, {Arg::kFile, Arg::kLength, Arg::kOffset}},
      {"lseek", Kind::kLseek, {Arg::kFile, Arg::kOffset}},
      {"bufoff", Kind::kBufoff, {Arg::kLength}},
      {"fadvise", Kind::kFadvise, {Arg::kFile, Arg::kOffset, Arg::kLength, Arg::kFadvice}},
      {"readahead", Kind::kReadahead, {Arg::kFile, Arg::kOffset, Arg::kLength}},
      {"mmap", Kind::kMmap, {Arg::kFile, Arg::kMapping, Arg::kLength}},
      {"munmap", Kind::kMunmap, {Arg::kMapping}},
      {"madvise", Kind::kMadvise, {Arg::kMapping, Arg::kOffset, Arg::kLength, Arg::kMadvice}},
      {"touch", Kind::kTouch, {Arg::kMapping, Arg::kOffset}},
      {"sleepms", Kind::kSleepMs, {Arg::kLength}},
      {"nread", Kind::kRepeatedRead, {Arg::kFile, Arg::kLength, Arg::kCount}},
      {"nstride",
       Kind::kStridedRead,
       {Arg::kFile, Arg::kLength, Arg::kCount, Arg::kOffset, Arg::kStride, Arg::kThink},
       1},
      {"join", Kind::kJoin, {}},
  };
  return forms;
}

// What belongs to the language of the recorders, but not to what this program simulates.
constexpr struct {
  std::string_view word;
  const char* what;
} kUnsupported[] = {
    {"write", "writing"},
    {"pwrite", "writing"},
    {"nwrite", "writing"},
    {"fsync", "writing"},
    {"fdatasync", "writing"},
    {"sync", "writing"},
    {"syncfs", "writing"},
    {"sfr", "writing"},
    {"ftruncate", "writing"},
    {"aio_setup", "asynchronous I/O"},
    {"aio", "asynchronous I/O"},
    {"aiox", "asynchronous I/O"},
    {"aio_wait", "asynchronous I/O"},
    {"ioprio", "I/O priorities"},
};

void SetArgument(Arg arg, std::string_view word, const Place& place, Operation* operation) {
  switch (arg) {
    case Arg::kFile:
      operation->file = Slot(word, "file", place);
      break;
    case Arg::kMapping:
      operation->mapping = Slot(word, "mapping", place);
      break;
    case Arg::kPath:
      operation->path = word;
      break;
    case Arg::kFlags:
      operation->flags = OpenFlags(word, place);
      break;
    case Arg::kLength:
      // Negative lengths reach the kernel as what their bits mean.
      operation->length = static_cast<uint64_t>(Number<int64_t>(word, "length", place));
      break;
    case Arg::kOffset:
      operation->offset = Number<int64_t>(word, "offset", place);
      break;
    case Arg::kFadvice:
      operation->advice = Named(word, kFadviceNames, "advice", place);
      break;
    case Arg::kMadvice:
      operation->advice = Named(word, kMadviceNames, "advice", place);
      break;
    case Arg::kCount:
      operation->count = Number<uint64_t>(word, "count", place);
      break;
    case Arg::kStride:
      operation->stride = Number<uint64_t>(word, "stride", place);
      break;
    case Arg::kThink:
      operation->think_ms = Number<uint64_t>(word, "milliseconds", place);
      break;
  }
}

Operation ParseWords(std::span<const std::string_view> words, const Place& place) {
  Operation operation;
  for (const auto& entry : kUnsupported) {
    if (entry.word == words[0]) {
      operation.unsupported = entry.what;
      return operation;
    }
  }
  const std::vector<Form>& forms = Forms();
  const auto form =
      std::find_if(forms.begin(), forms.end(), [&](const Form& f) { return f.word == words[0]; });
  if (form == forms.end()) place.Fail(fmt::format("there is no operation \"{}\"", words[0]));
  const size_t given = words.size() - 1;
  if (given > form->args.size() || given + form->optional < form->args.size()) {
    place.Fail(fmt::format("{} has {} arguments, not {}", words[0], form->args.size(), given));
  }
  operation.kind = form->kind;
  for (size_t i = 0; i < given; ++i) SetArgument(form->args[i], words[i + 1], place, &operation);
  return operation;
}

Operation ParseLine(std::string_view line, const Place& place) {
  bool detached = false;
  uint32_t process = 0;
  if (line.front() == '~') {
    detached = true;
    line.remove_prefix(1);
  }
  std::vector<std::string_view> words = Words(line);
  if (!words.empty() && words[0].front() == '@') {
    process = Number<uint32_t>(words[0].substr(1), "process", place);
    if (process >= kProcesses) {
      place.Fail(fmt::format("process {}: at most {}", process, kProcesses - 1));
    }
    words.erase(words.begin());
  }
  if (words.empty()) place.Fail("an operation is missing");
  Operation operation = ParseWords(words, place);
  operation.detached = detached;
  operation.process = process;
  operation.text = std::string(words[0].data(), words.back().data() + words.back().size());
  return operation;
}

}  // namespace

std::vector<Operation> ParseOperations(const std::string& path, std::string_view contents) {
  std::vector<Operation> operations;
  size_t line_number = 0;
  size_t begin = 0;
  while (begin < contents.size()) {
    const size_t end = std::min(contents.find('\n', begin), contents.size());
    std::string_view line = contents.substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '#') continue;
    operations.push_back(ParseLine(line.substr(first), {path, line_number}));
  }
  return operations;
}

}  // namespace biotope
