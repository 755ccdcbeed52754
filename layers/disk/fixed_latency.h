#ifndef BIOTOPE_LAYERS_DISK_FIXED_LATENCY_H_
#define BIOTOPE_LAYERS_DISK_FIXED_LATENCY_H_

#include "layers/disk/device_model.h"

namespace biotope {

// A device that takes the same time for every command: for experiments about the layers above.
class FixedLatencyModel : public DeviceModel {
 public:
  FixedLatencyModel(Tick service, Sector capacity) : service_(service), capacity_(capacity) {}

  Sector capacity() const override { return capacity_; }
  ServiceTime Serve(Tick, Sector, uint32_t, bool) override {
    return {.overhead = Tick(0), .seek = Tick(0), .rotation = Tick(0), .transfer = service_};
  }

 private:
  const Tick service_;
  const Sector capacity_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_FIXED_LATENCY_H_
