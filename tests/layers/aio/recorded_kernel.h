#ifndef BIOTOPE_TESTS_LAYERS_AIO_RECORDED_KERNEL_H_
#define BIOTOPE_TESTS_LAYERS_AIO_RECORDED_KERNEL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "layers/aio/aio.h"
#include "tests/testing/scripted.h"

namespace biotope::testing {

// A row of aio_errors.csv.
struct AioErrorRow {
  std::string call;
  std::string args;
  int64_t ret = 0;
  std::string error;  // "0" or a name
  std::string extra;
  std::string Name() const { return call + " \"" + args + "\""; }
};

std::vector<AioErrorRow> ReadAioErrors(const std::string& path);

// The layer of asynchronous I/O with the descriptors of the program that recorded the rows, and in
// place of the VFS and ext2 a file of 1049576 bytes that answers at once.
class RecordedKernel {
 public:
  // clips_direct: an asynchronous O_DIRECT read ends at the end of the file.
  RecordedKernel(const AioRules& rules, uint32_t cpus, bool clips_direct);
  ~RecordedKernel();

  // Runs all rows in their order; returns what differs, one line each. skipped: rows that this
  // simulation cannot have.
  std::vector<std::string> Run(const std::vector<AioErrorRow>& rows, size_t* skipped);

 private:
  struct Descriptor {
    VfsInode inode;
    int flags = 0;
    bool no_reader = false;
  };
  // What a row gave: the return value (-errno), and the text about it.
  struct Outcome {
    int64_t result = 0;
    std::string extra;
    bool skip = false;
  };

  void AddDescriptor(int fd, VfsInode::Type type, int flags);
  void OnGetFile(GetFile& call);
  void OnRead(ReadFile& call);

  Co<Outcome> RunRow(Driver& driver, Context& context, const AioErrorRow& row);
  Co<Outcome> SetupRow(Driver& driver, Context& context, const AioErrorRow& row);
  Co<Outcome> FillRow(Driver& driver, Context& context, const AioErrorRow& row);
  Co<Outcome> SubmitRow(Driver& driver, Context& context, const AioErrorRow& row);
  Co<Outcome> GeteventsRow(Driver& driver, Context& context, const AioErrorRow& row);
  Co<Outcome> CancelRow(Driver& driver, Context& context, const AioErrorRow& row);
  Co<int64_t> Call(Driver& driver, Context& context, Op op, AioArguments& aio);
  Co<int64_t> Submit(Driver& driver, Context& context, const std::vector<Iocb>& iocbs);
  Co<int64_t> Reap(Driver& driver, Context& context, int64_t nr, std::vector<IoEvent>* events);
  uint64_t ContextOf(const std::string& args) const;

  const bool clips_direct_;
  Engine engine_{kDefaultBackend};
  EventStream stream_;
  Core core_;
  Context context_;
  Aio aio_;
  Scripted<GetFile> get_file_;
  Scripted<ReadFile> read_;
  std::map<int, Descriptor> descriptors_;
  uint64_t ctx_ = 0;        // the present context
  uint64_t other_ctx_ = 0;  // that of aio-max-nr
  bool destroyed_ = false;
};

}  // namespace biotope::testing

#endif  // BIOTOPE_TESTS_LAYERS_AIO_RECORDED_KERNEL_H_
