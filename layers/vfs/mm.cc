#include "layers/vfs/mm.h"

#include <algorithm>
#include <utility>

namespace biotope {

const VmArea* MmStruct::Find(uint64_t address) const {
  const uint64_t page = address >> kPageShift;
  auto area = areas_.upper_bound(page);
  if (area == areas_.begin()) return nullptr;
  --area;
  return page < area->second.end ? &area->second : nullptr;
}

uint64_t MmStruct::Map(std::shared_ptr<File> file, PageIndex file_start, uint64_t pages) {
  const uint64_t start = next_page_;
  next_page_ += pages;
  areas_[start] = {.start = start,
                   .end = start + pages,
                   .file_start = file_start,
                   .file = std::move(file),
                   .advice = ReadAdvice::kNormal};
  return start << kPageShift;
}

// split_vma.
void MmStruct::SplitAt(uint64_t page) {
  auto next = areas_.lower_bound(page);
  if (next == areas_.begin() || (next != areas_.end() && next->first == page)) return;
  VmArea& area = std::prev(next)->second;
  if (page >= area.end) return;
  VmArea upper = area;
  upper.start = page;
  upper.file_start = area.FilePage(page);
  area.end = page;
  areas_.emplace(page, std::move(upper));
}

void MmStruct::Zap(uint64_t start, uint64_t end, std::vector<Page*>* removed) {
  const auto first = page_table_.lower_bound(start >> kPageShift);
  const auto last = page_table_.lower_bound(end >> kPageShift);
  for (auto entry = first; entry != last; ++entry) removed->push_back(entry->second);
  page_table_.erase(first, last);
}

void MmStruct::Unmap(uint64_t start, uint64_t end, std::vector<Page*>* removed) {
  SplitAt(start >> kPageShift);
  SplitAt(end >> kPageShift);
  Zap(start, end, removed);
  areas_.erase(areas_.lower_bound(start >> kPageShift), areas_.lower_bound(end >> kPageShift));
}

bool MmStruct::Advise(uint64_t start, uint64_t end, ReadAdvice advice) {
  const uint64_t last_page = end >> kPageShift;
  uint64_t page = start >> kPageShift;
  SplitAt(page);
  SplitAt(last_page);
  bool whole = true;
  for (auto area = areas_.lower_bound(page); area != areas_.end() && area->first < last_page;
       ++area) {
    whole = whole && area->first == page;
    area->second.advice = advice;
    page = area->second.end;
  }
  return whole && page == last_page;
}

std::vector<VmArea> MmStruct::AreasOf(uint64_t start, uint64_t end) const {
  std::vector<VmArea> areas;
  const uint64_t first = start >> kPageShift;
  const uint64_t last = end >> kPageShift;
  for (const auto& [unused, area] : areas_) {
    if (area.end <= first || area.start >= last) continue;
    VmArea part = area;
    part.start = std::max(area.start, first);
    part.end = std::min(area.end, last);
    part.file_start = area.FilePage(part.start);
    areas.push_back(std::move(part));
  }
  return areas;
}

}  // namespace biotope
