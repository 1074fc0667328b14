// What both generations of libgpiod have in common: walking the chips and asking before reading.
// The chip's number is never used: on one and the same board it has changed between kernels.

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_chip(const struct dirent *entry)
{
    return strncmp(entry->d_name, "gpiochip", strlen("gpiochip")) == 0;
}

// Splits "label:offset"; 0 if `line` is no such thing.
static int split_label(const char *line, char *label, size_t size, unsigned *offset)
{
    const char *colon = strrchr(line, ':');
    if (!colon || colon == line || (size_t)(colon - line) >= size)
        return 0;
    if (colon[1] < '0' || colon[1] > '9')
        return 0;
    char *end;
    errno = 0;
    unsigned long number = strtoul(colon + 1, &end, 10);
    if (*end || errno || number > UINT_MAX)
        return 0;
    memcpy(label, line, (size_t)(colon - line));
    label[colon - line] = '\0';
    *offset = (unsigned)number;
    return 1;
}

int edge_gpio_request(const edge_gpio_settings *settings, edge_gpio_line **out, char *holder)
{
    char label[64] = "";
    unsigned offset = 0;
    int has_label = split_label(settings->line, label, sizeof label, &offset);
    holder[0] = '\0';
    *out = NULL;

    struct dirent **entries;
    int count = scandir("/dev", &entries, is_chip, alphasort);
    if (count < 0)
        return -errno;

    // One chip that cannot be opened must not hide the others; its reason is told only if nothing is found.
    int result = -ENOENT;
    int found = 0;
    for (int i = 0; i < count; i++) {
        if (!found) {
            char path[sizeof "/dev/" + NAME_MAX];
            snprintf(path, sizeof path, "/dev/%s", entries[i]->d_name);
            edge_gpio_place place = { path, has_label ? label : NULL, offset };
            int attempt = edge_gpio_request_on(&place, settings, out, holder, &found);
            if (found || attempt != -ENOENT)
                result = attempt;
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}

int edge_gpio_read_edges(edge_gpio_line *line, edge_gpio_edge *edges, int capacity)
{
    // Both libraries block in their read when nothing waits.
    struct pollfd watched = { .fd = edge_gpio_descriptor(line), .events = POLLIN };
    int ready = poll(&watched, 1, 0);
    if (ready < 0)
        return errno == EINTR ? 0 : -errno;
    if (watched.revents & (POLLERR | POLLHUP | POLLNVAL))
        return -ENODEV;
    if (ready == 0)
        return 0;
    return edge_gpio_read_waiting(line, edges, capacity);
}
