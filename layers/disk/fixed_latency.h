#ifndef BIOTOPE_LAYERS_DISK_FIXED_LATENCY_H_
#define BIOTOPE_LAYERS_DISK_FIXED_LATENCY_H_

#include "layers/disk/device_model.h"

namespace biotope {

// A device that takes the same time for every command: for experiments about the layers above.
class FixedLatencyModel : public DeviceModel {
 public:
  // `loses_command`: the number, from 1, of the command that it never answers; 0: none.
  FixedLatencyModel(Tick service, Sector capacity, uint64_t loses_command = 0)
      : service_(service), capacity_(capacity), loses_command_(loses_command) {}

  Sector capacity() const override { return capacity_; }
  ServiceTime Serve(Tick, Sector, uint32_t, bool) override {
    ServiceTime service;
    service.transfer = service_;
    if (++commands_ == loses_command_) service.overhead = kNever;
    return service;
  }

 private:
  const Tick service_;
  const Sector capacity_;
  const uint64_t loses_command_;
  uint64_t commands_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_FIXED_LATENCY_H_
