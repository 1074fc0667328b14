// libgpiod 2.x: the kernel could debounce, but reports an edge only after the debounce time, which a panic button
// does not have: SoftwareDebounce reports the first edge at once. The oldest edges are dropped when too many wait.

#include "internal.h"

#include <gpiod.h>

#ifndef GPIOD_LINE_BULK_MAX_LINES

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Edges that the kernel keeps for a line: 12 kB of its memory, and 2.5 s of a water meter at full flow (100 edges a
// second, bounces included) while the reader waits for the processor. It would be 16, and could be 1024.
enum { QUEUE_LENGTH = 256 };

// Edges read in one go: a quarter of the queue.
enum { BATCH_LENGTH = 64 };

struct edge_gpio_line {
    struct gpiod_line_request *request;
    struct gpiod_edge_event_buffer *events;
    unsigned offset;
    int is_output;
};

const char *edge_gpio_version(void)
{
    return gpiod_api_version();
}

// The offset, or a negative errno.
static int find(struct gpiod_chip *chip, const edge_gpio_place *place, const char *name)
{
    int offset = gpiod_chip_get_line_offset_from_name(chip, name);
    if (offset >= 0)
        return offset;
    if (errno != ENOENT)
        return -errno;
    if (!place->label)
        return -ENOENT;
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    if (!info)
        return -errno;
    int matches = strcmp(gpiod_chip_info_get_label(info), place->label) == 0
        && place->offset < gpiod_chip_info_get_num_lines(info);
    gpiod_chip_info_free(info);
    return matches ? (int)place->offset : -ENOENT;
}

static enum gpiod_line_bias bias(const edge_gpio_settings *settings)
{
    switch (settings->bias) {
    case EDGE_GPIO_BIAS_DISABLED: return GPIOD_LINE_BIAS_DISABLED;
    case EDGE_GPIO_BIAS_PULL_UP: return GPIOD_LINE_BIAS_PULL_UP;
    case EDGE_GPIO_BIAS_PULL_DOWN: return GPIOD_LINE_BIAS_PULL_DOWN;
    default: return GPIOD_LINE_BIAS_AS_IS;
    }
}

static enum gpiod_line_drive drive(const edge_gpio_settings *settings)
{
    switch (settings->drive) {
    case EDGE_GPIO_DRIVE_OPEN_DRAIN: return GPIOD_LINE_DRIVE_OPEN_DRAIN;
    case EDGE_GPIO_DRIVE_OPEN_SOURCE: return GPIOD_LINE_DRIVE_OPEN_SOURCE;
    default: return GPIOD_LINE_DRIVE_PUSH_PULL;
    }
}

static int configure(struct gpiod_line_settings *line, const edge_gpio_settings *settings)
{
    gpiod_line_settings_set_active_low(line, settings->active_low);
    if (gpiod_line_settings_set_bias(line, bias(settings)) < 0)
        return -1;
    if (settings->is_output)
        return gpiod_line_settings_set_direction(line, GPIOD_LINE_DIRECTION_OUTPUT) < 0
            || gpiod_line_settings_set_drive(line, drive(settings)) < 0
            || gpiod_line_settings_set_output_value(line, GPIOD_LINE_VALUE_INACTIVE) < 0 ? -1 : 0;
    return gpiod_line_settings_set_direction(line, GPIOD_LINE_DIRECTION_INPUT) < 0
        || gpiod_line_settings_set_edge_detection(line, GPIOD_LINE_EDGE_BOTH) < 0 ? -1 : 0;
}

// The request, or NULL with errno set.
static struct gpiod_line_request *take(struct gpiod_chip *chip, unsigned offset, const edge_gpio_settings *settings)
{
    struct gpiod_line_settings *line = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    struct gpiod_line_request *request = NULL;
    if (line && lines && config && configure(line, settings) == 0
        && gpiod_line_config_add_line_settings(lines, &offset, 1, line) == 0) {
        gpiod_request_config_set_consumer(config, settings->consumer);
        if (!settings->is_output)
            gpiod_request_config_set_event_buffer_size(config, QUEUE_LENGTH);
        request = gpiod_chip_request_lines(chip, config, lines);
    }
    int error = errno;
    if (config)
        gpiod_request_config_free(config);
    if (lines)
        gpiod_line_config_free(lines);
    if (line)
        gpiod_line_settings_free(line);
    errno = error;
    return request;
}

static void tell_holder(struct gpiod_chip *chip, unsigned offset, char *holder)
{
    struct gpiod_line_info *info = gpiod_chip_get_line_info(chip, offset);
    if (!info)
        return;
    const char *consumer = gpiod_line_info_get_consumer(info);
    if (consumer)
        snprintf(holder, EDGE_GPIO_NAME_SIZE, "%s", consumer);
    gpiod_line_info_free(info);
}

int edge_gpio_request_on(const edge_gpio_place *place, const edge_gpio_settings *settings, edge_gpio_line **out,
                         char *holder, int *found)
{
    struct gpiod_chip *chip = gpiod_chip_open(place->path);
    if (!chip)
        return -errno;
    int offset = find(chip, place, settings->line);
    if (offset < 0) {
        gpiod_chip_close(chip);
        return offset;
    }
    *found = 1;
    struct gpiod_line_request *request = take(chip, (unsigned)offset, settings);
    int error = errno;
    if (!request && error == EBUSY)
        tell_holder(chip, (unsigned)offset, holder);
    gpiod_chip_close(chip); // a request lives without its chip
    if (!request)
        return -error;

    edge_gpio_line *handle = malloc(sizeof *handle);
    struct gpiod_edge_event_buffer *events = gpiod_edge_event_buffer_new(BATCH_LENGTH);
    if (!handle || !events) {
        if (events)
            gpiod_edge_event_buffer_free(events);
        free(handle);
        gpiod_line_request_release(request);
        return -ENOMEM;
    }
    *handle = (edge_gpio_line){ request, events, (unsigned)offset, settings->is_output };
    *out = handle;
    return 0;
}

void edge_gpio_release(edge_gpio_line *line)
{
    if (!line)
        return;
    gpiod_edge_event_buffer_free(line->events);
    gpiod_line_request_release(line->request);
    free(line);
}

int edge_gpio_descriptor(const edge_gpio_line *line)
{
    return line->is_output ? -1 : gpiod_line_request_get_fd(line->request);
}

int edge_gpio_read_waiting(edge_gpio_line *line, edge_gpio_edge *edges, int capacity)
{
    size_t wanted = capacity < BATCH_LENGTH ? (size_t)capacity : BATCH_LENGTH;
    int count = gpiod_line_request_read_edge_events(line->request, line->events, wanted);
    if (count < 0)
        return -errno;
    for (int i = 0; i < count; i++) {
        struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(line->events, (unsigned long)i);
        edges[i].monotonic_nanoseconds = (int64_t)gpiod_edge_event_get_timestamp_ns(event);
        edges[i].is_active = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
        edges[i].sequence = (uint32_t)gpiod_edge_event_get_line_seqno(event);
    }
    return count;
}

int edge_gpio_get(edge_gpio_line *line)
{
    switch (gpiod_line_request_get_value(line->request, line->offset)) {
    case GPIOD_LINE_VALUE_ACTIVE: return 1;
    case GPIOD_LINE_VALUE_INACTIVE: return 0;
    default: return -errno;
    }
}

int edge_gpio_set(edge_gpio_line *line, int active)
{
    enum gpiod_line_value value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_request_set_value(line->request, line->offset, value) < 0 ? -errno : 0;
}

#endif
