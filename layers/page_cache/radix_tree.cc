#include "layers/page_cache/radix_tree.h"

#include <cerrno>

namespace biotope {

RadixTree::~RadixTree() {
  if (root_ != nullptr) FreeSubtree(root_, height_);
}

void RadixTree::FreeSubtree(Node* node, uint32_t height) {
  if (height > 1) {
    for (void* child : node->slots) {
      if (child != nullptr) FreeSubtree(static_cast<Node*>(child), height - 1);
    }
  }
  nodes_.Free(node);
}

// radix_tree_extend: puts new roots on top until `index` fits.
void RadixTree::Extend(PageIndex index) {
  while (height_ == 0 || index > MaxIndex(height_)) {
    ++height_;
    if (root_ == nullptr) continue;
    Node* top = nodes_.Allocate();
    top->slots[0] = root_;
    top->count = 1;
    root_ = top;
  }
}

int RadixTree::Insert(PageIndex index, Page& page) {
  Extend(index);
  if (root_ == nullptr) root_ = nodes_.Allocate();
  Node* node = root_;
  for (uint32_t shift = (height_ - 1) * kMapShift; shift > 0; shift -= kMapShift) {
    void*& child = node->slots[SlotOf(index.value(), shift)];
    if (child == nullptr) {
      child = nodes_.Allocate();
      ++node->count;
    }
    node = static_cast<Node*>(child);
  }
  void*& slot = node->slots[SlotOf(index.value(), 0)];
  if (slot != nullptr) return -EEXIST;
  slot = &page;
  ++node->count;
  return 0;
}

Page* RadixTree::Erase(PageIndex index) {
  Page* page = Lookup(index).page;
  if (page == nullptr) return nullptr;

  std::array<Node*, kMaxHeight> path;
  Node* node = root_;
  for (uint32_t level = height_; level > 0; --level) {
    path[level - 1] = node;
    node = static_cast<Node*>(node->slots[SlotOf(index.value(), (level - 1) * kMapShift)]);
  }
  // Empty the slot, and free every node that has become empty by that.
  for (uint32_t level = 0; level < height_; ++level) {
    path[level]->slots[SlotOf(index.value(), level * kMapShift)] = nullptr;
    if (--path[level]->count > 0) return page;
    nodes_.Free(path[level]);
  }
  root_ = nullptr;
  height_ = 0;
  return page;
}

// The first lowest-level node that may hold `index` or a larger one. Moves `index` up to its range.
const RadixTree::Node* RadixTree::NextLeaf(uint64_t& index) const {
  while (root_ != nullptr && index <= MaxIndex(height_).value()) {
    const Node* node = root_;
    uint32_t shift = (height_ - 1) * kMapShift;
    bool beyond_node = false;
    while (shift > 0 && !beyond_node) {
      if (const void* child = node->slots[SlotOf(index, shift)]) {
        node = static_cast<const Node*>(child);
        shift -= kMapShift;
        continue;
      }
      index = ((index >> shift) + 1) << shift;
      if (index == 0) return nullptr;
      beyond_node = SlotOf(index, shift) == 0;
    }
    if (!beyond_node) return node;
  }
  return nullptr;
}

size_t RadixTree::GangLookup(PageIndex first, std::span<Page*> results) const {
  size_t found = 0;
  uint64_t index = first.value();
  while (found < results.size()) {
    const Node* leaf = NextLeaf(index);
    if (leaf == nullptr) break;
    for (uint32_t slot = SlotOf(index, 0); slot < kMapSize && found < results.size(); ++slot) {
      if (leaf->slots[slot] != nullptr) results[found++] = static_cast<Page*>(leaf->slots[slot]);
    }
    index = (index | (kMapSize - 1)) + 1;
    if (index == 0) break;
  }
  return found;
}

}  // namespace biotope
