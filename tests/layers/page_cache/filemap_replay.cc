#include "tests/layers/page_cache/filemap_replay.h"

#include <fmt/format.h>

#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "layers/page_cache/readahead_folios.h"
#include "sim/core/units.h"
#include "tests/layers/page_cache/filemap_driver.h"
#include "tests/layers/page_cache/folio_cache.h"

namespace biotope {
namespace {

ReadAdvice AdviceOf(const std::string& name) {
  if (name == "normal") return ReadAdvice::kNormal;
  if (name == "random") return ReadAdvice::kRandom;
  if (name == "sequential") return ReadAdvice::kSequential;
  throw std::runtime_error("unknown advice: " + name);
}

// A file, its page cache, and what is read of it.
class ReplayedFile : public FolioReads {
 public:
  ReplayedFile(const Readahead& readahead, const FilemapWorkload::File& file,
               uint8_t max_folio_order, const size_t& op, FilemapReads& reads)
      : cache_(file.size, max_folio_order),
        driver_(readahead, cache_, *this),
        op_(op),
        reads_(reads) {
    if (!file.blocks) return;
    ext4_.emplace(*file.blocks, file.size, [this](const Ext4Reads::Bio& bio) {
      reads_.bios.push_back({op_, bio});
    });
  }

  void ReadFolios(std::span<const FolioCache::Folio> folios, bool readahead) override {
    for (const FolioCache::Folio& folio : folios) {
      reads_.folios.push_back({op_, folio.index, folio.order});
    }
    if (ext4_) ext4_->ReadFolios(folios, readahead);
  }
  FilemapDriver& driver() { return driver_; }

 private:
  FolioCache cache_;
  FilemapDriver driver_;
  const size_t& op_;
  FilemapReads& reads_;
  std::optional<Ext4Reads> ext4_;
};

class FilemapReplay {
 public:
  explicit FilemapReplay(const FilemapWorkload& workload)
      : workload_(workload), readahead_({.io_pages = workload.io_pages}) {}

  FilemapReads Run() {
    for (op_ = 0; op_ < workload_.ops.size(); ++op_) Do(workload_.ops[op_]);
    return reads_;
  }

 private:
  struct OpenFile {
    ReplayedFile* file = nullptr;
    FileRaState ra;
    uint64_t position = 0;
  };
  struct Mapped {
    OpenFile* open = nullptr;
    MappedFile mapped;
  };

  void Do(const std::string& op);
  void Open(OpenFile& open, const std::string& path);
  void Fadvise(OpenFile& open, uint64_t offset, uint64_t length, const std::string& advice);

  const FilemapWorkload& workload_;
  const ReadaheadFolios readahead_;
  size_t op_ = 0;
  FilemapReads reads_;
  std::map<std::string, std::unique_ptr<ReplayedFile>> files_;
  std::map<std::pair<int, int>, OpenFile> open_;  // by process and descriptor
  std::map<int, Mapped> mapped_;
};

void FilemapReplay::Do(const std::string& op) {
  std::istringstream in(op);
  int process = 0;
  if (in.peek() == '@') in.ignore() >> process;
  std::string call;
  in >> call;
  if (call == "sleepms") return;
  int fd = 0;
  uint64_t a = 0, b = 0;
  std::string word;
  in >> fd;
  if (call == "open") {
    in >> word;
    Open(open_[{process, fd}], word);
    return;
  }
  if (call == "madvise" || call == "touch") {
    Mapped& mapping = mapped_.at(fd);
    in >> a >> b >> word;
    if (call == "madvise") {
      mapping.mapped.advice = AdviceOf(word);
    } else {
      mapping.open->file->driver().Touch(mapping.open->ra, mapping.mapped, a / kPageSize);
    }
    return;
  }
  OpenFile& open = open_.at({process, fd});
  FilemapDriver& driver = open.file->driver();
  in >> a >> b >> word;
  if (call == "read") {
    open.position += driver.Read(open.ra, open.position, a);
  } else if (call == "pread") {
    driver.Read(open.ra, b, a);
  } else if (call == "lseek") {
    open.position = a;
  } else if (call == "readahead") {
    driver.WillNeed(open.ra, a, b);
  } else if (call == "fadvise") {
    Fadvise(open, a, b, word);
  } else if (call == "mmap") {
    Mapped& mapping = mapped_[static_cast<int>(a)];
    mapping.open = &open;
    mapping.mapped.mapping.pages = b / kPageSize;
  } else if (call != "close") {
    throw std::runtime_error("unknown call: " + op);
  }
}

void FilemapReplay::Open(OpenFile& open, const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  auto& file = files_[name];
  if (file == nullptr) {
    file = std::make_unique<ReplayedFile>(readahead_, workload_.files.at(name),
                                          workload_.max_folio_order, op_, reads_);
  }
  open = {.file = file.get(), .ra = readahead_.Open(workload_.ra_pages)};
}

void FilemapReplay::Fadvise(OpenFile& open, uint64_t offset, uint64_t length,
                            const std::string& advice) {
  if (advice == "willneed") {
    open.file->driver().WillNeed(open.ra, offset, length);
  } else if (advice == "dontneed") {
    open.file->driver().DontNeed(offset, length);
  } else {
    readahead_.Advise(open.ra, AdviceOf(advice), workload_.ra_pages);
  }
}

}  // namespace

FilemapReads ReplayFilemap(const FilemapWorkload& workload) {
  return FilemapReplay(workload).Run();
}

std::string ShowFolios(std::span<const AddedFolio> folios) {
  std::string text;
  for (size_t i = 0; i < folios.size();) {
    const AddedFolio first = folios[i];
    uint64_t pages = 0;
    for (; i < folios.size(); ++i) {
      if (folios[i].op != first.op || folios[i].order != first.order ||
          folios[i].index != first.index + pages) {
        break;
      }
      pages += uint64_t{1} << first.order;
    }
    if (!text.empty()) text += ' ';
    text += fmt::format("{}:{}+{}", first.op, first.index, pages);
    if (first.order > 0) text += fmt::format("/{}", first.order);
  }
  return text;
}

}  // namespace biotope
