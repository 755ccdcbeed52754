#ifndef BIOTOPE_LAYERS_SYSCALL_WAYS_IN_H_
#define BIOTOPE_LAYERS_SYSCALL_WAYS_IN_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "layers/syscall/kernel_version.h"

namespace biotope {

// What brings a processor into the kernel.
enum class WayIn : uint8_t {
  kSystemCall,     // the processor's own instruction for it
  kCompat,         // a system call of a 32-bit program in a 64-bit kernel
  kInterrupt,      // a device
  kApicInterrupt,  // another processor or the local timer
  kException,      // the instruction itself: fault, trap, abort
};

std::string_view WayInName(WayIn way);

// One door into the kernel.
struct KernelDoor {
  std::string_view architecture;
  WayIn way = WayIn::kSystemCall;
  std::string_view symbol;  // where the processor arrives
  std::string_view file;    // of the kernel
  // The vectors of the interrupt table, both included, if it is reached through one.
  uint16_t first_vector = 0;
  uint16_t last_vector = 0;
  bool has_vector = false;
  std::string_view enters_by;   // instruction or event
  std::string_view leads_to;    // the function in C that it ends up in
  std::string_view returns_by;  // instruction
  // The kernels that have it.
  KernelVersion first_kernel;
  KernelVersion last_kernel;
  // What prices it: the mechanism of an entry program, or the costs of machine.cpu.
  std::string_view priced_by;
};

// All doors that are known, by architecture.
std::span<const KernelDoor> KernelDoors();

// The door of a vector in a kernel, or null: that of the interrupt array for every vector to which
// nothing else is assigned.
const KernelDoor* DoorOfVector(std::string_view architecture, KernelVersion kernel,
                               uint16_t vector);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_WAYS_IN_H_
