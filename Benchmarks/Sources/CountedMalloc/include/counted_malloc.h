// Every allocation of the program, counted: malloc and its kin of glibc, replaced for this executable alone.
#ifndef COUNTED_MALLOC_H
#define COUNTED_MALLOC_H

#include <stdint.h>

/// Calls of malloc, calloc, realloc and posix_memalign so far. One thread is assumed.
uint64_t counted_malloc_calls(void);

/// Bytes that are allocated now, as glibc counts them.
uint64_t counted_malloc_bytes_in_use(void);

#endif
