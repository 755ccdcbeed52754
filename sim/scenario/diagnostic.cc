#include "sim/scenario/diagnostic.h"

#include <fmt/format.h>

#include <utility>

namespace biotope {
namespace {

std::string RenderOne(const Diagnostic& diagnostic) {
  std::string text = fmt::format("{}: error: {}\n", diagnostic.where, diagnostic.message);
  text += diagnostic.excerpt;
  for (const std::string& note : diagnostic.notes) text += fmt::format("  note: {}\n", note);
  return text;
}

}  // namespace

Diagnostic Diagnostic::At(const SourceText& source, Span span, std::string message,
                          std::vector<std::string> notes) {
  return {source.Where(span.offset), std::move(message), source.Excerpt(span), std::move(notes)};
}

std::string Render(const std::vector<Diagnostic>& diagnostics, size_t left_out) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += RenderOne(diagnostic);
  if (left_out > 0) text += fmt::format("... and {} errors more\n", left_out);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace biotope
