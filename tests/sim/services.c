/* SPDX-License-Identifier: MIT
 *
 * services.c - see services.h.
 */
#include "services.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOG_LINES = 16, LOG_COLUMNS = 120 };

struct memory_chunk {
    struct memory_chunk *next;
    max_align_t bytes[];
};

static char log_ring[LOG_LINES][LOG_COLUMNS];
static unsigned log_count;
static bool log_shown;

void (*services_late_allocation)(size_t bytes);

void *policy_alloc(const struct policy_config *config, size_t bytes)
{
    struct policy_memory *memory = config->memory;
    struct memory_chunk *chunk;

    if (memory->closed) {
        fprintf(stderr, "policy_alloc() called after init()\n");
        if (!services_late_allocation)
            abort();
        services_late_allocation(bytes);
        return NULL;
    }
    chunk = calloc(1, sizeof(*chunk) + bytes);
    if (!chunk)
        return NULL;
    chunk->next = memory->chunks;
    memory->chunks = chunk;
    memory->bytes += bytes;
    return chunk->bytes;
}

void policy_memory_release(struct policy_memory *memory)
{
    while (memory->chunks) {
        struct memory_chunk *chunk = memory->chunks;

        memory->chunks = chunk->next;
        free(chunk);
    }
    memory->bytes = 0;
    memory->closed = false;
}

static struct services *services_of(const struct policy_frame *frame)
{
    return ((const struct sim_frame *)frame)->services;
}

bool policy_referenced(struct policy_frame *frame)
{
    struct services *services = services_of(frame);

    return services->referenced(services->owner, frame);
}

bool policy_busy(const struct policy_frame *frame)
{
    struct services *services = services_of(frame);

    return services->busy(services->owner, frame);
}

bool policy_dirty(const struct policy_frame *frame)
{
    struct services *services = services_of(frame);

    return services->dirty(services->owner, frame);
}

void policy_log(const char *format, ...)
{
    char *line = log_ring[log_count++ % LOG_LINES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, LOG_COLUMNS, format, arguments);
    va_end(arguments);
    if (log_shown)
        fprintf(stderr, "%s\n", line);
}

void services_show_log(bool show)
{
    log_shown = show;
}

void services_print_log(void)
{
    unsigned from = log_count > LOG_LINES ? log_count - LOG_LINES : 0;

    for (unsigned i = from; i < log_count && !log_shown; i++)
        fprintf(stderr, "log: %s\n", log_ring[i % LOG_LINES]);
}
