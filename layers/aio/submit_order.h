#ifndef BIOTOPE_LAYERS_AIO_SUBMIT_ORDER_H_
#define BIOTOPE_LAYERS_AIO_SUBMIT_ORDER_H_

#include <cerrno>
#include <cstdint>

#include "layers/aio/aio_rules.h"
#include "layers/aio/iocb.h"

namespace biotope {

// The array of pointers that io_submit is given.
struct IocbArray {
  UserPointer pointer = UserPointer::kValid;
  uint64_t mapped = UINT64_MAX;  // pointers of it that can be read; the next one faults
  bool reaches_kernel = false;   // the array ends in addresses that no program can have
};

// How io_submit begins: 0, or the error with which it ends before any iocb. `nr` becomes the number
// of iocbs that it goes through. ring_events: of the context; 0: there is no such context.
int BeginSubmit(AioRules::Submit rule, const IocbArray& array, uint32_t ring_events, int64_t* nr);

// get_user of the pointer at `index`: 0 or EFAULT.
inline int ReadPointer(const IocbArray& array, uint64_t index) {
  return IsMapped(array.pointer) && index < array.mapped ? 0 : EFAULT;
}

// What io_submit returns: the count if any iocb was accepted, which hides the error; else the
// error, as -errno.
inline int64_t IoSubmitResult(int64_t accepted, int error) {
  return accepted > 0 ? accepted : -error;
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_SUBMIT_ORDER_H_
