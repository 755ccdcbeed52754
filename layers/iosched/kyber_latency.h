#ifndef BIOTOPE_LAYERS_IOSCHED_KYBER_LATENCY_H_
#define BIOTOPE_LAYERS_IOSCHED_KYBER_LATENCY_H_

#include <array>
#include <cstdint>
#include <optional>

namespace biotope {

// How long requests of one domain took, and what follows from it.
// Models: block/kyber-iosched.c add_latency_sample, calculate_percentile (Linux 6.18). Left out on
// purpose: a histogram per CPU, which are added up before they are looked at.
//
// A latency counts by the quarter of the target in which it lies.
class KyberLatency {
 public:
  static constexpr uint32_t kBuckets = 8;
  static constexpr uint32_t kGoodBuckets = 4;  // those within the target
  static constexpr uint32_t kShift = 2;        // a target has 1 << kShift buckets

  // What of a request's life is measured.
  enum Kind { kTotal, kIo, kNrKinds };  // since it was allocated; since it was dispatched

  explicit KyberLatency(uint64_t target_ns) : target_ns_(target_ns) {}

  void Add(Kind kind, uint64_t latency_ns);

  // The bucket below which `percent` of the samples lie, which are forgotten then. Nothing as long
  // as there are few samples: fewer than 500, and for less than a second.
  std::optional<uint32_t> Percentile(Kind kind, uint32_t percent, uint64_t jiffies, uint32_t hz);

  // The p99 of the total, and the last one that is known if there is none now and `congested`;
  // congestion uses it up.
  std::optional<uint32_t> TotalP99(bool congested, uint64_t jiffies, uint32_t hz);

 private:
  using Histogram = std::array<uint32_t, kBuckets>;

  const uint64_t target_ns_;
  std::array<Histogram, kNrKinds> histograms_ = {};
  uint64_t timeout_ = 0;  // jiffies; 0: no sample has been waited for yet. Both kinds share it
  std::optional<uint32_t> last_p99_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_KYBER_LATENCY_H_
