/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * The rest of the C library, in the working directory: see posix.h. Reads standard input. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <getopt.h>
#include <glob.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <pwd.h>
#include <regex.h>
#include <search.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include "posix.h"

extern char **environ;

static void make(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || close(fd) < 0)
        printf("cannot make %s: %s\n", path, error_name(errno));
}

/* --- Folders --------------------------------------------------------------------------------- */

static void one_glob(const char *pattern, int flags)
{
    glob_t g;
    int result = glob(pattern, flags, NULL, &g);

    printf("glob %s %s:", pattern, result == 0 ? "well" : result == GLOB_NOMATCH ? "none" : "else");
    for (size_t i = 0; result == 0 && i < g.gl_pathc; i++)
        printf(" %s", g.gl_pathv[i]);
    printf("\n");
    if (result == 0)
        globfree(&g);
}

static void test_glob(void)
{
    static const char *const names[] = {"a1",     "a2",     "b1",     ".hidden", "a[1]",
                                        "sub/x1", "sub/x2", "sub/.y", "sub2/x3", "a*b"};
    static const char *const patterns[] = {
        "*",    "a?",   "a[0-9]", "a[!1]", "[ab]1",        ".*",   "sub*/x*",  "*/*",
        "sub/", "s*/",  "none*",  "a\\*b", "a\\[1\\]",     "./a?", "sub//x1",  "s*//x*",
        "a1",   "none", "*/",     "a[",    "*[[:digit:]]", "*1",   "../*none*"};
    glob_t g;

    mkdir("sub", 0755);
    mkdir("sub2", 0755);
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        make(names[i]);
    for (unsigned i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        one_glob(patterns[i], 0);
    one_glob("*", GLOB_MARK);
    one_glob("none*", GLOB_NOCHECK);
    one_glob("a\\*b", GLOB_NOESCAPE);
    g.gl_offs = 2;
    SAY(glob("a?", GLOB_DOOFFS, NULL, &g));
    SAY(glob("b?", GLOB_DOOFFS | GLOB_APPEND, NULL, &g));
    printf("%zu %d %s %s\n", (size_t)g.gl_pathc, g.gl_pathv[0] == NULL, g.gl_pathv[2],
           g.gl_pathv[g.gl_pathc + 1]);
    globfree(&g);
    SAY(fnmatch("a*[x-z]?", "abcyz", 0));
    SAY(fnmatch("*", ".a", FNM_PERIOD) == FNM_NOMATCH);
    SAY(fnmatch("*", "a/b", FNM_PATHNAME) == FNM_NOMATCH);
}

static char *found[100];
static int found_count;

static int note(const char *path, const struct stat *status, int type, struct FTW *where)
{
    char line[400];

    snprintf(line, sizeof(line), "%s %d %s level %d %d", path, type, path + where->base,
             where->level, type != FTW_SLN && S_ISDIR(status->st_mode));
    found[found_count++] = strdup(line);
    return strcmp(path, "w/stop") == 0 ? 42 : 0;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void show_found(void)
{
    qsort(found, (size_t)found_count, sizeof(found[0]), compare);
    for (int i = 0; i < found_count; i++) {
        puts(found[i]);
        free(found[i]);
    }
    found_count = 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static int no_dots(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void test_folders(void)
{
    struct dirent **list;

    mkdir("w", 0755);
    mkdir("w/d", 0755);
    mkdir("w/d/e", 0755);
    make("w/f");
    make("w/d/g");
    SAY(symlink("f", "w/good"));
    SAY(symlink("none", "w/bad"));
    SAY(nftw("w", note, 3, FTW_PHYS));
    show_found();
    SAY(nftw("w", note, 3, FTW_DEPTH));
    show_found();
    SAY(nftw("none", note, 3, 0));
    SAY(nftw("w/f", note, 3, 0));
    show_found();
    int n = scandir("w", &list, no_dots, alphasort);
    printf("%d\n", n);
    for (int i = 0; i < n; i++) {
        puts(list[i]->d_name);
        free(list[i]);
    }
    if (n >= 0)
        free(list);
    SAY(scandir("none", &list, NULL, NULL));
    SAY(nftw("w", remove_one, 5, FTW_DEPTH | FTW_PHYS));
    SAY(access("w", F_OK));
    char path[] = "/a/b/c/", other[] = "name";
    puts(basename(path));
    puts(dirname(other));
}

/* --- Time ------------------------------------------------------------------------------------ */

static void show_time(const char *zone, time_t t)
{
    char text[100];

    setenv("TZ", zone, 1);
    tzset();
    struct tm *tm = localtime(&t);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %j %a %b %U %w %Z %z", tm);
    printf("%s: %s %d\n", zone, text, tm->tm_isdst);
    struct tm again = *tm;
    printf("%d\n", mktime(&again) == t);
}

static void test_time(void)
{
    static const char *const zones[] = {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3",
                                        "EST5EDT,M3.2.0,M11.1.0", "IST-5:30",
                                        "NZST-12NZDT,M9.5.0,M4.1.0/3"};
    static const time_t times[] = {0,          951782400,  1711846799, 1711846800,
                                   1730000000, 4102444800, 86400};
    struct tm tm = {.tm_year = 124, .tm_mon = 14, .tm_mday = -3, .tm_hour = 30};
    struct timespec a, b;
    struct timeval v;

    for (unsigned i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
        for (unsigned j = 0; j < sizeof(times) / sizeof(times[0]); j++)
            show_time(zones[i], times[j]);
    setenv("TZ", "UTC0", 1);
    SAY(mktime(&tm));
    printf("%s", asctime(&tm));
    memset(&tm, 0, sizeof(tm));
    SAY_POINTER(strptime("2024-02-29 12:34:56", "%Y-%m-%d %H:%M:%S", &tm));
    SAY(timegm(&tm));
    SAY(clock_gettime(CLOCK_MONOTONIC, &a));
    SAY(usleep(20000));
    SAY(clock_gettime(CLOCK_MONOTONIC, &b));
    long ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
    SAY(ms >= 19 && ms < 5000);
    SAY(gettimeofday(&v, NULL));
    SAY(v.tv_sec > 1500000000 && v.tv_sec - time(NULL) < 2);
    a.tv_nsec = 1000000000;
    SAY(nanosleep(&a, NULL));
    SAY(clock_gettime(99, &a));
    b.tv_nsec += 10000000;
    if (b.tv_nsec >= 1000000000)
        b.tv_nsec -= 1000000000, b.tv_sec++;
    SAY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &b, NULL));
    SAY((long)clock() >= 0);
}

/* --- Environment, options, users --------------------------------------------------------------- */

static void test_environment(void)
{
    static char put[] = "PUT=1";

    SAY(setenv("A", "1", 0));
    SAY(setenv("A", "2", 0));
    puts(getenv("A"));
    SAY(setenv("A", "2", 1));
    puts(getenv("A"));
    SAY(setenv("", "x", 1));
    SAY(setenv("B=C", "x", 1));
    SAY(putenv(put));
    put[4] = '2';
    puts(getenv("PUT"));
    SAY(unsetenv("A"));
    SAY_POINTER(getenv("A"));
    SAY(unsetenv("none"));
}

static void test_options(void)
{
    static const struct option longs[] = {{"alpha", no_argument, NULL, 'a'},
                                          {"beta", required_argument, NULL, 'b'},
                                          {NULL, 0, NULL, 0}};
    char *argv[] = {"prog", "-a", "-bvalue", "-b", "other", "-x", "--", "rest", NULL};
    char *more[] = {"prog", "--alpha", "--beta=3", "--beta", "4", "word", NULL};
    int c;

    opterr = 0;
    while ((c = getopt(8, argv, "ab:")) != -1)
        printf("%c %s\n", c, c == 'b' ? optarg : c == '?' ? "unknown" : "");
    printf("%s\n", argv[optind]);
    optind = 1;
    while ((c = getopt_long(6, more, "ab:", longs, NULL)) != -1)
        printf("%c %s\n", c, c == 'b' ? optarg : "");
    printf("%s\n", more[optind]);
}

static void test_system(void)
{
    struct rlimit limit;
    struct utsname name;
    struct passwd *user = getpwuid(0);

    puts(user->pw_name);
    SAY_POINTER(getpwnam("nobody-here"));
    puts(getgrgid(0)->gr_name);
    SAY(getpwnam("root")->pw_uid);
    SAY(sysconf(_SC_PAGESIZE));
    SAY(sysconf(-5));
    SAY(sysconf(_SC_NPROCESSORS_ONLN) > 0);
    SAY(uname(&name));
    SAY(gethostname(NULL, 0) == -1 || 1);
    SAY(getrlimit(RLIMIT_NOFILE, &limit));
    SAY(limit.rlim_cur > 10);
    SAY(getrlimit(99, &limit));
    SAY(isatty(0));
    SAY_POINTER(ttyname(0));
}

/* --- Waiting ------------------------------------------------------------------------------------ */

static void test_poll(void)
{
    int fd = open("polled", O_RDWR | O_CREAT, 0644), ends[2];
    struct pollfd p[3] = {{fd, POLLIN | POLLOUT, 0}, {-1, POLLIN, 0}, {99, POLLIN, 0}};
    struct timeval none = {0, 0};
    fd_set set;
    char text[20];

    SAY(poll(p, 3, 0));
    printf("%d %d %d\n", p[0].revents == (POLLIN | POLLOUT), p[1].revents,
           p[2].revents == POLLNVAL);
    SAY(poll(NULL, 0, 10));
    FD_ZERO(&set);
    FD_SET(fd, &set);
    SAY(select(fd + 1, &set, NULL, NULL, NULL));
    SAY(FD_ISSET(fd, &set) != 0);
    FD_ZERO(&set);
    FD_SET(fd + 5, &set);
    SAY(select(fd + 6, &set, NULL, NULL, &none));
    SAY(select(-1, NULL, NULL, NULL, &none));
    SAY(pipe(ends));
    p[0] = (struct pollfd){ends[0], POLLIN, 0};
    p[1] = (struct pollfd){ends[1], POLLOUT, 0};
    SAY(poll(p, 2, 0));
    SAY(write(ends[1], "x", 1));
    SAY(poll(p, 2, 0));
    SAY(read(ends[0], text, 10));
    SAY(close(ends[1]));
    SAY(poll(p, 1, 1000));
    SAY(p[0].revents == POLLHUP);
    SAY(read(ends[0], text, 10));
    close(ends[0]);
    p[0] = (struct pollfd){0, POLLIN, 0};
    SAY(poll(p, 1, 2000));
    SAY((p[0].revents & POLLIN) != 0);
    SAY(read(0, text, 6));
}

/* --- Commands ------------------------------------------------------------------------------------ */

/* The child of popen: standard input into a file. */
static int copy_to(const char *path)
{
    FILE *file = fopen(path, "w");
    int c;

    while ((c = getchar()) != EOF)
        putc(c, file);
    return fclose(file) == 0 ? 5 : 1;
}

static void test_commands(const char *self)
{
    char line[100], command[300];
    FILE *file;

    fflush(stdout);
    int status = system("exit 3");
    SAY(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    SAY(system(NULL) != 0);
    SAY_POINTER(file = popen("echo one; echo two", "r"));
    while (fgets(line, sizeof(line), file))
        printf("%s", line);
    SAY(pclose(file));
    fflush(stdout);
    snprintf(command, sizeof(command), "%s piped", self);
    SAY_POINTER(file = popen(command, "w"));
    fputs("through a pipe\n", file);
    SAY(pclose(file) >> 8);
    file = fopen("piped", "r");
    SAY_POINTER(fgets(line, sizeof(line), file));
    printf("%s", line);
    fclose(file);
    SAY_POINTER(popen("true", "x"));
}

/* --- Strings ---------------------------------------------------------------------------------- */

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void test_text(void)
{
    regex_t re;
    regmatch_t match[3];
    void *tree = NULL;
    wchar_t wide[20];

    SAY(regcomp(&re, "([a-z]+)-([0-9]+)", REG_EXTENDED));
    SAY(regexec(&re, "x ab-123", 3, match, 0));
    printf("%d %d %d\n", (int)match[0].rm_so, (int)match[1].rm_so, (int)match[2].rm_eo);
    regfree(&re);
    SAY_POINTER(tsearch("b", &tree, compare_words));
    SAY_POINTER(tsearch("a", &tree, compare_words));
    SAY_POINTER(tfind("a", &tree, compare_words));
    SAY(swprintf(wide, 20, L"%d-%s", 42, "x"));
    printf("%ls\n", wide);
    /* glibc's errno for it is not the same in all versions. */
    SAY(swprintf(wide, 3, L"%d", 12345) < 0);
    FILE *file = fopen("wide", "w+");
    SAY(fputws(L"wide text\n", file) >= 0);
    SAY(fwprintf(file, L"%d %ls\n", 17, L"more"));
    rewind(file);
    SAY_POINTER(fgetws(wide, 20, file));
    SAY(wcslen(wide));
    SAY(fgetwc(file));
    SAY(ungetwc(L'z', file));
    SAY(fgetwc(file));
    fclose(file);
    errno = ENOENT;
    fflush(stdout);
    warnx("said %d", 1);
    puts(strerror(ENOENT));
}

static void last_words(void)
{
    puts("last words");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return copy_to(argv[1]);
    go_here();
    setvbuf(stdout, NULL, _IOFBF, 65536);
    umask(022);
    test_glob();
    test_folders();
    test_time();
    test_environment();
    test_options();
    test_system();
    test_poll();
    test_commands(argv[0]);
    test_text();
    fflush(stdout);
    at_quick_exit(last_words);
    quick_exit(7);
}
