/* SPDX-License-Identifier: MIT
 *
 * Reads the table of tests/tools/mklines.py, which describes it. See backtrace.h. Searching is from the
 * front: it is done once in a pager's life. */
#include "user/pager/evict/backtrace.h"
#include <stdio.h>
#include <string.h>

#define FILE_ROW 0xffffu
#define NOT_PLAIN 0xffu /* frames: CFA is no constant above sp */

extern const uint8_t pager_lines[]; /* made by the link */

struct head {
    uint64_t base;
    uint32_t lines, frames, functions; /* bytes */
};

struct line_row {
    uint16_t step, line;
};

struct frame_row {
    uint16_t step;
    uint8_t cfa, ra;
};

#define HEAD_BYTES 20u /* without what C adds */

static struct head head(void)
{
    struct head h;

    memcpy(&h, pager_lines, HEAD_BYTES);
    return h;
}

/* The n-th of names that follow each other. */
static const char *name_number(const char *name, unsigned n)
{
    while (n-- > 0 && *name)
        name += strlen(name) + 1;
    return name;
}

static const char *line_of(const struct head *h, uint64_t offset, unsigned *line)
{
    const uint8_t *at = pager_lines + HEAD_BYTES;
    unsigned file = 0, found_file = 0;
    uint64_t address = 0;

    *line = 0;
    for (const uint8_t *end = at + h->lines; at < end; at += sizeof(struct line_row)) {
        struct line_row row;
        memcpy(&row, at, sizeof(row));
        if (row.line == FILE_ROW) {
            file = row.step;
            continue;
        }
        address += 2u * row.step;
        if (address > offset)
            break;
        *line = row.line;
        found_file = file;
    }
    return name_number((const char *)pager_lines + HEAD_BYTES + h->lines + h->frames + h->functions,
                       found_file);
}

static const char *function_of(const struct head *h, uint64_t offset)
{
    const uint8_t *at = pager_lines + HEAD_BYTES + h->lines + h->frames;
    const char *name = NULL;
    uint32_t address;

    for (;;) {
        memcpy(&address, at, sizeof(address));
        if (address > offset)
            return name;
        name = (const char *)at + sizeof(address);
        at += sizeof(address) + strlen(name) + 1;
    }
}

static bool is_known(const struct head *h, uint64_t pc)
{
    return h->lines > 0 && pc >= h->base && pc - h->base < UINT32_MAX;
}

void backtrace_name(uint64_t pc, char *text, size_t room)
{
    struct head h = head();
    const char *function = is_known(&h, pc) ? function_of(&h, pc - h.base) : NULL;
    unsigned line;

    if (!function) {
        snprintf(text, room, "%#llx", (unsigned long long)pc);
        return;
    }
    const char *file = line_of(&h, pc - h.base, &line);
    if (line)
        snprintf(text, room, "%s at %s:%u", function, file, line);
    else
        snprintf(text, room, "%s (%#llx)", function, (unsigned long long)pc);
}

static struct frame_row frame_of(const struct head *h, uint64_t offset)
{
    const uint8_t *at = pager_lines + HEAD_BYTES + h->lines;
    struct frame_row row, found = {0, NOT_PLAIN, 0};
    uint64_t address = 0;

    for (const uint8_t *end = at + h->frames; at < end; at += sizeof(row)) {
        memcpy(&row, at, sizeof(row));
        address += 2u * row.step;
        if (address > offset)
            break;
        found = row;
    }
    return found;
}

bool backtrace_up(struct backtrace *b)
{
    struct head h = head();
    uint64_t to = b->ra;

    if (is_known(&h, b->pc)) {
        struct frame_row row = frame_of(&h, b->pc - h.base);
        uint64_t cfa = b->sp + 16u * row.cfa;
        if (row.cfa == NOT_PLAIN || b->sp % 8 != 0 || b->sp > b->high || cfa > b->high)
            return false;
        if (row.ra && cfa - row.ra < b->low)
            return false;
        if (row.ra)
            to = *(const uint64_t *)(cfa - row.ra);
        b->sp = cfa;
    } /* else a jump into nowhere: whoever jumped has left its address */
    b->ra = 0;
    b->pc = to - 1; /* in the call, which may be a function's last instruction */
    return is_known(&h, b->pc);
}
