// The binary records of blktrace(8): struct blk_io_trace of include/uapi/linux/blktrace_api.h, in
// the byte order of this machine. Left out on purpose: everything but the requests' queueing, and
// flushes.

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include "sim/core/error.h"
#include "sim/trace/trace_formats.h"

namespace biotope {
namespace {

struct BlkIoTrace {
  uint32_t magic;
  uint32_t sequence;
  uint64_t time;  // ns
  uint64_t sector;
  uint32_t bytes;
  uint32_t action;
  uint32_t pid;
  uint32_t device;
  uint32_t cpu;
  uint16_t error;
  uint16_t pdu_len;  // bytes that follow
};
static_assert(sizeof(BlkIoTrace) == 48);

constexpr uint32_t kMagic = 0x65617400;
constexpr uint32_t kVersion = 7;
constexpr uint32_t kQueue = 1;           // __BLK_TA_QUEUE
constexpr uint32_t kRead = 1u << 16;     // BLK_TC_READ
constexpr uint32_t kWrite = 1u << 17;    // BLK_TC_WRITE
constexpr uint32_t kDiscard = 1u << 29;  // BLK_TC_DISCARD

// The records of one CPU: in the order of time.
class CpuFile {
 public:
  explicit CpuFile(const std::string& path)
      : path_(path), file_(std::fopen(path.c_str(), "rb"), &std::fclose) {
    if (!file_) {
      throw EnvironmentError(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    }
    Advance();
  }

  bool done() const { return done_; }
  const BlkIoTrace& record() const { return record_; }

  // To the next request that was queued.
  void Advance() {
    while (ReadRecord()) {
      const bool queue = (record_.action & 0xffff) == kQueue;
      const bool data = (record_.action & (kRead | kWrite)) != 0 && record_.bytes > 0;
      if (queue && data && (record_.action & kDiscard) == 0) return;
    }
    done_ = true;
  }

 private:
  bool ReadRecord() {
    const size_t size = std::fread(&record_, 1, sizeof(record_), file_.get());
    if (size == 0 && std::feof(file_.get()) != 0) return false;
    ++number_;
    if (size != sizeof(record_)) Fail("the file ends in the middle of it");
    if (record_.magic != (kMagic | kVersion)) Fail("it does not begin as a record of blktrace");
    if (std::fseek(file_.get(), record_.pdu_len, SEEK_CUR) != 0) Fail("its payload is missing");
    return true;
  }

  [[noreturn]] void Fail(const char* what) const {
    throw ScenarioError(fmt::format("{}: error: record {}: {}", path_, number_, what));
  }

  const std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  BlkIoTrace record_{};
  uint64_t number_ = 0;
  bool done_ = false;
};

class Blktrace : public TraceReader {
 public:
  explicit Blktrace(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) cpus_.push_back(std::make_unique<CpuFile>(path));
  }

  bool Next(TraceRequest* request) override {
    CpuFile* first = nullptr;
    for (const auto& cpu : cpus_) {
      if (cpu->done()) continue;
      if (first == nullptr || cpu->record().time < first->record().time) first = cpu.get();
    }
    if (first == nullptr) return false;
    const BlkIoTrace& record = first->record();
    if (!started_) start_ = record.time;
    started_ = true;
    *request = {};
    request->issued = kNanosecond * (record.time - start_);
    request->device = record.device;
    request->first = Sector(record.sector);
    request->nr_sectors = (record.bytes + kSectorSize - 1) / kSectorSize;
    request->write = (record.action & kWrite) != 0;
    first->Advance();
    return true;
  }

 private:
  std::vector<std::unique_ptr<CpuFile>> cpus_;
  bool started_ = false;
  uint64_t start_ = 0;
};

}  // namespace

std::unique_ptr<TraceReader> OpenBlktrace(const std::string& path) {
  if (std::filesystem::exists(path)) return std::make_unique<Blktrace>(std::vector{path});
  std::vector<std::string> paths;
  for (int cpu = 0;; ++cpu) {
    const std::string name = fmt::format("{}.blktrace.{}", path, cpu);
    if (!std::filesystem::exists(name)) break;
    paths.push_back(name);
  }
  if (paths.empty()) {
    throw EnvironmentError(fmt::format("there is no file {} and no {}.blktrace.0", path, path));
  }
  return std::make_unique<Blktrace>(paths);
}

}  // namespace biotope
