#ifndef BIOTOPE_LAYERS_PAGE_CACHE_PAGE_WAITER_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_PAGE_WAITER_H_

namespace biotope {

// Somebody who waits for a page. Whoever waits derives from it what the waker must know.
struct PageWaiter {
  PageWaiter* next = nullptr;
};

// The waiters of one page, first in, first out. A ring whose handle is the last one, so that a page
// spends one pointer on it.
class PageWaitQueue {
 public:
  bool empty() const { return last_ == nullptr; }

  void PushBack(PageWaiter& waiter) {
    if (last_ == nullptr) {
      waiter.next = &waiter;
    } else {
      waiter.next = last_->next;
      last_->next = &waiter;
    }
    last_ = &waiter;
  }

  // Takes the first one out; null if there is none.
  PageWaiter* PopFront() {
    if (last_ == nullptr) return nullptr;
    PageWaiter* first = last_->next;
    if (first == last_) {
      last_ = nullptr;
    } else {
      last_->next = first->next;
    }
    first->next = nullptr;
    return first;
  }

 private:
  PageWaiter* last_ = nullptr;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_PAGE_WAITER_H_
