/* SPDX-License-Identifier: MIT
 *
 * policies [POLICY...]: what the decisions of each policy cost, in instructions of its own code and of the
 * services it calls, which are a few instructions each here (in the pager, looking at accessed bits is shared
 * by many pages: row harvest_page). Part of `make bench` (user/bench/measure.h):
 *
 *     victim_NAME    a call of victim()
 *     used_NAME      a call of used(); none for policies without
 *
 * The policies are the pager's files, called as the pager calls them, without paging anything: 1,024
 * frames, four times as many pages, of which an eighth get nine of ten references; accessed bits are told by
 * used() after every 512 faults. Each sample is the mean of a window of 4,096 faults. */
#include "user/bench/measure.h"
#include "user/pager/evict/policy.h"

#define FRAMES 1024u
#define PAGES (4 * FRAMES)
#define HOT (PAGES / 8)
#define HARVEST 512u /* faults */
#define WINDOW 4096u /* faults */
#define WINDOWS 5
#define MEMORY (1ul << 20)

struct policy_memory {
    size_t used;
    char bytes[MEMORY];
};

static struct policy_memory memory;
static struct policy_frame frames[FRAMES];
static uint8_t accessed[FRAMES], dirty[FRAMES];
static uint32_t where[PAGES]; /* frame + 1; 0 = absent */
static uint32_t held;         /* frames that hold a page */
static uint64_t dice;

/* --- services --- */

void *policy_alloc(const struct policy_config *config, size_t bytes)
{
    struct policy_memory *m = config->memory;
    size_t at = m->used;

    m->used += (bytes + 15) & ~15ul;
    return m->used <= MEMORY ? m->bytes + at : NULL;
}

bool policy_referenced(struct policy_frame *frame)
{
    bool was = accessed[frame->number];

    accessed[frame->number] = 0;
    return was;
}

bool policy_busy(const struct policy_frame *frame)
{
    (void)frame;
    return false;
}

bool policy_dirty(const struct policy_frame *frame)
{
    return dirty[frame->number];
}

void policy_log(const char *format, ...)
{
    (void)format;
}

/* --- the mechanism --- */

static struct count {
    unsigned long instructions, calls;
} victims, uses;

static inline void add(struct count *count, unsigned long before)
{
    count->instructions += instructions() - before - READ_COST;
    count->calls++;
}

static void harvest(const struct policy *policy, void *self)
{
    for (uint32_t i = 0; i < held; i++) {
        if (!accessed[i] || !policy->used)
            continue;
        accessed[i] = 0;
        unsigned long before = instructions();
        policy->used(self, &frames[i], dirty[i]);
        add(&uses, before);
    }
    if (policy->tick)
        policy->tick(self);
}

static struct policy_frame *evict(const struct policy *policy, void *self,
                                  const struct policy_key *incoming)
{
    struct policy_frame *frame = NULL;

    for (bool again = true; again;) {
        unsigned long before = instructions();
        frame = policy->victim(self, incoming);
        add(&victims, before);
        if (!frame)
            fail(policy->name, 0);
        again = dirty[frame->number] && policy->clean_first && policy->clean_first(self, frame);
        dirty[frame->number] = 0;
    }
    policy->leave(self, frame, POLICY_EVICTED);
    where[frame->key.index] = 0;
    return frame;
}

static void fault(const struct policy *policy, void *self, uint32_t page, bool write)
{
    struct policy_key key = {1, page};
    struct policy_frame *frame = held < FRAMES ? &frames[held] : evict(policy, self, &key);
    uint32_t number = (uint32_t)(frame - frames);

    if (held < FRAMES)
        held++;
    *frame = (struct policy_frame){.key = key, .number = number};
    accessed[number] = 0;
    dirty[number] = write;
    where[page] = number + 1;
    policy->enter(self, frame, POLICY_FAULT);
}

static void window(const struct policy *policy, void *self)
{
    victims = uses = (struct count){0};
    for (unsigned faults = 0; faults < WINDOW;) {
        uint64_t r = policy_random(&dice);
        uint32_t page = (uint32_t)(r >> 8) % (r % 10 == 0 ? PAGES : HOT);
        bool write = (r >> 40) % 4 == 0;
        if (where[page]) {
            accessed[where[page] - 1] = 1;
            dirty[where[page] - 1] |= write;
            continue;
        }
        fault(policy, self, page, write);
        if (++faults % HARVEST == 0)
            harvest(policy, self);
    }
}

/* --- rows --- */

static void report_call(const char *what, const char *policy, unsigned long *sample)
{
    char name[64];

    snprintf(name, sizeof(name), "%s_%s", what, policy);
    report(name, sample, WINDOWS);
}

static void measure(const char *name)
{
    struct policy_config config = {
        .nframes = FRAMES, .max_frames = FRAMES, .seed = 1, .memory = &memory};
    const struct policy *policy;
    unsigned long victim[WINDOWS], used[WINDOWS];
    const char *wrong = policy_parse(name, &policy, config.value);

    if (wrong)
        fail(wrong, 0);
    memset(&memory, 0, sizeof(memory));
    memset(where, 0, sizeof(where));
    held = 0;
    dice = 1;
    void *self = policy->init(&config);
    if (!self)
        fail("no memory", 0);
    window(policy, self); /* fills memory */
    for (unsigned i = 0; i < WINDOWS; i++) {
        window(policy, self);
        victim[i] = victims.instructions / victims.calls;
        used[i] = uses.calls ? uses.instructions / uses.calls : 0;
    }
    report_call("victim", name, victim);
    if (uses.calls)
        report_call("used", name, used);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        measure(argv[i]);
    for (unsigned i = 0; argc == 1 && policy_table[i]; i++)
        measure(policy_table[i]->name);
    return 0;
}
