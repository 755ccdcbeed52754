#include "sim/sweep/worker.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <vector>

#include "sim/core/error.h"

namespace biotope {
namespace {

// A report as it travels: this, and then its message.
struct Header {
  uint32_t point;
  PointReport::Outcome outcome;
};
constexpr size_t kLongestMessage = 32 * 1024;
constexpr off_t kLongestLog = 256 * 1024;

// Sends all of one packet; false if nobody listens.
bool Send(int socket, const void* data, size_t size) {
  ssize_t sent;
  do {
    sent = send(socket, data, size, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(size);
}

ssize_t ReceivePacket(int socket, void* data, size_t size) {
  ssize_t got;
  do {
    got = recv(socket, data, size, 0);
  } while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace

Worker::Worker(const SweepDirectory& directory, const PointRunner& runner) : directory_(directory) {
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) {
    throw EnvironmentError(fmt::format("no socket for a worker: {}", std::strerror(errno)));
  }
  log_ = memfd_create("log", MFD_CLOEXEC);
  const pid_t parent = getpid();
  std::fflush(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    close(sockets[0]);
    Main(sockets[1], runner, parent);
  }
  close(sockets[1]);
  socket_ = sockets[0];
  if (pid_ < 0) {
    close(socket_);
    if (log_ >= 0) close(log_);
    throw EnvironmentError(fmt::format("no worker: {}", std::strerror(errno)));
  }
}

Worker::~Worker() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) continue;
    directory_.RemoveLeftoversOf(pid_);
  }
  close(socket_);
  if (log_ >= 0) close(log_);
}

// Runs what the parent sends until it sends no more.
void Worker::Main(int socket, const PointRunner& runner, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it died before we asked
  std::signal(SIGINT, SIG_IGN);       // the parent decides
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that cannot grow is an error like a full disk
  if (log_ >= 0) dup2(log_, STDERR_FILENO);
  uint32_t point;
  while (ReceivePacket(socket, &point, sizeof(point)) == sizeof(point)) {
    if (log_ >= 0 && ftruncate(log_, 0) == 0) lseek(log_, 0, SEEK_SET);
    const PointReport report = RunPoint(directory_, point, runner);
    std::fflush(stderr);
    const Header header{report.point, report.outcome};
    std::string packet(reinterpret_cast<const char*>(&header), sizeof(header));
    packet += report.message.substr(0, kLongestMessage);
    if (!Send(socket, packet.data(), packet.size())) break;
    // A failed run may have left the process in any state.
    if (report.outcome != PointReport::Outcome::kFinished) break;
  }
  _exit(0);
}

void Worker::Start(uint32_t point) {
  point_ = point;
  // A worker that has died meanwhile is seen when its report is waited for.
  Send(socket_, &point, sizeof(point));
}

std::optional<PointReport> Worker::Receive() {
  std::vector<char> packet(sizeof(Header) + kLongestMessage);
  const ssize_t got = ReceivePacket(socket_, packet.data(), packet.size());
  if (got < static_cast<ssize_t>(sizeof(Header))) {
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) continue;
    directory_.RemoveLeftoversOf(pid_);
    pid_ = -1;
    return std::nullopt;
  }
  Header header;
  std::memcpy(&header, packet.data(), sizeof(header));
  point_.reset();
  return PointReport{header.point, header.outcome,
                     std::string(packet.data() + sizeof(header), packet.data() + got)};
}

std::string Worker::Log() const {
  if (log_ < 0) return "";
  const off_t size = std::min(lseek(log_, 0, SEEK_END), kLongestLog);
  std::string text(static_cast<size_t>(std::max<off_t>(size, 0)), '\0');
  const ssize_t got = pread(log_, text.data(), text.size(), 0);
  text.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace biotope
