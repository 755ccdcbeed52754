#ifndef BIOTOPE_LAYERS_DISK_SSD_FLASH_OP_H_
#define BIOTOPE_LAYERS_DISK_SSD_FLASH_OP_H_

#include <cstdint>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// A logical page: of the host, or behind those a translation page.
using LogicalPage = uint32_t;
// A page within its plane: block * pages_per_block + page.
using FlashPosition = uint32_t;
// Parts of a page, an eighth each: bit 0 is the first.
using PageParts = uint8_t;
inline constexpr uint32_t kPartsPerPage = 8;
inline constexpr PageParts kWholePage = 0xff;

using OpId = uint32_t;
inline constexpr OpId kNoOp = UINT32_MAX;

enum class FlashOpKind : uint8_t { kRead, kProgram, kErase };

// Who wants it. That decides who goes first.
enum class FlashOpSource : uint8_t {
  kHost,        // a command of the host, or the write buffer
  kUpdate,      // the part of a page that a write to the rest of it leaves
  kMapping,     // a translation page
  kCollection,  // garbage collection
};

// One page read, page program or block erase.
struct FlashOp {
  OpId next = kNoOp;  // in the list that it is in
  FlashOpKind kind = FlashOpKind::kRead;
  FlashOpSource source = FlashOpSource::kHost;
  PageParts touched = 0;  // parts that hold some of its sectors
  PageParts covered = 0;  // parts that consist of its sectors
  LogicalPage page = 0;
  FlashPosition position = 0;
  uint32_t plane = 0;  // of all planes of the drive
  uint32_t bytes = 0;  // over the channel
  // Host: the command. Update: the program that waits. Mapping: the translation page. Collection:
  // the job.
  uint32_t owner = 0;
  uint32_t version = 0;  // of the page in the write buffer, for a write-back
  uint32_t epoch = 0;    // of the flush that it belongs to, for a write-back
  bool write_back = false;
  bool report = false;  // the command waits for it
};

// All operations under way, addressed by number, so that none is allocated for itself.
class FlashOpPool {
 public:
  FlashOp& operator[](OpId id) { return ops_[id]; }
  const FlashOp& operator[](OpId id) const { return ops_[id]; }

  OpId Allocate() {
    if (free_ == kNoOp) {
      ops_.emplace_back();
      return static_cast<OpId>(ops_.size() - 1);
    }
    const OpId id = free_;
    free_ = ops_[id].next;
    ops_[id] = FlashOp();
    return id;
  }
  void Free(OpId id) {
    ops_[id].next = free_;
    free_ = id;
  }

 private:
  std::vector<FlashOp> ops_;
  OpId free_ = kNoOp;
};

// A list of operations, first in, first out, linked through FlashOp::next.
struct FlashOpList {
  OpId head = kNoOp;
  OpId tail = kNoOp;

  bool empty() const { return head == kNoOp; }
  void PushBack(FlashOpPool& ops, OpId id) {
    ops[id].next = kNoOp;
    if (head == kNoOp) {
      head = id;
    } else {
      ops[tail].next = id;
    }
    tail = id;
  }
  OpId PopFront(FlashOpPool& ops) {
    const OpId id = head;
    head = ops[id].next;
    if (head == kNoOp) tail = kNoOp;
    return id;
  }
  // Takes out the one behind `previous`, or the first if that is kNoOp.
  OpId TakeAfter(FlashOpPool& ops, OpId previous) {
    if (previous == kNoOp) return PopFront(ops);
    const OpId id = ops[previous].next;
    ops[previous].next = ops[id].next;
    if (tail == id) tail = previous;
    return id;
  }
};

// Who hears when an operation has finished. The operation is the hearer's to free.
class FlashClient {
 public:
  virtual void OnFlashDone(OpId id, Tick now) = 0;

 protected:
  ~FlashClient() = default;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_FLASH_OP_H_
