/* SPDX-License-Identifier: MIT
 *
 * stat [-L] [-c format] file...: what stat(2) says. The letters of the format are GNU's. */
#include "user/lib/tool/tool.h"
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *type_of(const struct stat *status)
{
    mode_t mode = status->st_mode;

    return S_ISDIR(mode)     ? "directory"
           : S_ISLNK(mode)   ? "symbolic link"
           : S_ISCHR(mode)   ? "character special file"
           : S_ISBLK(mode)   ? "block special file"
           : S_ISFIFO(mode)  ? "fifo"
           : S_ISSOCK(mode)  ? "socket"
           : status->st_size ? "regular file"
                             : "regular empty file";
}

static void print_time(const struct timespec *t)
{
    char text[64], zone[16];
    time_t seconds = t->tv_sec;
    struct tm *tm = localtime(&seconds);

    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", tm);
    strftime(zone, sizeof(zone), "%z", tm);
    printf("%s.%09ld %s", text, t->tv_nsec, zone);
}

static void print_quoted(const char *path, const struct stat *status)
{
    char target[PATH_MAX];
    ssize_t length = S_ISLNK(status->st_mode) ? readlink(path, target, sizeof(target)) : -1;

    printf("'%s'", path);
    if (length >= 0)
        printf(" -> '%.*s'", (int)length, target);
}

static void print_owner(char letter, const struct stat *status)
{
    const struct passwd *user = getpwuid(status->st_uid);
    const struct group *group = getgrgid(status->st_gid);

    fputs(letter == 'U' ? (user ? user->pw_name : "UNKNOWN") : (group ? group->gr_name : "UNKNOWN"),
          stdout);
}

/* The time that a letter stands for, as a date (small) or in seconds (capital). */
static int print_when(char letter, const struct stat *status)
{
    static const char letters[] = "xXyYzZ";
    const struct timespec *times[] = {&status->st_atim, &status->st_mtim, &status->st_ctim};
    const char *at = strchr(letters, letter);

    if (!at)
        return 0;
    const struct timespec *t = times[(at - letters) / 2];
    if ((at - letters) % 2)
        printf("%lld", (long long)t->tv_sec);
    else
        print_time(t);
    return 1;
}

static int print_number(char letter, const struct stat *status)
{
    unsigned long long value;

    switch (letter) {
    case 's':
        value = (unsigned long long)status->st_size;
        break;
    case 'b':
        value = (unsigned long long)status->st_blocks;
        break;
    case 'B':
        value = 512;
        break;
    case 'o':
        value = (unsigned long long)status->st_blksize;
        break;
    case 'd':
        value = (unsigned long long)status->st_dev;
        break;
    case 'i':
        value = (unsigned long long)status->st_ino;
        break;
    case 'h':
        value = (unsigned long long)status->st_nlink;
        break;
    case 'u':
        value = status->st_uid;
        break;
    case 'g':
        value = status->st_gid;
        break;
    default:
        return 0;
    }
    printf("%llu", value);
    return 1;
}

static void print_letter(char letter, const char *path, const struct stat *status)
{
    char mode[11];

    switch (letter) {
    case '%':
        putchar('%');
        break;
    case 'n':
        fputs(path, stdout);
        break;
    case 'N':
        print_quoted(path, status);
        break;
    case 'a':
        printf("%o", (unsigned)(status->st_mode & 07777));
        break;
    case 'f':
        printf("%x", (unsigned)status->st_mode);
        break;
    case 'A':
        tool_mode_text(status->st_mode, mode);
        fputs(mode, stdout);
        break;
    case 'F':
        fputs(type_of(status), stdout);
        break;
    case 't':
        printf("%x", (unsigned)(status->st_rdev >> 8 & 0xfff));
        break;
    case 'T':
        printf("%x", (unsigned)(status->st_rdev & 0xff));
        break;
    case 'U':
    case 'G':
        print_owner(letter, status);
        break;
    default:
        if (!print_number(letter, status) && !print_when(letter, status))
            putchar('?');
    }
}

static void print(const char *format, const char *path, const struct stat *status)
{
    for (; *format; format++)
        if (format[0] == '%' && format[1])
            print_letter(*++format, path, status);
        else
            putchar(*format);
}

static const char full[] = "  File: %N\n"
                           "  Size: %s\tBlocks: %b\tIO Block: %o\t%F\n"
                           "Inode: %i\tLinks: %h\n"
                           "Access: (%a/%A)\tUid: (%u/%U)\tGid: (%g/%G)\n"
                           "Access: %x\nModify: %y\nChange: %z\n";

int main(int argc, char **argv)
{
    const char *format = NULL;
    int option, follow = 0;

    tool_begin(argv, "stat [-L] [-c format] file...");
    while ((option = getopt(argc, argv, "Lc:")) != -1)
        if (option == 'L')
            follow = 1;
        else if (option == 'c')
            format = optarg;
        else
            tool_misused();
    if (optind == argc)
        tool_misused();
    for (int i = optind; i < argc; i++) {
        struct stat status;
        if ((follow ? stat(argv[i], &status) : lstat(argv[i], &status)) < 0) {
            tool_warn("cannot stat '%s'", argv[i]);
            continue;
        }
        print(format ? format : full, argv[i], &status);
        if (format)
            putchar('\n');
    }
    return tool_end();
}
