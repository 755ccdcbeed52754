#include "sim/results/manifest.h"

#include <fmt/format.h>
#include <google/protobuf/stubs/common.h>
#include <google/protobuf/text_format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/utsname.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "configs/schema/manifest.pb.h"
#include "sim/core/error.h"
#include "sim/version/version.h"

namespace biotope {
namespace {

std::string Host() {
  utsname name{};
  if (uname(&name) != 0) return "";
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

}  // namespace

namespace {

std::string Hexadecimal(const unsigned char (&digest)[SHA256_DIGEST_LENGTH]) {
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

std::string Sha256OfText(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return Hexadecimal(digest);
}

std::string Sha256OfFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<char> buffer(1 << 20);
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<size_t>(file.gcount()));
  }
  if (!file.eof()) throw EnvironmentError(fmt::format("{}: {}", path, std::strerror(errno)));
  unsigned char digest[SHA256_DIGEST_LENGTH];
  EVP_DigestFinal_ex(context.get(), digest, nullptr);
  return Hexadecimal(digest);
}

std::string ManifestText(const RunFacts& facts) {
  Manifest manifest;
  manifest.set_version(std::string(Version()));
  manifest.set_commit(std::string(Commit()));
  manifest.set_dirty(Dirty());
  manifest.set_build_mode(std::string(BuildMode()));
  manifest.set_engine(std::string(facts.engine));
  manifest.set_schema_version(facts.schema_version);
  manifest.set_seed(facts.seed);
  for (const RunFacts::Input& input : facts.inputs) {
    Manifest::Input& entry = *manifest.add_input();
    entry.set_path(input.path);
    entry.set_sha256(input.sha256);
  }
  manifest.set_host(Host());
  manifest.set_protobuf_version(google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION));
  manifest.set_wall_seconds(facts.wall_seconds);
  manifest.set_simulated_seconds(static_cast<double>(facts.end.value()) / 1e12);
  manifest.set_events(facts.events);
  manifest.set_events_per_second(static_cast<double>(facts.events) / facts.wall_seconds);
  std::string text;
  google::protobuf::TextFormat::PrintToString(manifest, &text);
  return text;
}

}  // namespace biotope
