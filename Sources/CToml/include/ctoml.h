// TOML for Swift: toml++ behind C functions, with line and column for every key and every value.
//
// A document is a flat list of nodes in document-tree order: a table or array node is followed by its
// children, each followed by its own. No C++ type and no exception crosses this border. Why not a Swift
// package: those that exist bring full Foundation with them, or lose the columns.

#ifndef EDGE_CTOML_H
#define EDGE_CTOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A configuration is typed by hand; a megabyte of it is a wrong file.
#define EDGE_TOML_MAX_BYTES 1048576
/// meter -> register -> value is three; the rest is headroom. Bounds every recursion over the tree.
#define EDGE_TOML_MAX_DEPTH 16
/// Dotted keys nest without a depth check in toml++, and nested tables are destroyed recursively: a line
/// this long can nest some hundred tables, which any stack can bear.
#define EDGE_TOML_MAX_LINE_BYTES 1000

typedef enum {
    edge_toml_table,
    edge_toml_array,
    edge_toml_string,
    edge_toml_integer,
    /// Floats are told by kind only: what must be exact is written as a string.
    edge_toml_float,
    edge_toml_boolean,
    /// Dates and times; no key of ours takes one, so only the kind is told.
    edge_toml_date,
} edge_toml_kind;

/// One node. Lines and columns count from 1. Strings are UTF-8, not terminated, and live as long as the document.
typedef struct {
    edge_toml_kind kind;
    uint32_t line, column;
    /// The key under which it stands in its table; NULL for array elements and for the root.
    const char *key;
    size_t key_length;
    uint32_t key_line, key_column;
    /// The content of a string.
    const char *text;
    size_t text_length;
    int64_t integer;
    bool boolean;
    /// Children of a table or an array.
    size_t child_count;
} edge_toml_node;

typedef struct {
    char message[256];
    uint32_t line, column;
} edge_toml_error;

typedef struct edge_toml_document edge_toml_document;

/// Parses `length` bytes of UTF-8. NULL and a filled `error` when it is no TOML, or beyond a limit above.
edge_toml_document *edge_toml_parse(const char *text, size_t length, edge_toml_error *error);
size_t edge_toml_count(const edge_toml_document *document);
/// Node 0 is the root table. `index` must be below the count.
edge_toml_node edge_toml_at(const edge_toml_document *document, size_t index);
void edge_toml_free(edge_toml_document *document);

#ifdef __cplusplus
}
#endif
#endif
