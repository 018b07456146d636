/* SPDX-License-Identifier: MIT */
/* drive.c - see drive.h. */
#include "drive.h"

#include "alloc.h"

static uint32_t dice(struct drive *d, uint32_t sides)
{
    return (policy_random(&d->state) >> 32) % sides;
}

/*
 * Pages a policy can learn something about: a few are hot, some come in a loop, the rest are cold;
 * and which ones are hot changes now and then.
 */
static uint32_t choose_page(struct drive *d)
{
    uint32_t npages = d->machine->setup.npages;

    if (dice(d, 200) == 0)
        d->base = dice(d, npages);
    switch (dice(d, 4)) {
    case 0:
        return dice(d, npages);
    case 1:
        return d->loop++ % (npages / 2 + 1);
    default:
        return (d->base + dice(d, npages / 6 + 1)) % npages;
    }
}

static void touch(struct drive *d)
{
    struct machine *m = d->machine;
    uint32_t page = choose_page(d), frame = m->where[page];
    bool write = dice(d, 4) == 0;

    if (d->notes && frame != 0) {
        if (m->setup.bits)
            fprintf(d->notes, "# touched %u\n", frame - 1);
        if (write)
            fprintf(d->notes, "# dirty %u\n", frame - 1);
    }
    machine_touch(m, page, write);
}

static void toggle_busy(struct drive *d)
{
    struct sim_frame *f = &d->machine->frames[dice(d, d->machine->setup.max_frames)];

    if (!f->entered)
        return;
    f->busy = !f->busy;
    if (d->notes)
        fprintf(d->notes, "# busy %u %d\n", f->frame.number, f->busy);
}

/* Before memory shrinks: what is busy could not go. */
static void idle_all(struct drive *d)
{
    for (uint32_t i = 0; i < d->machine->setup.max_frames; i++) {
        if (d->notes && d->machine->frames[i].busy)
            fprintf(d->notes, "# busy %u 0\n", i);
        d->machine->frames[i].busy = false;
    }
}

static void plan(struct drive *d)
{
    struct policy_view view = {
        .key = d->machine->setup.pages[0], .before = dice(d, 8), .after = dice(d, 8)};
    struct policy_plan plan = machine_plan(d->machine, &view);

    if (plan.before > view.before || plan.after > view.after)
        printf("a plan was not clipped\n");
}

void drive_step(struct drive *d)
{
    struct machine *m = d->machine;
    uint32_t event = dice(d, 1000);

    if (event < 20 && d->events & DRIVE_FREE) {
        machine_free(m, choose_page(d));
    } else if (event < 30 && d->events & DRIVE_AHEAD) {
        machine_bring_ahead(m, choose_page(d));
    } else if (event < 60 && d->events & DRIVE_BUSY) {
        toggle_busy(d);
    } else if (event < 63 && d->events & DRIVE_RESIZE) {
        idle_all(d);
        machine_resize(m, 1 + dice(d, m->setup.max_frames));
    } else if (event < 64 && d->events & DRIVE_HAND_OVER) {
        machine_hand_over(m);
    } else if (event < 70 && d->events & DRIVE_RECLAIM) {
        machine_reclaim(m);
    } else if (event < 75) {
        plan(d);
    } else {
        touch(d);
    }
}

bool drive_audit(const struct machine *m)
{
    uint32_t entered = 0, resident = 0;

    for (uint32_t i = 0; i < m->setup.max_frames; i++) {
        const struct sim_frame *f = &m->frames[i];

        entered += f->entered;
        if (f->frame.number != i || (f->entered && m->where[f->page] != i + 1)) {
            printf("frame %u is not where its page says\n", i);
            return false;
        }
    }
    for (uint32_t page = 0; page < m->setup.npages; page++)
        resident += m->where[page] != 0;
    if (entered != resident || resident != machine_resident(m) || resident > m->nframes) {
        printf("%u entered, %u resident, %u not vacant, %u at most\n", entered, resident,
               machine_resident(m), m->nframes);
        return false;
    }
    return true;
}

struct policy_key *drive_keys(uint32_t count)
{
    struct policy_key *keys = alloc_array(count, sizeof(*keys));

    for (uint32_t i = 0; i < count; i++)
        keys[i] = (struct policy_key){i % 3, i / 3};
    return keys;
}
