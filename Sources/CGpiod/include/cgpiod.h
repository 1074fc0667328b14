#ifndef EDGE_CGPIOD_H
#define EDGE_CGPIOD_H

// One face for libgpiod 1.x (Debian 12) and 2.x (Debian 13), whose APIs have nothing in common.
// Chosen when it is compiled: GPIOD_LINE_BULK_MAX_LINES exists in 1.x only.
//
// Every call returns 0 or a count when it went well, and a negative errno when it did not.
// Nothing here waits. A handle belongs to one thread.

#include <stddef.h>
#include <stdint.h>

enum {
    EDGE_GPIO_BIAS_AS_IS = 0,
    EDGE_GPIO_BIAS_DISABLED = 1,
    EDGE_GPIO_BIAS_PULL_UP = 2,
    EDGE_GPIO_BIAS_PULL_DOWN = 3,
};

enum {
    EDGE_GPIO_DRIVE_PUSH_PULL = 0,
    EDGE_GPIO_DRIVE_OPEN_DRAIN = 1,
    EDGE_GPIO_DRIVE_OPEN_SOURCE = 2,
};

// One requested line.
typedef struct edge_gpio_line edge_gpio_line;

typedef struct {
    const char *line;              // a line name, or "chip label:offset"
    const char *consumer;          // what others see as the holder of the line
    int is_output;                 // output: driven inactive from the request on; input: both edges
    int active_low;
    int bias;                      // EDGE_GPIO_BIAS_…
    int drive;                     // of an output: EDGE_GPIO_DRIVE_…
} edge_gpio_settings;

typedef struct {
    int64_t monotonic_nanoseconds; // CLOCK_MONOTONIC, by the kernel
    int is_active;                 // after active-low
    uint32_t sequence;             // the line's own number of this edge, from 1 at the request on, wrapping; a gap is
                                   // what was dropped. 0 under 1.x, which does not say
} edge_gpio_edge;

// Longest consumer name of the kernel, with its terminating zero.
enum { EDGE_GPIO_NAME_SIZE = 32 };

// Version of the library, for `status`.
const char *edge_gpio_version(void);

// Finds the line on any chip and takes it. -ENOENT: no such line; -EACCES: chips that we may not open;
// -EBUSY: taken, and `holder` (EDGE_GPIO_NAME_SIZE bytes) says by whom, empty if unknown.
int edge_gpio_request(const edge_gpio_settings *settings, edge_gpio_line **out, char *holder);

// Gives the line back. NULL is allowed.
void edge_gpio_release(edge_gpio_line *line);

// Readable when edges wait, and when the chip is gone.
int edge_gpio_descriptor(const edge_gpio_line *line);

// Up to `capacity` edges, oldest first; 0 when none wait; -ENODEV when the chip is gone.
int edge_gpio_read_edges(edge_gpio_line *line, edge_gpio_edge *edges, int capacity);

// The logical level: 0 or 1.
int edge_gpio_get(edge_gpio_line *line);

// Drives the logical level.
int edge_gpio_set(edge_gpio_line *line, int active);

#endif
