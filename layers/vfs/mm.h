#ifndef BIOTOPE_LAYERS_VFS_MM_H_
#define BIOTOPE_LAYERS_VFS_MM_H_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "layers/ext2/messages.h"
#include "layers/vfs/file.h"
#include "sim/core/units.h"

namespace biotope {

// A range of addresses that shows a range of a file (struct vm_area_struct). Addresses are counted
// in pages.
struct VmArea {
  uint64_t start = 0;
  uint64_t end = 0;      // behind the last page
  PageIndex file_start;  // vm_pgoff: the file's page at `start`
  std::shared_ptr<File> file;
  ReadAdvice advice = ReadAdvice::kNormal;  // VM_RAND_READ, VM_SEQ_READ

  PageIndex FilePage(uint64_t page) const { return file_start + PageIndex(page - start); }
};

// The address space of a process, as far as files are mapped into it (struct mm_struct).
// Models: mm/mmap.c find_vma, get_unmapped_area, do_mmap_pgoff, do_munmap, split_vma; the page
// tables as a set of pages (Linux 2.6.11).
// Left out on purpose: writable and private mappings, anonymous memory, MAP_FIXED, merging of
// neighbours. Reclaim does not take pages out of page tables: a mapped page stays.
class MmStruct {
 public:
  // The area of an address; null: there is none, an access would end the process.
  const VmArea* Find(uint64_t address) const;

  // Maps so many pages of a file; returns the address.
  uint64_t Map(std::shared_ptr<File> file, PageIndex file_start, uint64_t pages);
  // Takes the areas of [start, end) away, and adds the pages that were present in them to
  // `removed`.
  void Unmap(uint64_t start, uint64_t end, std::vector<Page*>* removed);
  // Forgets which pages of [start, end) are present (zap_page_range).
  void Zap(uint64_t start, uint64_t end, std::vector<Page*>* removed);
  // Gives the areas of [start, end) an advice. False: a part of the range is not mapped; the rest
  // has it.
  bool Advise(uint64_t start, uint64_t end, ReadAdvice advice);
  // The areas that [start, end) touches, by address.
  std::vector<VmArea> AreasOf(uint64_t start, uint64_t end) const;

  // Whether an access to the address finds its page in the page table.
  bool IsPresent(uint64_t address) const { return page_table_.count(address >> kPageShift) != 0; }
  // The page of a mapped address is there from now on.
  void SetPresent(uint64_t address, Page& page) { page_table_[address >> kPageShift] = &page; }

 private:
  void SplitAt(uint64_t page);

  std::map<uint64_t, VmArea> areas_;      // by start
  std::map<uint64_t, Page*> page_table_;  // by page of the address
  uint64_t next_page_ = 0x40000;          // where the next mapping goes: 1 GiB, TASK_UNMAPPED_BASE
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_VFS_MM_H_
