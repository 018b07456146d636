/* SPDX-License-Identifier: MIT
 *
 * The bad values (and a few good ones, to tell that the bad ones fail for being bad). */
#include "tests/guest/crimes/crimes.h"

#define TAG(kind) ((unsigned long)(kind) << MSG_KIND_SHIFT)
#define HANDLES(n) ((unsigned long)(n) << MSG_HANDLES_SHIFT)
#define ITEMS(n) ((unsigned long)(n) << MSG_ITEMS_SHIFT)

struct value {
    const char *name;
    unsigned long fixed;
};

/* Those that are known only now have 0 here: see value_get. */
static const struct value handles[] = {
    {"none", 0},  {"all ones", ~0ul}, {"top bit", 1ul << 63}, {"beyond the table", 16383},
    {"stale", 0}, {"forged", 0},      {"high bits", 0},       {"address", 0},
    {"port", 0},  {"right", 0},       {"weak right", 0},      {"thread", 0},
    {"task", 0},  {"account", 0},     {"self", HANDLE_SELF},  {"pager", HANDLE_PAGER},
};

static const struct value addresses[] = {
    {"null", 0},
    {"in page 0", 8},
    {"odd", 0},
    {"misaligned", 0},
    {"page", 0},
    {"own frame", WINDOW},
    {"unmapped", FREE_PAGE},
    {"no access", FORBIDDEN_PAGE},
    {"text", 0},
    {"no thread's message page", MSG_BASE + 4000 * PAGE_SIZE},
    {"top of user space", USER_TOP},
    {"not canonical", 1ul << 50},
    {"kernel image", 0xffffffff80200000ul},
    {"direct map", 0xffffffc080200000ul},
    {"last byte", ~0ul},
    {"last page", ~PAGE_MASK},
};

static const struct value numbers[] = {
    {"0", 0},
    {"1", 1},
    {"2", 2},
    {"3", 3},
    {"64", 64},
    {"4095", 4095},
    {"4096", 4096},
    {"2^31", 1ul << 31},
    {"2^32", 1ul << 32},
    {"2^52", 1ul << 52},
    {"2^63", 1ul << 63},
    {"all ones", ~0ul},
};

static const struct value deadlines[] = {
    {"0", 0},
    {"1 ns", 1},
    {"4096 ns", 4096},
    {"now", 0},
    {"2^52", 1ul << 52},
    {"2^63", 1ul << 63},
    {"almost never", ~1ul},
    {"never", ~0ul},
};

static const struct value tags[] = {
    {"label 0", 0},
    {"label ffff", MSG_LABEL_MASK},
    {"kind FAULT", TAG(MSG_KIND_FAULT)},
    {"kind all", TAG(15)},
    {"1 handle", HANDLES(1)},
    {"5 handles", HANDLES(5)},
    {"7 handles", HANDLES(7)},
    {"1 item", ITEMS(1)},
    {"65 items", ITEMS(65)},
    {"MAP", MSG_MAP},
    {"RESTART", MSG_RESTART},
    {"NO", MSG_NO},
    {"in", MSG_IN},
    {"out", MSG_OUT},
    {"all ones", ~0ul},
};

static const struct value tokens[] = {
    {"0", 0},          {"1", 1},       {"answered", 0},    {"next serial", 0},
    {"other slot", 0}, {"top bit", 0}, {"all ones", ~0ul}, {"kernel image", 0xffffffff80200000ul},
};

#define LIST(list, entries)                            \
    case list:                                         \
        *count = sizeof(entries) / sizeof(entries[0]); \
        return entries

static const struct value *list_of(char kind, unsigned *count)
{
    switch (kind) {
        LIST('h', handles);
        LIST('a', addresses);
        LIST('n', numbers);
        LIST('d', deadlines);
        LIST('g', tags);
        LIST('t', tokens);
    default:
        *count = 0;
        return NULL;
    }
}

unsigned value_count(char kind)
{
    unsigned count;

    list_of(kind, &count);
    return count;
}

const char *value_name(char kind, unsigned index)
{
    unsigned count;

    return list_of(kind, &count)[index].name;
}

static unsigned long handle_value(unsigned index)
{
    const handle_t live[] = {world.port,   world.right, world.weak,
                             world.thread, world.task,  world.account};

    switch (index) {
    case 4:
        return world.stale;
    case 5:
        return world.port + (1u << HANDLE_INDEX_BITS);
    case 6:
        return world.port | 1ul << 32;
    case 7:
        return (uintptr_t)page;
    default:
        return live[index - 8];
    }
}

unsigned long value_get(char kind, unsigned index)
{
    unsigned count;
    const struct value *value = &list_of(kind, &count)[index];

    if (value->fixed || index == 0)
        return value->fixed;
    switch (kind) {
    case 'h':
        return handle_value(index);
    case 'a':
        return index == 8 ? (uintptr_t)value_get & ~PAGE_MASK
                          : (uintptr_t)page + (index == 2   ? 1
                                               : index == 3 ? 8
                                                            : 0);
    case 'd':
        return (unsigned long)sys_clock();
    default: /* t */
        return index == 2   ? world.stale_token
               : index == 3 ? world.token + (1ul << 16)
               : index == 4 ? world.token ^ 1
                            : world.token | 1ul << 63;
    }
}
