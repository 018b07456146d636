/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Open files, from inside a program: what tests/guest/files.py runs in a share of its own.
 *
 *     files basic      every call once, and what it must say
 *     files big        offsets beyond 4 GiB
 *     files full       in a share of a few megabytes
 *     files orphaned   the share is removed meanwhile
 *     files held       ends with dirty pages
 *     files model      random calls on a few files against a copy in memory
 *     files hostile    what no library would ask of a description
 *     files many       more open files than there may be
 *     files check PATH SUM      the file's size and sum are as the host says */
#include <errno.h>
#include <fcntl.h>
#include <octavo/ipc.h>
#include <octavo/query.h>
#include <proto/file.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/guest/check.h"

static uint64_t state = 88172645463325252ul;

static uint32_t random_below(uint32_t n) /* xorshift64* */
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)(state * 0x2545f4914f6cdd1dul >> 32) % n;
}

static char a[300000], b[300000];

static void fill(char *to, size_t length, unsigned seed)
{
    for (size_t i = 0; i < length; i++)
        to[i] = (char)((i * 7 + seed) ^ (i >> 8));
}

static long size_of(int fd)
{
    struct stat stat;

    return fstat(fd, &stat) < 0 ? -errno : (long)stat.st_size;
}

static long size_at(const char *path)
{
    struct stat status;

    return stat(path, &status) < 0 ? -errno : (long)status.st_size;
}

/* --- every call once --- */

static void basic_write(void)
{
    int fd = open("/one", O_RDWR | O_CREAT | O_EXCL, 0644);

    check(fd >= 0, "create", "errno %d", errno);
    fill(a, sizeof(a), 1);
    check_equal("write", write(fd, a, 10000), 10000);
    check_equal("position after write", lseek(fd, 0, SEEK_CUR), 10000);
    check_equal("size while dirty", size_of(fd), 10000);
    check_equal("size by name", size_at("/one"), 10000);
    check_equal("read at the end", read(fd, b, 10), 0);
    check_equal("seek", lseek(fd, 1, SEEK_SET), 1);
    check_equal("read", read(fd, b, 20000), 9999);
    check(memcmp(a + 1, b, 9999) == 0, "contents", "differ");
    check_equal("pwrite in the middle", pwrite(fd, "xyz", 3, 5000), 3);
    memcpy(a + 5000, "xyz", 3);
    check_equal("pwrite beyond the end", pwrite(fd, "end", 3, 20000), 3);
    memset(a + 10000, 0, 10000);
    memcpy(a + 20000, "end", 3);
    check_equal("pread", pread(fd, b, sizeof(b), 0), 20003);
    check(memcmp(a, b, 20003) == 0, "with a hole", "differs");
    check_equal("fsync", fsync(fd), 0);
    check_equal("close", close(fd), 0);
    fd = open("/one", O_RDWR | O_CREAT | O_EXCL, 0644);
    check(fd < 0 && errno == EEXIST, "exclusive", "%d, errno %d", fd, errno);
}

static void basic_open(void)
{
    int fd = open("/one", O_RDONLY);

    check_equal("read again", read(fd, b, sizeof(b)), 20003);
    check(memcmp(a, b, 20003) == 0, "is kept", "differs");
    check(write(fd, a, 1) < 0 && errno == EBADF, "write on a reader", "errno %d", errno);
    close(fd);
    fd = open("/one", O_WRONLY | O_APPEND);
    check(read(fd, b, 1) < 0 && errno == EBADF, "read on a writer", "errno %d", errno);
    check_equal("append", write(fd, "more", 4), 4);
    check_equal("size", size_of(fd), 20007);
    check_equal("seek to the end", lseek(fd, -3, SEEK_END), 20004);
    check(lseek(fd, -1, SEEK_SET) < 0 && errno == EINVAL, "negative seek", "errno %d", errno);
    close(fd);
    fd = open("/one", O_WRONLY | O_TRUNC);
    check_equal("truncated", size_of(fd), 0);
    check_equal("and by name", size_at("/one"), 0);
    close(fd);
    fd = open("/none", O_RDONLY);
    check(fd < 0 && errno == ENOENT, "absent", "%d, errno %d", fd, errno);
    fd = open("/one/x", O_RDONLY);
    check(fd < 0 && errno == ENOTDIR, "below a file", "%d, errno %d", fd, errno);
}

static void basic_truncate(void)
{
    int fd = open("/two", O_RDWR | O_CREAT | O_TRUNC, 0600);

    fill(a, sizeof(a), 2);
    check_equal("write much", write(fd, a, 200000), 200000);
    check_equal("ftruncate", ftruncate(fd, 5001), 0);
    check_equal("shorter", size_of(fd), 5001);
    check_equal("ftruncate up", ftruncate(fd, 9000), 0);
    memset(a + 5001, 0, 4000);
    check_equal("read all", pread(fd, b, sizeof(b), 0), 9000);
    check(memcmp(a, b, 9000) == 0, "zeros behind", "differ");
    check_equal("fchmod", fchmod(fd, 0640), 0);
    struct stat status;
    fstat(fd, &status);
    check_equal("mode", status.st_mode, S_IFREG | 0640);
    struct timespec times[2] = {{1000, 5}, {2000, 7}};
    check_equal("futimens", futimens(fd, times), 0);
    stat("/two", &status);
    check(status.st_mtim.tv_sec == 2000 && status.st_mtim.tv_nsec == 7, "mtime", "%ld",
          (long)status.st_mtim.tv_sec);
    close(fd);
}

static void basic_names(void)
{
    int fd = open("/three", O_RDWR | O_CREAT, 0644);

    check_equal("write", write(fd, "hello", 5), 5);
    check_equal("unlink open", unlink("/three"), 0);
    check_equal("gone", size_at("/three"), -ENOENT);
    check_equal("still readable", pread(fd, b, 10, 0), 5);
    check_equal("still writable", pwrite(fd, "HELLO", 5, 5), 5);
    check_equal("still a size", size_of(fd), 10);
    check_equal("fsync of it", fsync(fd), 0);
    int other = open("/three", O_RDWR | O_CREAT | O_EXCL, 0644);
    check(other >= 0, "the name is free", "errno %d", errno);
    check_equal("another file", size_of(other), 0);
    check_equal("rename", rename("/three", "/four"), 0);
    check_equal("write on", write(other, "x", 1), 1);
    check_equal("size by new name", size_at("/four"), 1);
    check_equal("rename over", rename("/two", "/four"), 0);
    check_equal("the old one stays", size_of(other), 1);
    check_equal("the new one", size_at("/four"), 9000);
    check_equal("unlink", unlink("/four"), 0);
    check_equal("gone", size_at("/four"), -ENOENT);
    close(fd);
    close(other);
    check(unlink("/four") < 0 && errno == ENOENT, "unlink nothing", "errno %d", errno);
}

static void basic_shared_offset(void)
{
    int fd = open("/five", O_RDWR | O_CREAT, 0644), other = open("/five", O_RDONLY);

    check_equal("write", write(fd, "0123456789", 10), 10);
    check_equal("another description", read(other, b, 4), 4);
    check(memcmp(b, "0123", 4) == 0, "sees it", "%.4s", b);
    int copy = dup(other);
    check_equal("dup shares the offset", read(copy, b, 4), 4);
    check(memcmp(b, "4567", 4) == 0, "goes on", "%.4s", b);
    close(copy);
    close(fd);
    check_equal("still open", read(other, b, 4), 2);
    close(other);
}

static void run_basic(void)
{
    basic_write();
    basic_open();
    basic_truncate();
    basic_names();
    basic_shared_offset();
}

static void run_big(void)
{
    const off_t far = (5ll << 30) + 12345;
    int fd = open("/big", O_RDWR | O_CREAT, 0644);

    check_equal("write far", pwrite(fd, "far", 3, far), 3);
    check_equal("size", size_of(fd), far + 3);
    check_equal("fsync", fsync(fd), 0);
    check_equal("read far", pread(fd, b, 10, far - 2), 5);
    check(memcmp(b, "\0\0far", 5) == 0, "contents", "differ");
    check_equal("read a hole", pread(fd, b, 4096, 3ll << 30), 4096);
    check_equal("truncate", ftruncate(fd, 10), 0);
    check_equal("read nothing", pread(fd, b, 10, far), 0);
    close(fd);
}

/* More than the share holds: said at the latest when the file is synchronised, and not before some of it
 * is there. What fits can be written afterwards. */
static void run_full(void)
{
    int fd = open("/full", O_RDWR | O_CREAT, 0644);
    long done = 0, n = 0;

    fill(a, sizeof(a), 5);
    while (done < 64l << 20 && (n = write(fd, a, sizeof(a))) > 0)
        done += n;
    check(n < 0 && errno == ENOSPC, "write says so", "%ld, errno %d after %ld", n, errno, done);
    int result = fsync(fd);
    check(result < 0 && errno == ENOSPC, "fsync says so", "%d, errno %d", result, errno);
    check_equal("truncate", ftruncate(fd, 4096), 0);
    check_equal("then there is room", fsync(fd), 0);
    check_equal("write a little", pwrite(fd, "fits", 4, 5000), 4);
    check_equal("and it is there", fsync(fd), 0);
    check_equal("size", size_of(fd), 5004);
    close(fd);
}

/* The host removes the share meanwhile: names are gone, what is open stays, as on the host. */
static void run_orphaned(void)
{
    int fd = open("/orphaned", O_RDWR | O_CREAT, 0644);

    check_equal("write", write(fd, "cached", 6), 6);
    check_equal("fsync", fsync(fd), 0);
    printf("ready\n");
    fflush(stdout);
    for (int i = 0; i < 2000 && size_at("/orphaned") >= 0; i++)
        usleep(100000);
    check(size_at("/orphaned") < 0, "no more names", "errno %d", errno);
    check_equal("cached pages", pread(fd, b, 10, 0), 6);
    check_equal("write to the cache", pwrite(fd, "CACHED", 6, 0), 6);
    check_equal("fsync of it", fsync(fd), 0);
    check(open("/other", O_RDWR | O_CREAT, 0600) < 0, "open", "worked");
    close(fd);
    char *more = mmap(NULL, 40960, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(more, 1, 40960);
    check(more[40959] == 1, "the pager goes on", "%d", more[40959]);
}

/* Leaves a file dirty, by write and by a mapping, and waits for the end. */
static void run_held(void)
{
    int fd = open("/held", O_RDWR | O_CREAT | O_TRUNC, 0644);

    pwrite(fd, "written", 7, 200000);
    memcpy(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), "mapped", 6);
    printf("held\n");
    fflush(stdout);
    _exit(0);
}

/* --- random calls against a copy --- */

#define MODEL_FILES 3
#define MODEL_MAX 200000u

static struct model {
    char bytes[MODEL_MAX];
    uint32_t size;
    int fd;
    char path[8];
} models[MODEL_FILES];

static bool model_write(struct model *m)
{
    uint32_t at = random_below(MODEL_MAX),
             n = random_below(2) ? random_below(9000) : random_below(50);

    if (n > MODEL_MAX - at)
        n = MODEL_MAX - at;
    fill(a, n, random_below(1000));
    if (pwrite(m->fd, a, n, at) != n)
        return false;
    if (n == 0)
        return true;
    if (at > m->size)
        memset(m->bytes + m->size, 0, at - m->size);
    memcpy(m->bytes + at, a, n);
    if (at + n > m->size)
        m->size = at + n;
    return true;
}

static bool model_read(struct model *m)
{
    uint32_t at = random_below(MODEL_MAX), n = random_below(20000);
    uint32_t right = at >= m->size ? 0 : n < m->size - at ? n : m->size - at;

    memset(b, 0x55, n);
    long got = pread(m->fd, b, n, at);
    if (got == right && memcmp(b, m->bytes + at, right) == 0)
        return true;
    uint32_t first = 0;
    while (first < right && b[first] == m->bytes[at + first])
        first++;
    printf("# %s: %ld of %u bytes at %u, wrong from %u on, size %u\n", m->path, got, right, at,
           at + first, m->size);
    return false;
}

static bool model_truncate(struct model *m)
{
    uint32_t size = random_below(MODEL_MAX);

    if (ftruncate(m->fd, size) < 0)
        return false;
    if (size > m->size)
        memset(m->bytes + m->size, 0, size - m->size);
    m->size = size;
    return true;
}

static bool model_reopen(struct model *m)
{
    close(m->fd);
    m->fd = open(m->path, O_RDWR);
    return m->fd >= 0;
}

static bool model_step(struct model *m)
{
    switch (random_below(12)) {
    case 0:
        return model_truncate(m);
    case 1:
        return model_reopen(m);
    case 2:
        return fsync(m->fd) == 0 && size_of(m->fd) == (long)m->size;
    case 3:
        return size_at(m->path) == (long)m->size;
    case 4:
    case 5:
    case 6:
    case 7:
        return model_write(m);
    default:
        return model_read(m);
    }
}

static void run_model(void)
{
    unsigned step = 0;
    bool right = true;

    for (unsigned i = 0; i < MODEL_FILES; i++) {
        struct model *m = &models[i];
        snprintf(m->path, sizeof(m->path), "/m%u", i);
        m->fd = open(m->path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    }
    for (; step < 1500 && right; step++)
        right = model_step(&models[random_below(MODEL_FILES)]);
    check(right, "random calls", "step %u, errno %d", step, errno);
    for (unsigned i = 0; i < MODEL_FILES; i++) {
        struct model *m = &models[i];
        right = pread(m->fd, b, sizeof(b), 0) == (long)m->size && memcmp(b, m->bytes, m->size) == 0;
        check(right, "at the end", "file %u differs", i);
        close(m->fd);
    }
    for (unsigned i = 0; i < MODEL_FILES; i++) {
        uint32_t sum = 0;
        for (uint32_t at = 0; at < models[i].size; at++)
            sum = sum * 31 + (uint8_t)models[i].bytes[at];
        printf("sum %s %u %u\n", models[i].path, models[i].size, sum);
    }
}

/* --- what no library asks --- */

extern handle_t octavo_place;

static handle_t raw_open(const char *path, unsigned flags)
{
    struct message m = {.tag = PAGER_OPEN, .w = {strlen(path), flags, 0644}};

    ipc_attach_handle(&m, octavo_place);
    ipc_attach_in(&m, path, strlen(path));
    ipc_accept(1);
    long result = ipc_request(HANDLE_PAGER, &m);
    ipc_accept(0);
    return result < 0 ? HANDLE_NONE : msg_page()->handle[0];
}

static long raw(handle_t file, unsigned operation, unsigned long w0, unsigned long w1, void *in,
                void *out, size_t length)
{
    struct message m = {.tag = operation, .w = {w0, w1, 0, length}};

    if (in)
        ipc_attach_in(&m, in, length);
    if (out)
        ipc_attach_out(&m, out, length);
    long result = ipc_request(file, &m);
    return result < 0 ? result : (long)m.w[0];
}

static void run_hostile(void)
{
    handle_t file = raw_open("/hostile", FS_O_RDWR | FS_O_CREATE);
    struct fs_setattr set = {.valid = ~0u};
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    check(file != HANDLE_NONE, "open", "failed");
    check_equal("write", raw(file, FILE_WRITE, 100, FILE_AT_POSITION, a, NULL, 100), 100);
    check_equal("offset beyond all", raw(file, FILE_READ, 10, 1ul << 63, NULL, b, 10), -EINVAL);
    check_equal("write beyond all", raw(file, FILE_WRITE, 10, INT64_MAX - 5, a, NULL, 10), -EFBIG);
    check_equal("length beyond all", raw(file, FILE_READ, ~0ul, 0, NULL, b, 4096), 100);
    check(raw(file, FILE_READ, 4096, 0, NULL, (void *)4096, 4096) < 0, "bad buffer", "worked");
    check(raw(file, FILE_WRITE, 4096, 0, (void *)4096, NULL, 4096) < 0, "bad source", "worked");
    check_equal("size is as it was", raw(file, FILE_SEEK, 0, 2, NULL, NULL, 0), 100);
    check(raw(file, FILE_READ, 4096, 0, NULL, NULL, 0) == -EINVAL, "no buffer", "worked");
    check_equal("no operation", raw(file, 99, 0, 0, NULL, NULL, 0), -ENOSYS);
    check_equal("operation 0", raw(file, 0, 0, 0, NULL, NULL, 0), -ENOSYS);
    check_equal("whence 3", raw(file, FILE_SEEK, 0, 3, NULL, NULL, 0), -EINVAL);
    check_equal("seek to nowhere", raw(file, FILE_SEEK, 1ul << 63, 1, NULL, NULL, 0), -EINVAL);
    check_equal("wrong attributes", raw(file, FILE_SETATTR, 0, 0, &set, NULL, sizeof(set)),
                -EINVAL);
    set = (struct fs_setattr){.valid = FS_SET_SIZE, .size = 1ul << 63};
    check_equal("size beyond all", raw(file, FILE_SETATTR, 0, 0, &set, NULL, sizeof(set)), -EINVAL);
    check_equal("short attributes", raw(file, FILE_SETATTR, 0, 0, &set, NULL, 4), -EINVAL);
    check_equal("flags", raw(file, FILE_FLAGS, ~0ul, 0, NULL, NULL, 0), -EINVAL);
    check_equal("sync", raw(file, FILE_SYNC, 2, 0, NULL, NULL, 0), -EINVAL);
    munmap(page + 4096, 4096);
    memset(page, 7, 4096);
    check_equal("buffer ends early", raw(file, FILE_WRITE, 8192, 0, page, NULL, 8192), 4096);
    check_equal("so far", raw(file, FILE_SEEK, 0, 2, NULL, NULL, 0), 4096);
    check_equal("not through the pager's right", raw(HANDLE_PAGER, PAGER_OPEN, 8, 0, a, NULL, 100),
                -EBADF);
    struct message m = {.tag = PAGER_OPEN, .w = {8, FS_O_RDWR, 0}};
    ipc_attach_handle(&m, file); /* not a place */
    ipc_attach_in(&m, "/hostile", 8);
    check_equal("an open file is no place", ipc_request(HANDLE_PAGER, &m), -EBADF);
    check_equal("close", sys_close(file), 0);
    check_equal("closed", raw(file, FILE_SEEK, 0, 1, NULL, NULL, 0), -EBADF);
}

static void run_many(void)
{
    static handle_t file[600];
    unsigned n = 0;

    while (n < 600 && (file[n] = raw_open("/many", FS_O_RDWR | FS_O_CREATE)) != HANDLE_NONE)
        n++;
    check_equal("as many as may be", n, 512);
    for (unsigned i = 0; i < n; i++)
        sys_close(file[i]);
    file[0] = raw_open("/many", FS_O_RDONLY);
    check(file[0] != HANDLE_NONE, "and again", "failed");
    sys_close(file[0]);
}

static void run_check(const char *path, const char *sum)
{
    int fd = open(path, O_RDONLY);
    uint32_t found = 0;
    long n, total = 0;

    check(fd >= 0, "open", "errno %d", errno);
    while ((n = read(fd, b, sizeof(b))) > 0) {
        total += n;
        for (long i = 0; i < n; i++)
            found = found * 31 + (uint8_t)b[i];
    }
    check_equal("end", n, 0);
    check_equal("size", total, size_of(fd));
    check_equal("sum", found, (long)strtoul(sum, NULL, 0));
    close(fd);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(mode, "basic") == 0)
        run_basic();
    else if (strcmp(mode, "big") == 0)
        run_big();
    else if (strcmp(mode, "full") == 0)
        run_full();
    else if (strcmp(mode, "orphaned") == 0)
        run_orphaned();
    else if (strcmp(mode, "held") == 0)
        run_held();
    else if (strcmp(mode, "model") == 0)
        run_model();
    else if (strcmp(mode, "hostile") == 0)
        run_hostile();
    else if (strcmp(mode, "many") == 0)
        run_many();
    else if (strcmp(mode, "check") == 0 && argc == 4)
        run_check(argv[2], argv[3]);
    return check_done();
}
