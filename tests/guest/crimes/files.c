/* SPDX-License-Identifier: MIT
 *
 * Open files of the pager (proto/file.h), and files by name through it (proto/pager.h), with bad words,
 * buffers and handles: exact errors, and the file is as it was afterwards. fs itself is asked so in
 * tests/guest/fs_hostile.c. */
#include "tests/guest/crimes/crimes.h"

#include <errno.h>
#include <octavo/query.h>
#include <proto/file.h>
#include <proto/init.h>
#include <proto/pipe.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/guest/check.h"

#define CONTENTS "what is in the file"
#define SIZE (sizeof(CONTENTS) - 1)
#define BEYOND (1ul << 63)
#define MAP_WORD(prot, flags) ((prot) | (unsigned long)(flags) << 8)
#define LENGTH (~1ul) /* instead of a word: the path's length */

extern handle_t octavo_place;

/* Handles by letter: P the pager; W, R the file open for writing and reading, for reading; O for writing
 * only; S shared memory by name, s the same for reading; N nobody's; p the place; Q a pipe; C the console;
 * D a space. */
static handle_t handle_of[128];
static char path[64];

/* What comes with it, by letters: i the path, I both pages of ones, e an `in` of no bytes, a attributes that
 * ask for nothing, b attributes that do not exist, z a size beyond all, m a mode with a type, n both kinds of
 * one time, l 8 bytes of attributes, y a size; A, B, Z as a, b and z with the path behind them; r two paths;
 * o both pages as `out`, x an `out` of no bytes; and the letters of handles to send. */
struct file_case {
    const char *name;
    char to;
    unsigned label;
    unsigned long w[4];
    const char *with;
    long result;
};

static const struct file_case cases[] = {
#define PATH_CASES(what, label, more, a3)                                                            \
    {what " without a path", 'P', label, {LENGTH, a3, 0, 8}, "p", -EINVAL},                          \
        {what " without a place", 'P', label, {LENGTH, a3, 0, 8}, "i" more, -EBADF},                 \
        {what ", path of no bytes", 'P', label, {0, a3, 0, 8}, "ip" more, -ENOENT},                  \
        {what ", path too long", 'P', label, {FS_PATH_MAX + 1, a3, 0, 8}, "Ip" more, -ENAMETOOLONG}, \
        {what ", path of all ones", 'P', label, {~0ul, a3, 0, 8}, "ip" more, -ENAMETOOLONG},         \
        {what ", path of 2^32 and one", 'P',       label,                                            \
         {1ul + (1ul << 32), a3, 0, 8}, "ip" more, -ENAMETOOLONG},                                   \
        {what ", path beyond its buffer", 'P', label, {FS_PATH_MAX, a3, 0, 8}, "ip" more, -EINVAL},  \
        {what ", nothing in its buffer", 'P', label, {1, a3, 0, 8}, "ep" more, -EINVAL},             \
        {what ", an open file as place", 'P', label, {LENGTH, a3, 0, 8}, "iW" more, -EBADF},         \
        {what ", shared memory as place", 'P', label, {LENGTH, a3, 0, 8}, "iS" more, -EBADF},        \
        {what ", a space as place", 'P', label, {LENGTH, a3, 0, 8}, "iD" more, -EBADF},              \
        {what ", a pipe as place", 'P', label, {LENGTH, a3, 0, 8}, "iQ" more, -EINVAL},              \
        {what ", the console as place", 'P', label, {LENGTH, a3, 0, 8}, "iC" more, -EINVAL},         \
        {what ", nobody as place", 'P', label, {LENGTH, a3, 0, 8}, "iN" more, -EINVAL},              \
    {                                                                                                \
        what ", two places", 'P', label, {LENGTH, a3, 0, 8}, "ipp" more, -EINVAL                     \
    }
    PATH_CASES("open", PAGER_OPEN, "", FS_O_RDWR),
    PATH_CASES("stat", PAGER_FILE_STAT, "o", 0),
    PATH_CASES("unlink", PAGER_UNLINK, "", 0),
    {"open for access 3", 'P', PAGER_OPEN, {LENGTH, FS_O_ACCESS}, "ip", -EINVAL},
    {"open with flags that are not", 'P', PAGER_OPEN, {LENGTH, 1ul << 31}, "ip", -EINVAL},
    {"open with flags above 2^32", 'P', PAGER_OPEN, {LENGTH, 1ul << 40}, "ip", -EINVAL},
    {"open with all flags", 'P', PAGER_OPEN, {LENGTH, ~0ul}, "ip", -EINVAL},
    {"open a directory", 'P', PAGER_OPEN, {LENGTH, FS_O_DIRECTORY}, "ip", -EISDIR},
    {"open what exists, exclusively",
     'P',
     PAGER_OPEN,
     {LENGTH, FS_O_RDWR | FS_O_CREATE | FS_O_EXCLUSIVE},
     "ip",
     -EEXIST},
    {"open, handle not taken", 'P', PAGER_OPEN, {LENGTH, FS_O_RDWR}, "ip", -E2BIG},
    {"stat by name without a buffer", 'P', PAGER_FILE_STAT, {LENGTH, 0, 0, 8}, "ip", -EINVAL},
    {"stat by name beyond its buffer", 'P', PAGER_FILE_STAT, {LENGTH, 0, 0, 128}, "ipx", -EINVAL},
    {"stat by name, flags that are not", 'P', PAGER_FILE_STAT, {LENGTH, 64, 0, 8}, "ipo", -EINVAL},
    {"stat by name, all flags", 'P', PAGER_FILE_STAT, {LENGTH, ~0ul, 0, 8}, "ipo", -EINVAL},
    {"stat by name, flags above 2^32",
     'P',
     PAGER_FILE_STAT,
     {LENGTH, 1ul << 32, 0, 8},
     "ipo",
     -EINVAL},
    {"stat by name of no bytes", 'P', PAGER_FILE_STAT, {LENGTH, 0, 0, 0}, "ipo", 0},
    {"attributes by name without them", 'P', PAGER_FILE_SETATTR, {LENGTH}, "p", -EINVAL},
    {"attributes by name without a path", 'P', PAGER_FILE_SETATTR, {LENGTH}, "ap", -EINVAL},
    {"attributes by name, no bytes", 'P', PAGER_FILE_SETATTR, {0}, "Ap", -ENOENT},
    {"attributes by name, all ones", 'P', PAGER_FILE_SETATTR, {~0ul}, "Ap", -ENAMETOOLONG},
    {"attributes by name, no place", 'P', PAGER_FILE_SETATTR, {LENGTH}, "A", -EBADF},
    {"attributes by name, a file as place", 'P', PAGER_FILE_SETATTR, {LENGTH}, "AW", -EBADF},
    {"attributes by name, a pipe as place", 'P', PAGER_FILE_SETATTR, {LENGTH}, "AQ", -EINVAL},
    {"attributes by name, two places", 'P', PAGER_FILE_SETATTR, {LENGTH}, "App", -EINVAL},
    {"attributes by name that are not", 'P', PAGER_FILE_SETATTR, {LENGTH}, "Bp", -EINVAL},
    {"size by name beyond all", 'P', PAGER_FILE_SETATTR, {LENGTH}, "Zp", -EINVAL},
    {"attributes by name, wrong flags", 'P', PAGER_FILE_SETATTR, {LENGTH, 64}, "Ap", -EINVAL},
    {"attributes by name, flags above 2^32",
     'P',
     PAGER_FILE_SETATTR,
     {LENGTH, 1ul << 32},
     "Ap",
     -EINVAL},
    {"rename without paths", 'P', PAGER_RENAME, {LENGTH, LENGTH}, "pp", -EINVAL},
    {"rename without places", 'P', PAGER_RENAME, {LENGTH, LENGTH}, "r", -EBADF},
    {"rename with one place", 'P', PAGER_RENAME, {LENGTH, LENGTH}, "rp", -EBADF},
    {"rename, a file as place", 'P', PAGER_RENAME, {LENGTH, LENGTH}, "rpW", -EBADF},
    {"rename, a file as first place", 'P', PAGER_RENAME, {LENGTH, LENGTH}, "rWp", -EBADF},
    {"rename, a pipe as place", 'P', PAGER_RENAME, {LENGTH, LENGTH}, "rpQ", -EINVAL},
    {"rename with three places", 'P', PAGER_RENAME, {LENGTH, LENGTH}, "rppp", -EINVAL},
    {"rename to no name", 'P', PAGER_RENAME, {LENGTH, 0}, "rpp", -ENOENT},
    {"rename from no name", 'P', PAGER_RENAME, {0, LENGTH}, "rpp", -ENOENT},
    {"rename beyond its buffer", 'P', PAGER_RENAME, {LENGTH, FS_PATH_MAX}, "rpp", -EINVAL},
    {"rename, lengths that wrap", 'P', PAGER_RENAME, {LENGTH, ~0ul - 1 + 1}, "rpp", -ENAMETOOLONG},
    {"sync with a handle", 'P', PAGER_SYNC, {0}, "N", -EINVAL},
    {"sync with words", 'P', PAGER_SYNC, {~0ul, ~0ul, ~0ul, ~0ul}, "", 0},
#define GIVEN_CASES(what, label)                                              \
    {what " of nothing", 'P', label, {8, 0, 0, 8}, "o", -EBADF},              \
        {what " of nobody", 'P', label, {8, 0, 0, 8}, "oN", -EBADF},          \
        {what " of a space", 'P', label, {8, 0, 0, 8}, "oD", -EBADF},         \
        {what " of shared memory", 'P', label, {8, 0, 0, 8}, "oS", -EBADF},   \
        {what " of two", 'P', label, {8, 0, 0, 8}, "oWW", -EINVAL},           \
        {what " without a buffer", 'P', label, {8, 0, 0, 8}, "W", -EINVAL},   \
        {what " into its `in`", 'P', label, {8, 0, 0, 8}, "IW", -EINVAL},     \
        {what " beyond its buffer", 'P', label, {8, 0, 0, 8}, "xW", -EINVAL}, \
    {                                                                         \
        what " of no bytes", 'P', label, {0}, "oW", 0                         \
    }
    GIVEN_CASES("reading a file handed over", PAGER_FILE_READ),
    GIVEN_CASES("asking after a file handed over", PAGER_FILE_OF),
    {"reading it at 2^63", 'P', PAGER_FILE_READ, {8, BEYOND, 0, 8}, "oW", -EINVAL},
    {"reading it at its position", 'P', PAGER_FILE_READ, {8, ~0ul, 0, 8}, "oW", -EINVAL},
    {"reading what is for writing", 'P', PAGER_FILE_READ, {8, 0, 0, 8}, "oO", -EBADF},
    {"asking after it, all ones", 'P', PAGER_FILE_OF, {0, 0, 0, ~0ul}, "oW", 0},
    {"swap for no space", 'P', PAGER_SWAP_RANGE, {64}, "", -EBADF},
    {"swap for a file", 'P', PAGER_SWAP_RANGE, {64}, "W", -EBADF},
    {"swap for nobody", 'P', PAGER_SWAP_RANGE, {64}, "N", -EBADF},
    {"swap for two", 'P', PAGER_SWAP_RANGE, {64}, "DD", -EINVAL},
#define RIGHT_CASES(what, to)                                                                   \
    {what " label 0", to, 0, {0}, "", -ENOSYS}, {what " label 999", to, 999, {0}, "", -ENOSYS}, \
        {what " label ffff", to, 0xffff, {0}, "", -ENOSYS},                                     \
        {what " stat without a buffer", to, FILE_STAT, {0, 0, 0, 8}, "", -EINVAL},              \
        {what " stat into its `in`", to, FILE_STAT, {0, 0, 0, 8}, "I", -EINVAL},                \
        {what " stat beyond its buffer", to, FILE_STAT, {0, 0, 0, 8}, "x", -EINVAL},            \
        {what " stat with a handle", to, FILE_STAT, {0, 0, 0, 8}, "oN", -EINVAL},               \
        {what " stat of no bytes", to, FILE_STAT, {0}, "o", 0},                                 \
        {what " stat of all ones", to, FILE_STAT, {0, 0, 0, ~0ul}, "o", 0},                     \
        {what " attributes without them", to, FILE_SETATTR, {0}, "", -EINVAL},                  \
        {what " attributes from `out`", to, FILE_SETATTR, {0}, "o", -EINVAL},                   \
        {what " short attributes", to, FILE_SETATTR, {0}, "l", -EINVAL},                        \
        {what " attributes that are not", to, FILE_SETATTR, {0}, "b", -EINVAL},                 \
        {what " attributes with a handle", to, FILE_SETATTR, {0}, "aN", -EINVAL},               \
        {what " size beyond all", to, FILE_SETATTR, {0}, "z", -EINVAL},                         \
        {what " mode with a type", to, FILE_SETATTR, {0}, "m", -EINVAL},                        \
        {what " two times at once", to, FILE_SETATTR, {0}, "n", -EINVAL},                       \
        {what " read with a handle", to, FILE_READ, {8, 0}, "oN", -EINVAL},                     \
        {what " read without a buffer", to, FILE_READ, {8, 0}, "", -EINVAL},                    \
        {what " read into its `in`", to, FILE_READ, {8, 0}, "I", -EINVAL},                      \
        {what " write without a buffer", to, FILE_WRITE, {8, 0}, "", -EINVAL},                  \
        {what " write from its `out`", to, FILE_WRITE, {8, 0}, "o", -EINVAL},                   \
        {what " write with a handle", to, FILE_WRITE, {8, 0}, "IN", -EINVAL},                   \
        {what " sync with a handle", to, FILE_SYNC, {0}, "N", -EINVAL},                         \
        {what " flags with a handle", to, FILE_FLAGS, {0}, "N", -EINVAL},                       \
        {what " flags that are not", to, FILE_FLAGS, {1, 1}, "", -EINVAL},                      \
        {what " all flags", to, FILE_FLAGS, {~0ul, ~0ul}, "", -EINVAL},                         \
        {what " flags above 2^32", to, FILE_FLAGS, {1ul << 42, 0}, "", -EINVAL},                \
        {what " sync of what kind", to, FILE_SYNC, {2}, "", -EINVAL},                           \
    {                                                                                           \
        what " sync of all ones", to, FILE_SYNC, {~0ul}, "", -EINVAL                            \
    }
    RIGHT_CASES("file", 'W'),
    RIGHT_CASES("shared memory", 'S'),
    {"read at 2^63", 'W', FILE_READ, {8, BEYOND}, "o", -EINVAL},
    {"read at the last but one", 'W', FILE_READ, {8, ~1ul}, "o", -EINVAL},
    {"read behind the end", 'W', FILE_READ, {8, BEYOND - 1}, "o", 0},
    {"read nothing", 'W', FILE_READ, {0, 0}, "o", 0},
    {"read beyond its buffer", 'W', FILE_READ, {8, 0}, "x", -EINVAL},
    {"read what is for writing", 'O', FILE_READ, {8, 0}, "o", -EBADF},
    {"write at 2^63", 'W', FILE_WRITE, {8, BEYOND}, "I", -EINVAL},
    {"write across 2^63", 'W', FILE_WRITE, {8, BEYOND - 4}, "I", -EFBIG},
    {"write at the last but one", 'W', FILE_WRITE, {8, ~1ul}, "I", -EINVAL},
    {"write nothing", 'W', FILE_WRITE, {0, 0}, "I", 0},
    {"write beyond its buffer", 'W', FILE_WRITE, {8, 0}, "e", -EINVAL},
    {"write all ones beyond its buffer", 'W', FILE_WRITE, {~0ul, 0}, "e", -EINVAL},
    {"write what is for reading", 'R', FILE_WRITE, {8, 0}, "I", -EBADF},
    {"size of what is for reading", 'R', FILE_SETATTR, {0}, "y", -EINVAL},
    {"seek below 0", 'W', FILE_SEEK, {~0ul, 0}, "", -EINVAL},
    {"seek below all", 'W', FILE_SEEK, {BEYOND, 1}, "", -EINVAL},
    {"seek above all", 'W', FILE_SEEK, {BEYOND - 1, 2}, "", -EOVERFLOW},
    {"seek from where", 'W', FILE_SEEK, {0, 3}, "", -EINVAL},
    {"seek from all ones", 'W', FILE_SEEK, {0, ~0ul}, "", -EINVAL},
    {"seek with a handle", 'W', FILE_SEEK, {0}, "N", -EINVAL},
    {"seek in shared memory", 'S', FILE_SEEK, {0}, "", -ESPIPE},
    {"read shared memory", 'S', FILE_READ, {8}, "o", -EINVAL},
    {"write shared memory", 'S', FILE_WRITE, {8}, "I", -EINVAL},
    {"size of shared memory for reading", 's', FILE_SETATTR, {0}, "y", -EINVAL},
#define MAP(flags)                                  \
    {                                               \
        0, PAGE_SIZE, MAP_WORD(PROT_READ, flags), 0 \
    }
    {"map no file", 'P', PAGER_MMAP, MAP(MAP_PRIVATE), "", -EBADF},
    {"map a pipe", 'P', PAGER_MMAP, MAP(MAP_PRIVATE), "Q", -ENODEV},
    {"map the console", 'P', PAGER_MMAP, MAP(MAP_SHARED), "C", -ENODEV},
    {"map a place", 'P', PAGER_MMAP, MAP(MAP_PRIVATE), "p", -ENODEV},
    {"map a space", 'P', PAGER_MMAP, MAP(MAP_PRIVATE), "D", -EBADF},
    {"map two files", 'P', PAGER_MMAP, MAP(MAP_PRIVATE), "WW", -EINVAL},
    {"map what is for writing", 'P', PAGER_MMAP, MAP(MAP_PRIVATE), "O", -EACCES},
    {"map, neither shared nor private", 'P', PAGER_MMAP, MAP(0), "W", -EINVAL},
    {"map for writing what is for reading",
     'P',
     PAGER_MMAP,
     {0, PAGE_SIZE, MAP_WORD(PROT_WRITE, MAP_SHARED), 0},
     "R",
     -EACCES},
    {"map shared memory for reading so",
     'P',
     PAGER_MMAP,
     {0, PAGE_SIZE, MAP_WORD(PROT_WRITE, MAP_SHARED), 0},
     "s",
     -EACCES},
    {"map at 2^63",
     'P',
     PAGER_MMAP,
     {0, PAGE_SIZE, MAP_WORD(PROT_READ, MAP_SHARED), BEYOND},
     "W",
     -EOVERFLOW},
    {"map across 2^63",
     'P',
     PAGER_MMAP,
     {0, 2 * PAGE_SIZE, MAP_WORD(PROT_READ, MAP_SHARED), BEYOND - PAGE_SIZE},
     "W",
     -EOVERFLOW},
    {"map within a page",
     'P',
     PAGER_MMAP,
     {0, PAGE_SIZE, MAP_WORD(PROT_READ, MAP_SHARED), 8},
     "W",
     -EINVAL},
};

/* The attributes that a letter stands for. */
static struct fs_setattr attributes(char letter)
{
    switch (letter) {
    case 'b':
    case 'B':
        return (struct fs_setattr){.valid = ~0u};
    case 'z':
    case 'Z':
        return (struct fs_setattr){.valid = FS_SET_SIZE, .size = BEYOND};
    case 'm':
        return (struct fs_setattr){.valid = FS_SET_MODE, .mode = 0100644};
    case 'n':
        return (struct fs_setattr){.valid = FS_SET_ATIME | FS_SET_ATIME_NOW};
    case 'y':
        return (struct fs_setattr){.valid = FS_SET_SIZE, .size = 1};
    default:
        return (struct fs_setattr){0};
    }
}

static void attach(struct message *m, char letter)
{
    struct fs_setattr set = attributes(letter);
    size_t length = strlen(path);

    if (strchr("iIr", letter)) {
        memset(page, 0xff, sizeof(page));
        memcpy(page, path, letter == 'I' ? 0 : length);
        memcpy(page + length, path, letter == 'r' ? length : 0);
        ipc_attach_in(m, page, letter == 'I' ? sizeof(page) : letter == 'r' ? 2 * length : length);
    } else if (strchr("abzmny", letter) || letter == 'l' || strchr("ABZ", letter)) {
        memcpy(page, &set, sizeof(set));
        memcpy(page + sizeof(set), path, length);
        ipc_attach_in(m, page, letter == 'l' ? 8 : sizeof(set) + (letter < 'a' ? length : 0));
    } else if (letter == 'e') {
        ipc_attach_in(m, page, 0);
    } else if (letter == 'o' || letter == 'x') {
        ipc_attach_out(m, page + PAGE_SIZE, letter == 'o' ? PAGE_SIZE : 0);
    } else {
        ipc_attach_handle(m, handle_of[(unsigned char)letter]);
    }
}

static long request(const struct file_case *c)
{
    struct message m = {.tag = c->label};

    for (unsigned i = 0; i < 4; i++)
        m.w[i] = c->w[i] == LENGTH && c->label >= PAGER_OPEN ? strlen(path) : c->w[i];
    ipc_accept(0);
    for (const char *letter = c->with; *letter; letter++)
        attach(&m, *letter);
    return ipc_request(handle_of[(unsigned char)c->to], &m);
}

static handle_t opened(unsigned long label, const char *name, unsigned long flags)
{
    struct message m = {.tag = label, .w = {strlen(name), flags, 0600}};

    if (label == PAGER_OPEN)
        ipc_attach_handle(&m, octavo_place);
    ipc_attach_in(&m, name, strlen(name));
    ipc_accept(1);
    long result = ipc_request(HANDLE_PAGER, &m);
    ipc_accept(0);
    return result == 0 ? msg_page()->handle[0] : HANDLE_NONE;
}

/* Through a right that gives handles: the first of them. */
static handle_t given(handle_t right, unsigned long label)
{
    struct message m = {.tag = label};

    ipc_accept(2);
    long result = ipc_request(right, &m);
    ipc_accept(0);
    if (result == 0 && right != HANDLE_PAGER)
        sys_close(msg_page()->handle[1]);
    return result == 0 ? msg_page()->handle[0] : HANDLE_NONE;
}

static bool handles_up(handle_t con)
{
    struct message m = {.tag = INIT_SERVICE, .w = {SERVICE_PIPE}};
    static const char letters[] = "PWROSsNpQCD";
    bool all = true;

    ipc_request(HANDLE_INIT, &m);
    handle_of['P'] = HANDLE_PAGER;
    handle_of['W'] = opened(PAGER_OPEN, path, FS_O_RDWR | FS_O_CREATE);
    handle_of['R'] = opened(PAGER_OPEN, path, FS_O_RDONLY);
    handle_of['O'] = opened(PAGER_OPEN, path, FS_O_WRONLY);
    handle_of['S'] = opened(PAGER_SHM_OPEN, "/octavo-crimes", FS_O_RDWR | FS_O_CREATE);
    handle_of['s'] = opened(PAGER_SHM_OPEN, "/octavo-crimes", FS_O_RDONLY);
    handle_of['N'] = world.right;
    handle_of['p'] = octavo_place;
    handle_of['Q'] = given((handle_t)m.w[0], PIPE_CREATE);
    sys_close(m.w[0]);
    handle_of['C'] = con;
    handle_of['D'] = given(HANDLE_PAGER, PAGER_CREATE);
    for (unsigned i = 0; letters[i]; i++)
        all = all && handle_of[(unsigned char)letters[i]] != HANDLE_NONE;
    return all;
}

void file_crimes(handle_t con)
{
    static struct pager_stat before, after;
    char back[64];

    if (octavo_place == HANDLE_NONE) {
        check_count++;
        printf("skip files: no folder of the host is shared\n");
        return;
    }
    snprintf(path, sizeof(path), "octavo-crimes-%lx", (unsigned long)sys_clock());
    query_pager(PAGER_STAT, 0, 0, &before, sizeof(before), NULL);
    if (!check(handles_up(con), "all sorts of rights", "one is not there"))
        return;
    struct message m = {.tag = FILE_WRITE, .w = {SIZE, 0}};
    ipc_attach_in(&m, CONTENTS, SIZE);
    check_equal("contents", ipc_request(handle_of['W'], &m), 0);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_equal(cases[i].name, request(&cases[i]), cases[i].result);
    m = (struct message){.tag = FILE_READ, .w = {sizeof(back), 0}};
    ipc_attach_out(&m, back, sizeof(back));
    check_equal("the file is there", ipc_request(handle_of['W'], &m), 0);
    check(m.w[0] == SIZE && !memcmp(back, CONTENTS, SIZE), "and as it was", "%lu bytes", m.w[0]);
    for (const char *letter = "WROSsQD"; *letter; letter++)
        sys_close(handle_of[(unsigned char)*letter]);
    check_equal("its name, too", unlink(path), 0);
    check_equal("and that of shared memory", shm_unlink("/octavo-crimes"), 0);
    for (unsigned i = 0; i < 100; i++) { /* the last CLOSED may be on its way */
        query_pager(PAGER_STAT, 0, 0, &after, sizeof(after), NULL);
        if (after.open_files == before.open_files && after.open_shared == before.open_shared)
            break;
        sys_futex_wait((uintptr_t)&word, FUTEX_VALUE, (unsigned long)sys_clock() + 1000000);
    }
    check_equal("open files afterwards", (long)after.open_files, (long)before.open_files);
    check_equal("open shared memory", (long)after.open_shared, (long)before.open_shared);
}
