/* SPDX-License-Identifier: MIT
 *
 * What policy.h promises to policies, in the guest. See policy_guest.h. */
#include "user/pager/policy_guest.h"
#include <abi/layout.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/memory.h"

#define STANDARD_POLICY "clock"
#define CHUNK (64ul << 10)
#define LOG_LINES 16u

struct policy_memory {
    char *at;
    size_t left;
    bool closed; /* init() is over */
};

struct guest guest;
static struct policy_memory memory;
static char log_ring[LOG_LINES][120];
static unsigned log_count;

/* --- services --- */

void *policy_alloc(const struct policy_config *config, size_t bytes)
{
    struct policy_memory *m = config->memory;
    size_t n = (bytes + 15) & ~15ul;

    PAGER_CHECK(!m->closed);
    if (n > m->left) {
        size_t take = n > CHUNK ? (n + PAGE_MASK) & ~PAGE_MASK : CHUNK;
        char *chunk = memory_metadata(take);
        if (!chunk)
            return NULL;
        m->at = chunk;
        m->left = take;
    }
    m->at += n;
    m->left -= n;
    return m->at - n;
}

static struct frame *frame_of(const struct policy_frame *frame)
{
    return frame_number(frame->number);
}

bool policy_referenced(struct policy_frame *frame)
{
    return frame_look(frame_of(frame));
}

bool policy_busy(const struct policy_frame *frame)
{
    return frame_is_busy(frame_of(frame));
}

bool policy_dirty(const struct policy_frame *frame)
{
    return frame_is_dirty(frame_of(frame));
}

void policy_log(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(log_ring[log_count++ % LOG_LINES], sizeof(log_ring[0]), format, arguments);
    va_end(arguments);
}

const char *guest_log_line(unsigned n)
{
    unsigned count = log_count < LOG_LINES ? log_count : LOG_LINES;

    return n < count ? log_ring[(log_count - count + n) % LOG_LINES] : NULL;
}

struct frame *guest_frame_named(const struct policy_frame *named)
{
    uintptr_t offset = (uintptr_t)named - GUEST_TABLE_BASE;

    if (offset >= frames.count * sizeof(struct guest_frame) ||
        offset % sizeof(struct guest_frame) != 0)
        return NULL;
    return frame_number((uint32_t)(offset / sizeof(struct guest_frame)));
}

/* --- choosing --- */

/* NULL, or what is wrong. */
static const char *begin(const char *text, const struct policy_config *sizes)
{
    struct policy_config config = *sizes;
    const struct policy *policy;
    const char *wrong = policy_parse(text, &policy, config.value);

    if (wrong)
        return wrong;
    memory = (struct policy_memory){0};
    config.memory = &memory;
    guest.self = policy->init(&config);
    memory.closed = true;
    if (!guest.self)
        return "no memory";
    guest.policy = policy;
    return NULL;
}

void guest_setup(const char *text, uint32_t nframes, uint32_t max_frames, uint64_t seed)
{
    struct policy_config sizes = {.nframes = nframes, .max_frames = max_frames, .seed = seed};
    const char *wrong = *text ? begin(text, &sizes) : "";

    if (!wrong)
        return;
    if (*wrong) {
        char line[120];
        snprintf(line, sizeof(line), "PAGER=%s: %s; the policy is " STANDARD_POLICY, text, wrong);
        memory_say(line);
    }
    if (!begin(STANDARD_POLICY, &sizes))
        return;
    for (unsigned i = 0; policy_table[i] && !guest.policy; i++)
        begin(policy_table[i]->name, &sizes);
    PAGER_CHECK(guest.policy != NULL);
}
