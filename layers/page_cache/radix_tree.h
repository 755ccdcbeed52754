#ifndef BIOTOPE_LAYERS_PAGE_CACHE_RADIX_TREE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_RADIX_TREE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "layers/page_cache/page.h"
#include "layers/page_cache/slab.h"
#include "sim/core/units.h"

namespace biotope {

// Models: lib/radix-tree.c radix_tree_insert, _lookup, _delete, _gang_lookup (Linux 2.6.11).
// Left out on purpose: the dirty and writeback tags (reads have none); preloading, since nodes are
// never refused; the lock, which is the caller's affair.
//
// Maps page indices to pages: a tree of nodes with 64 slots whose height is just what the largest
// index ever inserted needs. It does not become lower when large indices are erased (that came
// with 2.6.16); it starts anew when the last page has gone.
class RadixTree {
 public:
  static constexpr uint32_t kMapShift = 6;
  static constexpr uint32_t kMapSize = 1 << kMapShift;
  static constexpr uint32_t kMaxHeight = 11;  // 64 bits; a 32-bit kernel's trees end at height 6

  // radix_tree_node.
  struct Node {
    uint32_t count = 0;                   // slots in use
    std::array<void*, kMapSize> slots{};  // nodes, or pages on the lowest level
  };
  using NodePool = Slab<Node>;

  struct Found {
    Page* page = nullptr;
    uint32_t levels = 0;  // nodes that were visited: the dependent loads of the look-up
  };

  explicit RadixTree(NodePool& nodes) : nodes_(nodes) {}
  ~RadixTree();
  RadixTree(const RadixTree&) = delete;
  RadixTree& operator=(const RadixTree&) = delete;

  Found Lookup(PageIndex index) const {
    if (index > MaxIndex(height_)) return {};
    const void* item = root_;
    uint32_t levels = 0;
    for (uint32_t shift = height_ * kMapShift; shift > 0 && item != nullptr; ++levels) {
      shift -= kMapShift;
      item = static_cast<const Node*>(item)->slots[SlotOf(index.value(), shift)];
    }
    return {static_cast<Page*>(const_cast<void*>(item)), levels};
  }

  // 0, or -EEXIST if there is a page at `index`.
  [[nodiscard]] int Insert(PageIndex index, Page& page);

  // Takes the page at `index` out; null if there is none.
  Page* Erase(PageIndex index);

  // Puts the first pages at or behind `first` into `results`, by ascending index; returns how many.
  size_t GangLookup(PageIndex first, std::span<Page*> results) const;

  uint32_t height() const { return height_; }
  // The largest index that a tree of this height can hold.
  static constexpr PageIndex MaxIndex(uint32_t height) {
    const uint32_t bits = height * kMapShift;
    return PageIndex(bits >= 64 ? UINT64_MAX : (uint64_t{1} << bits) - 1);
  }

 private:
  static constexpr uint32_t SlotOf(uint64_t index, uint32_t shift) {
    return (index >> shift) & (kMapSize - 1);
  }
  void Extend(PageIndex index);
  void FreeSubtree(Node* node, uint32_t height);
  const Node* NextLeaf(uint64_t& index) const;

  NodePool& nodes_;
  Node* root_ = nullptr;
  uint32_t height_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_RADIX_TREE_H_
