#ifndef EDGE_CGPIOD_INTERNAL_H
#define EDGE_CGPIOD_INTERNAL_H

// What libgpiod1.c and libgpiod2.c each provide; only one of them is not empty.

#include "cgpiod.h"

typedef struct {
    const char *path;   // of the chip's device
    const char *label;  // the label asked for, or NULL if the line was named otherwise
    unsigned offset;    // on the chip of that label
} edge_gpio_place;

// Takes the line if it is on this chip. `found` is set once it is: an error is then about the line, and
// otherwise about the chip (-ENOENT: a good chip without that line).
int edge_gpio_request_on(const edge_gpio_place *place, const edge_gpio_settings *settings, edge_gpio_line **out,
                         char *holder, int *found);

// Reads edges that are known to wait.
int edge_gpio_read_waiting(edge_gpio_line *line, edge_gpio_edge *edges, int capacity);

#endif
