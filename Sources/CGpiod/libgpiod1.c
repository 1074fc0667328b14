// libgpiod 1.x: sixteen edges kept for each line, the newest dropped.

#include "internal.h"

#include <gpiod.h>

#ifdef GPIOD_LINE_BULK_MAX_LINES

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The kernel keeps sixteen edges for each line.
enum { QUEUE_LENGTH = 16 };

struct edge_gpio_line {
    struct gpiod_chip *chip; // owns `line`
    struct gpiod_line *line;
    int is_output;
};

const char *edge_gpio_version(void)
{
    return gpiod_version_string();
}

static struct gpiod_line *find(struct gpiod_chip *chip, const edge_gpio_place *place, const char *name)
{
    struct gpiod_line *line = gpiod_chip_find_line(chip, name);
    if (line || !place->label || strcmp(gpiod_chip_label(chip), place->label) != 0)
        return line;
    if (place->offset >= gpiod_chip_num_lines(chip)) {
        errno = ENOENT;
        return NULL;
    }
    return gpiod_chip_get_line(chip, place->offset);
}

static int flags(const edge_gpio_settings *settings)
{
    int flags = settings->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    if (settings->is_output && settings->drive == EDGE_GPIO_DRIVE_OPEN_DRAIN)
        flags |= GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN;
    if (settings->is_output && settings->drive == EDGE_GPIO_DRIVE_OPEN_SOURCE)
        flags |= GPIOD_LINE_REQUEST_FLAG_OPEN_SOURCE;
    switch (settings->bias) {
    case EDGE_GPIO_BIAS_DISABLED: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
    case EDGE_GPIO_BIAS_PULL_UP: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    case EDGE_GPIO_BIAS_PULL_DOWN: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    default: return flags;
    }
}

static int take(struct gpiod_line *line, const edge_gpio_settings *settings, char *holder)
{
    struct gpiod_line_request_config config = {
        .consumer = settings->consumer,
        .request_type = settings->is_output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES,
        .flags = flags(settings),
    };
    if (gpiod_line_request(line, &config, 0) == 0)
        return 0;
    int error = errno;
    const char *consumer = gpiod_line_consumer(line);
    if (error == EBUSY && consumer)
        snprintf(holder, EDGE_GPIO_NAME_SIZE, "%s", consumer);
    return -error;
}

int edge_gpio_request_on(const edge_gpio_place *place, const edge_gpio_settings *settings, edge_gpio_line **out,
                         char *holder, int *found)
{
    struct gpiod_chip *chip = gpiod_chip_open(place->path);
    if (!chip)
        return -errno;
    errno = ENOENT;
    struct gpiod_line *line = find(chip, place, settings->line);
    int result = line ? 0 : (errno ? -errno : -ENOENT);
    if (line) {
        *found = 1;
        result = take(line, settings, holder);
    }
    edge_gpio_line *handle = result == 0 ? malloc(sizeof *handle) : NULL;
    if (!handle) {
        gpiod_chip_close(chip); // gives back whatever was taken
        return result == 0 ? -ENOMEM : result;
    }
    *handle = (edge_gpio_line){ chip, line, settings->is_output };
    *out = handle;
    return 0;
}

void edge_gpio_release(edge_gpio_line *line)
{
    if (!line)
        return;
    gpiod_chip_close(line->chip);
    free(line);
}

int edge_gpio_descriptor(const edge_gpio_line *line)
{
    return line->is_output ? -1 : gpiod_line_event_get_fd(line->line);
}

int edge_gpio_read_waiting(edge_gpio_line *line, edge_gpio_edge *edges, int capacity)
{
    struct gpiod_line_event events[QUEUE_LENGTH];
    unsigned wanted = capacity < QUEUE_LENGTH ? (unsigned)capacity : QUEUE_LENGTH;
    int count = gpiod_line_event_read_multiple(line->line, events, wanted);
    if (count < 0)
        return -errno;
    for (int i = 0; i < count; i++) {
        edges[i].monotonic_nanoseconds = (int64_t)events[i].ts.tv_sec * 1000000000 + events[i].ts.tv_nsec;
        edges[i].is_active = events[i].event_type == GPIOD_LINE_EVENT_RISING_EDGE;
        edges[i].sequence = 0;
    }
    return count;
}

int edge_gpio_get(edge_gpio_line *line)
{
    int level = gpiod_line_get_value(line->line);
    return level < 0 ? -errno : level;
}

int edge_gpio_set(edge_gpio_line *line, int active)
{
    return gpiod_line_set_value(line->line, active) < 0 ? -errno : 0;
}

#endif
