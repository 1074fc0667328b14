// See ctoml.h. Everything that can throw stands inside the try of edge_toml_parse.

#include "ctoml.h"

#include <stdexcept>

// toml++ 3.3 asserts (in release builds: assumes, which is worse) that a table header begins with a letter,
// a digit or a quote. "[$x]" is a slip of a finger and must not end the agent, so its assertions throw here,
// in release builds too: NDEBUG would take them out.
[[noreturn]] static void assertion_failed() { throw std::logic_error("assertion"); }
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : assertion_failed())

// Parse errors come back as values; EDGE_TOML_MAX_DEPTH bounds the parser's own recursion.
#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES EDGE_TOML_MAX_DEPTH
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <exception>
#include <memory>
#include <string_view>
#include <vector>

struct edge_toml_document {
    toml::table root;
    std::vector<edge_toml_node> nodes;
};

namespace {

void fill(edge_toml_error *error, std::string_view message, uint32_t line, uint32_t column) {
    const size_t length = std::min(message.size(), sizeof error->message - 1);
    std::memcpy(error->message, message.data(), length);
    error->message[length] = 0;
    error->line = line;
    error->column = column;
}

bool within_limits(std::string_view text, edge_toml_error *error) {
    if (text.size() > EDGE_TOML_MAX_BYTES) {
        fill(error, "the file is larger than 1 MiB", 1, 1);
        return false;
    }
    uint32_t line = 1;
    for (size_t start = 0; start < text.size(); line++) {
        const size_t end = std::min(text.find('\n', start), text.size());
        if (end - start > EDGE_TOML_MAX_LINE_BYTES) {
            fill(error, "the line is longer than 1000 bytes", line, 1);
            return false;
        }
        start = end + 1;
    }
    return true;
}

/// The parser gave up without saying where: finds the first line that begins like a header with no name in it.
void fill_bad_header(edge_toml_error *error, std::string_view text) {
    uint32_t line = 1;
    for (size_t start = 0; start < text.size(); line++) {
        const size_t end = std::min(text.find('\n', start), text.size());
        const size_t bracket = std::min(text.find_first_not_of(" \t", start), end);
        const size_t name = std::min(text.find_first_not_of("[ \t", bracket), end);
        const bool is_header = bracket < end && text[bracket] == '[';
        if (is_header && (name == end || !(std::isalnum((unsigned char)text[name]) || std::strchr("-_\"'", text[name])))) {
            fill(error, "a table's name must begin with a letter, a digit, \"-\", \"_\" or a quote", line, (uint32_t)(name - start) + 1);
            return;
        }
        start = end + 1;
    }
    fill(error, "something in it confuses the parser", 1, 1);
}

/// Appends a node and all below it; false when that goes deeper than the limit.
bool append(edge_toml_document &document, const toml::node &value, const toml::key *key, int depth, edge_toml_error *error) {
    const auto where = value.source().begin;
    if (depth > EDGE_TOML_MAX_DEPTH) {
        fill(error, "tables are nested too deeply", where.line, where.column);
        return false;
    }
    edge_toml_node node{};
    node.line = where.line;
    node.column = where.column;
    if (key) {
        node.key = key->str().data();
        node.key_length = key->str().size();
        node.key_line = key->source().begin.line;
        node.key_column = key->source().begin.column;
    }
    const toml::table *table = value.as_table();
    const toml::array *array = value.as_array();
    if (table) {
        node.kind = edge_toml_table;
        node.child_count = table->size();
    } else if (array) {
        node.kind = edge_toml_array;
        node.child_count = array->size();
    } else if (const auto *string = value.as_string()) {
        node.kind = edge_toml_string;
        node.text = string->get().data();
        node.text_length = string->get().size();
    } else if (const auto *integer = value.as_integer()) {
        node.kind = edge_toml_integer;
        node.integer = integer->get();
    } else if (value.is_floating_point()) {
        node.kind = edge_toml_float;
    } else if (const auto *boolean = value.as_boolean()) {
        node.kind = edge_toml_boolean;
        node.boolean = boolean->get();
    } else {
        node.kind = edge_toml_date;
    }
    document.nodes.push_back(node);
    if (table) {
        for (auto &&[name, child] : *table)
            if (!append(document, child, &name, depth + 1, error)) return false;
    } else if (array) {
        for (auto &&child : *array)
            if (!append(document, child, nullptr, depth + 1, error)) return false;
    }
    return true;
}

}  // namespace

extern "C" edge_toml_document *edge_toml_parse(const char *text, size_t length, edge_toml_error *error) {
    const std::string_view source(length ? text : "", length);
    try {
        if (!within_limits(source, error)) return nullptr;
        auto result = toml::parse(source);
        if (!result) {
            const auto where = result.error().source().begin;
            fill(error, result.error().description(), where.line, where.column);
            return nullptr;
        }
        auto document = std::make_unique<edge_toml_document>();
        document->root = std::move(result).table();
        if (!append(*document, document->root, nullptr, 0, error)) return nullptr;
        return document.release();
    } catch (const std::logic_error &) {
        fill_bad_header(error, source);
    } catch (const std::exception &problem) {
        fill(error, problem.what(), 1, 1);
    } catch (...) {
        fill(error, "unknown failure of the parser", 1, 1);
    }
    return nullptr;
}

extern "C" size_t edge_toml_count(const edge_toml_document *document) { return document->nodes.size(); }

extern "C" edge_toml_node edge_toml_at(const edge_toml_document *document, size_t index) {
    return document->nodes[index];
}

extern "C" void edge_toml_free(edge_toml_document *document) { delete document; }
