/* SPDX-License-Identifier: MIT
 *
 * The file server and those who mean harm, hold too much, die, or come all at once. Works in a folder of
 * its own in the share, and removes it. */
#include "check.h"
#include "fs_calls.h"
#include "spawned.h"
#include <errno.h>
#include <octavo/thread.h>
#include <proto/init.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#define SELF "/test/fs_hostile"
#define THREADS 12
#define ROUNDS 30
#define HELD 300
#define PATIENCE 1000

static handle_t here; /* the folder */

static long ask(unsigned long label, unsigned long a, unsigned long b, unsigned long c,
                unsigned long d)
{
    struct message m = {.tag = label, .w = {a, b, c, d}};
    return ipc_request(here, &m);
}

/* A request with buffers of these lengths, and words that need not agree. */
static long ask_buffers(unsigned long label, const char *in, size_t in_length, void *out,
                        size_t out_length, const unsigned long w[4])
{
    struct message m = {.tag = label, .w = {w[0], w[1], w[2], w[3]}};
    if (in)
        ipc_attach_in(&m, in, in_length);
    if (out)
        ipc_attach_out(&m, out, out_length);
    return ipc_request(here, &m);
}
#define W(...) ((const unsigned long[4]){__VA_ARGS__})

static void test_lies(void)
{
    char out[64];
    long id = fs_open(here, "f", FS_O_RDWR | FS_O_CREATE, 0644);

    check(id > 0, "opens", "%ld", id);
    check_equal("writes", fs_write(here, (unsigned long)id, 0, out, sizeof out), sizeof out);
    check_equal("label 0", ask(0, 0, 0, 0, 0), -ENOSYS);
    check_equal("label 17", ask(FS_FSYNC + 1, 0, 0, 0, 0), -ENOSYS);
    check_equal("label 65535", ask(0xffff, 0, 0, 0, 0), -ENOSYS);
    long wrong = 0;
    for (unsigned long label = FS_PLACE; label <= FS_FSYNC; label++)
        if (label != FS_CLOSE && label != FS_FSYNC && ask(label, 1, 1, 1, 1) != -EINVAL)
            wrong++;
    check_equal("no buffers", wrong, 0);
    check_equal("path beyond its buffer", ask_buffers(FS_MKDIR, "abc", 3, NULL, 0, W(4)), -EINVAL);
    check_equal("path without end", ask_buffers(FS_MKDIR, "abc", 3, NULL, 0, W(1ul << 40)),
                -ENAMETOOLONG);
    check_equal("path with a zero", ask_buffers(FS_MKDIR, "a\0b", 3, NULL, 0, W(3)), -EINVAL);
    check_equal("two paths beyond", ask_buffers(FS_RENAME, "abcd", 4, NULL, 0, W(2, 3)), -EINVAL);
    check_equal("two lengths that wrap", ask_buffers(FS_RENAME, "abcd", 4, NULL, 0, W(2, ~0ul)),
                -ENAMETOOLONG);
    check_equal("stat beyond its buffer", ask_buffers(FS_STAT, "f", 1, out, 8, W(1, 0, 0, 100)),
                -EINVAL);
    check_equal("read beyond its buffer",
                ask_buffers(FS_READ, NULL, 0, out, 8, W((unsigned long)id, 0, 64)), -EINVAL);
    check_equal("write beyond its buffer",
                ask_buffers(FS_WRITE, out, 8, NULL, 0, W((unsigned long)id, 0, 64)), -EINVAL);
    check_equal("directory beyond its buffer",
                ask_buffers(FS_READDIR, NULL, 0, out, 8, W(0, 0, 4096)), -EINVAL);
    check_equal("directory into too little", ask_buffers(FS_READDIR, NULL, 0, out, 8, W(0, 0, 8)),
                -EINVAL);
    check_equal("offset below zero", fs_read(here, (unsigned long)id, ~0ul, out, 1), -EINVAL);
    check_equal("length below zero",
                ask_buffers(FS_READ, NULL, 0, out, 8, W((unsigned long)id, 0, ~0ul)), -EINVAL);
    check_equal("open with unknown flags", fs_open(here, "f", 0x80000000u, 0), -EINVAL);
    check_equal("unlink with unknown flags", fs_name(here, FS_UNLINK, "f", 2, 0), -EINVAL);
    check_equal("close", fs_close(here, (unsigned long)id), 0);
}

static void test_ids(void)
{
    handle_t other;
    char byte;
    long id = fs_open(here, "f", FS_O_RDONLY, 0);

    check_equal("another place", fs_place(here, ".", &other), 0);
    check_equal("its ids are its own", fs_read(other, (unsigned long)id, 0, &byte, 1), -EBADF);
    check_equal("nor to close", fs_close(other, (unsigned long)id), -EBADF);
    check_equal("id 0 is no file", fs_read(here, 0, 0, &byte, 1), -EBADF);
    check_equal("id 0 is not to close", fs_close(here, 0), -EBADF);
    long wrong = 0;
    for (unsigned i = 0; i < 64; i++)
        if (fs_close(here, (unsigned long)id ^ 1ul << i) != -EBADF)
            wrong++;
    check_equal("an id with a wrong bit", wrong, 0);
    check_equal("still there", fs_read(here, (unsigned long)id, 0, &byte, 1), 1);
    check_equal("closed", fs_close(here, (unsigned long)id), 0);
    check_equal("closed twice", fs_close(here, (unsigned long)id), -EBADF);
    sys_close(other);
}

static void test_handles(void)
{
    handle_t folder;
    char byte;
    long port = sys_port_create(), mine = sys_right_create((handle_t)port, 1, 0);
    struct message m = {.tag = FS_MKDIR, .w = {1}};

    ipc_attach_in(&m, "d", 1);
    ipc_attach_handle(&m, (handle_t)mine);
    check_equal("a right to another port", ipc_request(here, &m), -EINVAL);
    check_equal("mkdir", fs_name(here, FS_MKDIR, "d", 0755, 0), 0);
    check_equal("a place in it", fs_place(here, "d", &folder), 0);
    m = (struct message){.tag = FS_OPEN, .w = {1, FS_O_RDWR | FS_O_CREATE, 0600}};
    ipc_attach_in(&m, "x", 1);
    ipc_attach_handle(&m, folder);
    check_equal("opens from another place", ipc_request(here, &m), 0);
    unsigned long id = m.w[0];
    check_equal("the id is of the place that asked", fs_read(folder, id, 0, &byte, 1), -EBADF);
    check_equal("and good there", fs_read(here, id, 0, &byte, 1), 0);
    m = (struct message){.tag = FS_RENAME, .w = {1, 1}};
    ipc_attach_in(&m, "xy", 2);
    ipc_attach_handle(&m, folder);
    check_equal("rename with one place", ipc_request(here, &m), -EINVAL);
    m = (struct message){.tag = FS_RENAME, .w = {1, 1}};
    ipc_attach_in(&m, "xy", 2);
    ipc_attach_handle(&m, folder);
    ipc_attach_handle(&m, here);
    check_equal("rename from place to place", ipc_request(here, &m), 0);
    check_equal("it is there", fs_name(here, FS_UNLINK, "y", 0, 0), 0);
    m = (struct message){.tag = FS_MKDIR, .w = {1}};
    ipc_attach_in(&m, "z", 1);
    for (unsigned i = 0; i < 3; i++)
        ipc_attach_handle(&m, here);
    check_equal("too many handles", ipc_request(here, &m), -E2BIG);
    check_equal("rmdir", fs_name(here, FS_UNLINK, "d", FS_UNLINK_DIRECTORY, 0), 0);
    check_equal("close", fs_close(here, id), 0);
    check_equal("a place whose folder is gone", fs_name(folder, FS_MKDIR, "d", 0755, 0), -ENOENT);
    sys_close(folder);
    sys_close((handle_t)mine);
    sys_close((handle_t)port);
}

static void test_addresses(void)
{
    char *page = mmap(NULL, 4 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *fresh = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long id = fs_open(here, "f", FS_O_RDWR, 0);
    struct fs_stat *stat = (struct fs_stat *)fresh;
    struct message m = {.tag = FS_OPEN,
                        .w = {1, FS_O_RDWR | FS_O_CREATE | FS_O_EXCLUSIVE, 0644, sizeof *stat}};

    check_equal("reads to nowhere", fs_read(here, (unsigned long)id, 0, (void *)16, 8), -EFAULT);
    check_equal("reads to a kernel address",
                fs_read(here, (unsigned long)id, 0, (void *)0xffffffff80200000, 8), -EFAULT);
    check_equal("reads to a read-only page", fs_read(here, (unsigned long)id, 0, page, 8), -EFAULT);
    check_equal("writes from nowhere", fs_write(here, (unsigned long)id, 0, (void *)16, 8),
                -EFAULT);
    check_equal("a path nowhere", ask_buffers(FS_MKDIR, (void *)16, 8, NULL, 0, W(8)), -EFAULT);
    ipc_attach_in(&m, "e", 1);
    ipc_attach_out(&m, stat, sizeof *stat);
    check_equal("makes a file once, and repeats for an absent page", ipc_request(here, &m), 0);
    check(m.w[1] == sizeof *stat && (stat->mode & 07777) == 0644, "and says what it is",
          "%lu bytes, mode %o", m.w[1], (unsigned)stat->mode);
    check_equal("close", fs_close(here, m.w[0]), 0);
    check_equal("close", fs_close(here, (unsigned long)id), 0);
    check_equal("unlink", fs_name(here, FS_UNLINK, "e", 0, 0), 0);
    munmap(page, 4 * 4096);
    munmap(fresh, 4096);
}

/* Opens until it is refused; how many. */
static long open_all(handle_t place, long *error)
{
    long n = 0;
    while ((*error = fs_open(place, "f", FS_O_RDONLY, 0)) > 0)
        n++;
    return n;
}

static void test_limits(void)
{
    static handle_t places[FS_CLIENT_PLACES + 1];
    handle_t place;
    unsigned n = 0, tries = 0;
    long error, held = 0;

    check_equal("a place to hold files", fs_place(here, ".", &place), 0);
    held = open_all(place, &error);
    check(error == -EMFILE && held > 400 && held <= (long)FS_CLIENT_FILES, "ids end in EMFILE",
          "%ld after %ld", error, held);
    check_equal("for all places of the client", fs_open(here, "f", FS_O_RDONLY, 0), -EMFILE);
    sys_close(place);
    while ((error = fs_open(here, "f", FS_O_RDONLY, 0)) < 0 && tries++ < PATIENCE)
        sys_yield();
    check(error > 0, "a closed place gives its ids back", "%ld", error);
    fs_close(here, (unsigned long)error);
    while (n <= FS_CLIENT_PLACES && (error = fs_place(here, ".", &places[n])) == 0)
        n++;
    check(error == -EMFILE && n > 100, "places end in EMFILE", "%ld after %u", error, n);
    while (n > 0)
        sys_close(places[--n]);
    for (tries = 0; (error = fs_place(here, ".", &place)) < 0 && tries < PATIENCE; tries++)
        sys_yield();
    check_equal("and come back", error, 0);
    sys_close(place);
}

/* --- Children --------------------------------------------------------------------------- */

/* Holds many files, and goes. */
static int child_hold(const char *folder)
{
    handle_t place;
    if (fs_place(octavo_place, folder, &place) < 0)
        return 1;
    for (unsigned i = 0; i < HELD; i++)
        if (fs_open(place, "f", FS_O_RDONLY, 0) < 0)
            return 2;
    return 0;
}

/* Asks without end. */
static int child_ask(const char *folder)
{
    handle_t place;
    char buffer[512];
    while (fs_place(octavo_place, folder, &place) == 0) {
        long id = fs_open(place, "f", FS_O_RDONLY, 0);
        fs_read(place, (unsigned long)id, 0, buffer, sizeof buffer);
        sys_close(place);
    }
    return 1;
}

static void test_dying(const char *folder)
{
    char *argv[] = {SELF, "ask", (char *)folder, NULL};
    long wrong = 0;

    for (unsigned i = 0; i < 5; i++) {
        int status = 2; /* the last one's ids may be under way */
        for (unsigned tries = 0; status == 2 && tries < 5; tries++)
            status = spawned_run(SELF, "hold", folder);
        wrong += status != 0;
    }
    check_equal("the dead hold nothing", wrong, 0);
    wrong = 0;
    for (unsigned i = 0; i < 10; i++) {
        pid_t pid = spawned_start(argv, NULL, NULL);
        uint32_t word = 0;
        sys_futex_wait((unsigned long)&word, 0, (unsigned long)sys_clock() + i * 3000000ul);
        kill(pid, SIGKILL);
        wrong += spawned_wait(pid) != 128 + SIGKILL;
    }
    check_equal("killed while they ask", wrong, 0);
}

/* --- All at once ------------------------------------------------------------------------ */

static int one_of_many(void *argument)
{
    unsigned number = (unsigned)(uintptr_t)argument;
    unsigned char data[5000], back[5000];
    char name[16];
    handle_t place;

    snprintf(name, sizeof name, "t%u", number);
    if (fs_place(here, ".", &place) < 0)
        return 1;
    long id = fs_open(place, name, FS_O_RDWR | FS_O_CREATE, 0644);
    for (unsigned round = 0; id > 0 && round < ROUNDS; round++) {
        memset(data, (int)(number * ROUNDS + round), sizeof data);
        if (fs_write(place, (unsigned long)id, round * 100, data, sizeof data) != sizeof data ||
            fs_read(place, (unsigned long)id, round * 100, back, sizeof back) != sizeof back ||
            memcmp(data, back, sizeof data) != 0)
            return 2;
    }
    sys_close(place);
    return id > 0 && fs_name(here, FS_UNLINK, name, 0, 0) == 0 ? 0 : 3;
}

static void test_many(void)
{
    struct thread *threads[THREADS];
    long wrong = 0;

    for (uintptr_t i = 0; i < THREADS; i++)
        if (thread_start(&threads[i], one_of_many, (void *)i) != 0)
            threads[i] = NULL;
    for (unsigned i = 0; i < THREADS; i++) {
        int result = 4;
        if (threads[i])
            thread_join(threads[i], &result);
        wrong += result != 0;
    }
    check_equal("threads that write and read at once", wrong, 0);
}

/* For tests/guest/debugger.py: threads that write until there is no file server any more. */
static int write_on(void *argument)
{
    static char data[8192];
    long got, id;

    (void)argument;
    do /* another one may remove it between fs's look and its opening */
        id = fs_open(here, "octavo-storm", FS_O_RDWR | FS_O_CREATE, 0644);
    while (id < 0 && id != -EPIPE);
    fs_name(here, FS_UNLINK, "octavo-storm", 0, 0); /* nobody can, afterwards */
    while ((got = fs_write(here, (unsigned long)id, 0, data, sizeof data)) > 0)
        ;
    return got == -EPIPE ? 0 : 1;
}

static int storm(void)
{
    struct thread *threads[THREADS] = {0};
    int saw = 0, result;

    here = octavo_place;
    for (unsigned i = 0; i < THREADS; i++)
        thread_start(&threads[i], write_on, NULL);
    for (unsigned i = 0; i < THREADS; i++)
        if (threads[i] && thread_join(threads[i], &result) == 0 && result == 0)
            saw++;
    printf("storm: %d threads saw it\n", saw);
    return 0;
}

int main(int argc, char **argv)
{
    char folder[64];
    struct message m = {.tag = INIT_REAL_TIME};

    if (argc == 2)
        return storm();
    if (argc > 2)
        return strcmp(argv[1], "hold") == 0 ? child_hold(argv[2]) : child_ask(argv[2]);
    if (octavo_place == HANDLE_NONE) {
        printf("skip fs: no folder of the host is shared\ndone 1\n");
        return 0;
    }
    ipc_request(HANDLE_INIT, &m);
    snprintf(folder, sizeof folder, "octavo-test-%lx", m.w[0] + (unsigned long)sys_clock());
    check_equal("a folder", fs_name(octavo_place, FS_MKDIR, folder, 0755, 0), 0);
    check_equal("a place there", fs_place(octavo_place, folder, &here), 0);
    test_lies();
    test_ids();
    test_handles();
    test_addresses();
    test_limits();
    test_dying(folder);
    test_many();
    check_equal("removes the file", fs_name(here, FS_UNLINK, "f", 0, 0), 0);
    sys_close(here);
    check_equal("removes the folder",
                fs_name(octavo_place, FS_UNLINK, folder, FS_UNLINK_DIRECTORY, 0), 0);
    return check_done();
}
