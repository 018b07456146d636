/* SPDX-License-Identifier: MIT
 *
 * Path resolution: random paths through random trees of folders, files and symbolic links (to anywhere:
 * upwards, absolute, into loops), resolved by user/fs/path.c over a model of QEMU's 9P server, and by
 * Linux with openat2(RESOLVE_IN_ROOT): the same file, or the same errno. */
// SOURCES: user/fs/path.c user/fs/dev.c
// CPPFLAGS: -idirafter user/include -D_GNU_SOURCE
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "user/fs/dev.h"
#include "user/fs/fid.h"
#include "user/fs/path.h"

#define FIDS 32

static char root[] = "/tmp/octavo-path-XXXXXX";
static int root_fd = -1;

/* As QEMU's local server has it: a fid is a path below the root, "." itself, without links in it. */
static struct {
    bool taken, there;
    char path[8192];
} fids[FIDS];

static char link_text[FS_PATH_MAX + 1];

uint32_t fid_get(void)
{
    for (uint32_t i = 1; i < FIDS; i++)
        if (!fids[i].taken) {
            fids[i].taken = true;
            return i;
        }
    return P9_NO_FID;
}

void fid_put(uint32_t fid)
{
    CHECK(fid < FIDS && fids[fid].taken && !fids[fid].there);
    fids[fid].taken = false;
}

void fid_put_clunk(struct p9 *p9, uint32_t fid)
{
    (void)p9;
    if (fid == P9_NO_FID || dev_has(fid))
        return;
    CHECK(fid && fid < FIDS && fids[fid].there);
    fids[fid].there = false;
    fid_put(fid);
}

static int open2(const char *path, uint64_t flags, uint64_t resolve)
{
    struct open_how how = {.flags = flags, .mode = flags & O_CREAT ? 0600 : 0, .resolve = resolve};
    long fd = syscall(SYS_openat2, root_fd, path, &how, sizeof how);
    return fd < 0 ? -errno : (int)fd;
}

/* Stats a fid's path without following anything. */
static int look(const char *path, struct stat *st)
{
    int fd = open2(path, O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);
    if (fd < 0)
        return fd;
    CHECK_EQ(fstat(fd, st), 0);
    close(fd);
    return 0;
}

static void append(char *path, struct wire_name name)
{
    if (name.length == 2 && memcmp(name.bytes, "..", 2) == 0) {
        char *slash = strrchr(path, '/'); /* whatever the last one is: as QEMU does it */
        strcpy(slash ? slash : path, slash ? "" : ".");
        return;
    }
    CHECK(name.length <= FS_NAME_MAX && name.length > 0 && !memchr(name.bytes, '/', name.length));
    if (strcmp(path, ".") == 0)
        *path = '\0';
    size_t length = strlen(path);
    CHECK(length + name.length + 2 < sizeof fids[0].path);
    snprintf(path + length, sizeof fids[0].path - length, "%s%.*s", length ? "/" : "",
             (int)name.length, name.bytes);
}

int p9_walk(struct p9 *p9, uint32_t fid, uint32_t newfid, const struct wire_name *name,
            unsigned count, struct wire_qid *qid)
{
    char path[sizeof fids[0].path];
    struct stat st;

    (void)p9;
    CHECK(count <= P9_WALK_MAX && fids[fid].there && fids[newfid].taken && !fids[newfid].there);
    strcpy(path, fids[fid].path);
    for (unsigned i = 0; i < count; i++) {
        append(path, name[i]);
        int result = look(path, &st);
        if (result < 0)
            return i ? (int)i : result;
        qid[i] = (struct wire_qid){.type = S_ISDIR(st.st_mode)   ? QID_DIRECTORY
                                           : S_ISLNK(st.st_mode) ? QID_SYMLINK
                                                                 : 0,
                                   .path = st.st_ino};
    }
    strcpy(fids[newfid].path, path);
    fids[newfid].there = true;
    return (int)count;
}

int p9_readlink(struct p9 *p9, uint32_t fid, struct wire_name *target)
{
    (void)p9;
    ssize_t length = readlinkat(root_fd, fids[fid].path, link_text, sizeof link_text);
    CHECK(length >= 0);
    *target = (struct wire_name){link_text, (size_t)length};
    return 0;
}

/* --- Trees ---------------------------------------------------------------------------------- */

static const char *const names[] = {"a", "b", "c", "\xc3\xa4", "..", ".", "d"};
#define NAMES 7
#define PLAIN 4 /* of them that can be made */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type;
    return ftw->level ? remove(path) : 0;
}

static void make_path(char *path, unsigned most, bool wild)
{
    *path = '\0';
    if (wild && rnd_chance(20))
        strcat(path, rnd_chance(20) ? "//" : "/");
    for (unsigned n = 1 + (unsigned)rnd_below(most); n; n--) {
        strcat(path, names[rnd_below(wild ? NAMES : PLAIN)]);
        if (n > 1 || (wild && rnd_chance(12)))
            strcat(path, wild && rnd_chance(10) ? "//" : "/");
    }
}

static void make_tree(void)
{
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    for (unsigned n = 40; n; n--) {
        char path[200], target[200];
        make_path(path, 4, false);
        switch (rnd_below(5)) {
        case 0:
        case 1:
            (void)!mkdirat(root_fd, path, 0755);
            break;
        case 2:
            close(openat(root_fd, path, O_CREAT | O_WRONLY | O_EXCL, 0644));
            break;
        default:
            make_path(target, 3, true);
            (void)!symlinkat(target, root_fd, path);
        }
    }
}

static bool start(void)
{
    if (root_fd < 0) {
        CHECK(mkdtemp(root));
        root_fd = open(root, O_PATH | O_DIRECTORY);
    }
    memset(fids, 0, sizeof fids);
    fids[PATH_ROOT_FID].taken = fids[PATH_ROOT_FID].there = true;
    strcpy(fids[PATH_ROOT_FID].path, ".");
    int fd = open2(".", O_PATH, RESOLVE_IN_ROOT);
    if (fd >= 0)
        close(fd);
    return fd >= 0; /* Linux before 5.6 */
}

static void done(void)
{
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    rmdir(root);
}

__attribute__((constructor)) static void at_end(void)
{
    atexit(done);
}

static int resolve(const char *text, enum path_want want, struct path *path)
{
    static struct path_buffer buffer;
    memset(&buffer, 0xee, sizeof buffer);
    *path = (struct path){.start = PATH_ROOT_FID,
                          .start_inode = path_root(),
                          .buffer = &buffer,
                          .length = strlen(text),
                          .want = want};
    memcpy(buffer.bytes, text, path->length < sizeof buffer ? path->length : sizeof buffer);
    return path_resolve(NULL, path);
}

static void check_no_fids(void)
{
    for (uint32_t i = 1; i < FIDS; i++)
        CHECK(!fids[i].taken);
}

/* The fid and the descriptor (or errno) name the same. Closes it. */
static void check_same(const char *text, int result, const struct path *path, int fd)
{
    struct stat ours, theirs;

    if (result < 0 || fd < 0) {
        if (result != (fd < 0 ? fd : 0))
            fprintf(stderr, "%s: %d, Linux %d\n", text, result, fd);
        CHECK_EQ(result, fd < 0 ? fd : 0);
        return;
    }
    CHECK_EQ(look(fids[path->fid].path, &ours), 0);
    CHECK_EQ(fstat(fd, &theirs), 0);
    close(fd);
    if (ours.st_ino != theirs.st_ino)
        fprintf(stderr, "%s: is %s\n", text, fids[path->fid].path);
    CHECK(ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev);
}

static void check_plain(const char *text)
{
    struct path path;
    for (unsigned nofollow = 0; nofollow < 2; nofollow++) {
        int fd = open2(text, nofollow ? O_PATH | O_NOFOLLOW : O_PATH, RESOLVE_IN_ROOT);
        int result = resolve(text, nofollow ? PATH_NOFOLLOW : PATH_FOLLOW, &path);
        check_same(text, result, &path, fd);
        if (result == 0)
            path_done(NULL, &path);
        check_no_fids();
    }
}

/* CREATE: what is there is what Linux opens; what is not is where Linux makes it. */
static void check_create(const char *text)
{
    struct path path;
    struct stat st;
    int result = resolve(text, PATH_CREATE, &path);
    int fd = open2(text, O_PATH, RESOLVE_IN_ROOT);

    if (result == 0 && path.last == PATH_NAME && !path.is_slashed && path.fid == P9_NO_FID) {
        char made[9000];
        CHECK_EQ(fd, -ENOENT);
        fd = open2(text, O_CREAT | O_WRONLY, RESOLVE_IN_ROOT);
        CHECK(fd >= 0);
        close(fd);
        snprintf(made, sizeof made, "%s/%.*s", fids[path.directory].path, (int)path.name.length,
                 path.name.bytes);
        CHECK_EQ(look(made, &st), 0);
        CHECK(S_ISREG(st.st_mode));
        CHECK_EQ(unlinkat(root_fd, made, 0), 0);
    } else if (result == 0 && path.fid != P9_NO_FID) {
        check_same(text, 0, &path, fd);
    } else if (result < 0) {
        CHECK_EQ(result, fd); /* Linux cannot find it either */
    } else if (fd >= 0) {
        close(fd);
    }
    if (result == 0)
        path_done(NULL, &path);
    check_no_fids();
}

TEST(as_linux)
{
    if (!start())
        return;
    for (unsigned long n = test_operations() / 50000; n; n--) {
        make_tree();
        for (unsigned k = 0; k < 200; k++) {
            char text[400];
            make_path(text, rnd_chance(10) ? 40 : 6, true);
            check_plain(text);
            check_create(text);
        }
    }
}

/* Chains of links, of 40 and 41. */
TEST(many_links)
{
    struct path path;
    char from[16], to[16];

    if (!start())
        return;
    make_tree();
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    for (unsigned i = 0; i <= FS_LINKS_MAX + 1; i++) {
        snprintf(from, sizeof from, "l%u", i + 1);
        snprintf(to, sizeof to, "l%u", i);
        CHECK_EQ(symlinkat(i ? to : ".", root_fd, from), 0);
    }
    check_plain("l40");
    check_plain("l41");
    CHECK_EQ(resolve("l40", PATH_FOLLOW, &path), 0);
    path_done(NULL, &path);
    CHECK_EQ(resolve("l41", PATH_FOLLOW, &path), -ELOOP);
    check_no_fids();
}

/* /dev is in the root, whatever is there, and nowhere else; ".." leads out of it. */
TEST(dev)
{
    static const char *const into[] = {"dev",        "/dev/",     "a/../dev", "a/b/../../dev",
                                       "dev/../dev", "a/up/dev/", "./dev/.",  "l"};
    static const char *const not_into[] = {"a/dev/zero", "a/b/../dev", "a/toor"};
    struct path path;
    struct stat st;

    if (!start())
        return;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    CHECK_EQ(look(".", &st), 0);
    path_setup(st.st_ino);
    for (unsigned i = 0; i < 3; i++)
        CHECK_EQ(mkdirat(root_fd, ((const char *[]){"a", "a/b", "a/dev"})[i], 0755), 0);
    CHECK_EQ(symlinkat("../.", root_fd, "a/up"), 0);
    CHECK_EQ(symlinkat("/a/../dev", root_fd, "l"), 0);
    for (unsigned i = 0; i < sizeof into / sizeof into[0]; i++) {
        CHECK_EQ(resolve(into[i], PATH_FOLLOW, &path), 0);
        CHECK_EQ(path.fid, DEV_FID);
        path_done(NULL, &path);
        check_no_fids();
    }
    for (unsigned i = 0; i < sizeof not_into / sizeof not_into[0]; i++) {
        int result = resolve(not_into[i], PATH_FOLLOW, &path);
        CHECK(result == -ENOENT || (result == 0 && !dev_has(path.fid)));
        if (result == 0)
            path_done(NULL, &path);
        check_no_fids();
    }
    CHECK_EQ(resolve("dev/zero", PATH_CREATE, &path), 0);
    CHECK(dev_has(path.fid) && path.fid != DEV_FID && path.directory == DEV_FID && path.is_dev);
    path_done(NULL, &path);
    CHECK_EQ(resolve("dev/none", PATH_FOLLOW, &path), -ENOENT);
    CHECK_EQ(resolve("dev/zero/..", PATH_FOLLOW, &path), -ENOTDIR);
    CHECK_EQ(resolve("dev/../a/b", PATH_FOLLOW, &path), 0);
    CHECK(!dev_has(path.fid) && strcmp(fids[path.fid].path, "a/b") == 0);
    path_done(NULL, &path);
    CHECK_EQ(resolve("a/../dev", PATH_PARENT, &path), 0);
    CHECK(path.is_dev && !dev_has(path.directory));
    path_done(NULL, &path);
    check_no_fids();
}

TEST(lengths)
{
    static char text[FS_PATH_MAX + 10];
    struct path path;

    if (!start())
        return;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    CHECK_EQ(mkdirat(root_fd, "a", 0755), 0);
    memset(text, 'x', 255);
    check_plain(text); /* ENOENT */
    memset(text, 'x', 256);
    check_plain(text); /* ENAMETOOLONG */
    CHECK_EQ(resolve(text, PATH_FOLLOW, &path), -ENAMETOOLONG);
    CHECK_EQ(resolve(text, PATH_PARENT, &path), -ENAMETOOLONG);
    check_create(text);
    memset(text, '/', FS_PATH_MAX);
    check_plain(text);
    CHECK_EQ(resolve(text, PATH_PARENT, &path), 0);
    CHECK_EQ(path.last, PATH_SLASH);
    path_done(NULL, &path);
    memset(text, '/', FS_PATH_MAX + 1);
    CHECK_EQ(resolve(text, PATH_FOLLOW, &path), -ENAMETOOLONG);
    memset(text, 0, sizeof text);
    CHECK_EQ(resolve("", PATH_FOLLOW, &path), -ENOENT);
    for (unsigned i = 0; i + 4 < FS_PATH_MAX; i += 5) /* more names than a walk takes */
        memcpy(text + i, "a/..//", 6);
    text[FS_PATH_MAX - 5] = '\0';
    check_plain(text);
    check_no_fids();
}

TEST(last_names)
{
    static const struct {
        const char *text;
        enum path_last last;
        const char *name;
        bool is_slashed;
        const char *directory;
    } cases[] = {
        {"a", PATH_NAME, "a", false, "."},      {"a/b", PATH_NAME, "b", false, "a"},
        {"a/b/", PATH_NAME, "b", true, "a"},    {"a//b", PATH_NAME, "b", false, "a"},
        {"/a/./b", PATH_NAME, "b", false, "a"}, {".", PATH_DOT, ".", false, "."},
        {"a/.", PATH_DOT, ".", false, "a"},     {"a/..", PATH_DOTDOT, "..", false, "a"},
        {"/", PATH_SLASH, "", false, "."},      {"l/x", PATH_NAME, "x", false, "a"},
        {"l", PATH_NAME, "l", false, "."},      {"./././x", PATH_NAME, "x", false, "."},
    };
    struct path path;

    if (!start())
        return;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    CHECK_EQ(mkdirat(root_fd, "a", 0755), 0);
    CHECK_EQ(symlinkat("/a", root_fd, "l"), 0);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_EQ(resolve(cases[i].text, PATH_PARENT, &path), 0);
        CHECK_EQ(path.last, cases[i].last);
        CHECK_EQ(path.is_slashed, cases[i].is_slashed);
        CHECK(strcmp(fids[path.directory].path, cases[i].directory) == 0);
        if (path.last == PATH_NAME)
            CHECK(path.name.length == strlen(cases[i].name) &&
                  memcmp(path.name.bytes, cases[i].name, path.name.length) == 0);
        path_done(NULL, &path);
        check_no_fids();
    }
}
