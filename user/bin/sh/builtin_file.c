/* SPDX-License-Identifier: MIT
 *
 * Built-ins that have to do with files: the working directory, the umask, reading a line. */
#include <errno.h>
#include <limits.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

/* --- Working directory -------------------------------------------------------------------------- */

/* Is it an absolute path of the working directory? */
static bool is_here(const char *path)
{
    struct stat here, there;

    return path && *path == '/' && stat(".", &here) == 0 && stat(path, &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* The working directory as the user came to it, links and all, in malloc's memory; NULL with errno. */
static char *logical(void)
{
    const char *pwd = variable_get("PWD");

    if (is_here(pwd))
        return strdup(pwd);
    char *path = tool_memory(NULL, PATH_MAX);
    if (getcwd(path, PATH_MAX))
        return path;
    free(path);
    return NULL;
}

/* path without empty, . and .. components, in place: names are taken away, links not looked at. */
static void tidy(char *path)
{
    char *to = path;

    for (char *at = path; *at;) {
        at += strspn(at, "/");
        size_t length = strcspn(at, "/");
        if (length == 2 && strncmp(at, "..", 2) == 0) {
            while (to > path && *--to != '/')
                ;
        } else if (length > 0 && !(length == 1 && *at == '.')) {
            *to++ = '/';
            memmove(to, at, length);
            to += length;
        }
        at += length;
    }
    if (to == path)
        *to++ = '/';
    *to = '\0';
}

static void note_directory(const char *old, const char *path)
{
    char *now = tool_memory(NULL, PATH_MAX);

    if (old)
        variable_set("OLDPWD", old);
    if (!path && getcwd(now, PATH_MAX))
        path = now;
    if (path)
        variable_set("PWD", path);
    free(now);
}

int builtin_cd(int argc, char **argv)
{
    bool physical = false;
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        physical = strcmp(argv[i], "-P") == 0;
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
    }
    bool back = i < argc && strcmp(argv[i], "-") == 0;
    const char *to = back ? variable_get("OLDPWD") : i < argc ? argv[i] : variable_get("HOME");
    if (!to || !*to) {
        if (!to)
            shell_error("cd: %s not set", back ? "OLDPWD" : "HOME");
        return to ? 0 : STATUS_SYNTAX;
    }
    char *target = strdup(to), *old = logical();
    char *path = *target == '/' ? strdup(target) : old ? tool_path(old, target) : NULL;
    if (path)
        tidy(path);
    int status = 0;
    if (!physical && path && chdir(path) == 0) {
        note_directory(old, path);
    } else if (chdir(target) == 0) {
        note_directory(old, NULL);
    } else {
        shell_error("cd: can't cd to %s: %s", target, strerror(errno));
        status = STATUS_SYNTAX;
    }
    if (back && status == 0)
        puts(variable_get("PWD"));
    free(target);
    free(old);
    free(path);
    return status;
}

int builtin_pwd(int argc, char **argv)
{
    bool physical = argc > 1 && strcmp(argv[1], "-P") == 0;
    char *path = physical ? tool_memory(NULL, PATH_MAX) : logical();

    if (physical && !getcwd(path, PATH_MAX)) {
        free(path);
        path = NULL;
    }
    if (path)
        puts(path);
    else
        shell_error("pwd: %s", strerror(errno));
    free(path);
    return path ? 0 : 1;
}

/* --- umask -------------------------------------------------------------------------------------- */

int builtin_umask(int argc, char **argv)
{
    mode_t mask = umask(0);

    umask(mask);
    if (argc > 1 && strcmp(argv[1], "-S") != 0) {
        bool octal = argv[1][0] >= '0' && argv[1][0] <= '7';
        long mode = tool_mode(argv[1], octal ? 0 : 0777 & ~mask, 0);
        if (mode < 0) {
            shell_error("umask: %s: not a mode", argv[1]);
            return STATUS_SYNTAX;
        }
        umask((mode_t)(octal ? mode : ~mode) & 0777);
        return 0;
    }
    if (argc == 1) {
        printf("%04o\n", (unsigned)mask);
        return 0;
    }
    for (int i = 0; i < 3; i++) {
        unsigned bits = ~(unsigned)mask >> (6 - 3 * i) & 7;
        printf("%s%c=%s%s%s", i ? "," : "", "ugo"[i], bits & 4 ? "r" : "", bits & 2 ? "w" : "",
               bits & 1 ? "x" : "");
    }
    putchar('\n');
    return 0;
}

/* --- read --------------------------------------------------------------------------------------- */

/* A line of standard input, a byte at a time, so that programs find what is behind it. A byte that a
 * backslash has quoted is marked in quoted. False at the end of the input. */
static bool read_line(bool raw, char **line, char **quoted)
{
    size_t length = 0, room = 0;
    bool escaped = false;
    char c;

    *line = *quoted = NULL;
    for (;;) {
        if (length + 1 >= room) {
            room = room ? 2 * room : 128;
            *line = tool_memory(*line, room);
            *quoted = tool_memory(*quoted, room);
        }
        (*line)[length] = '\0';
        ssize_t n = read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        if (!raw && !escaped && c == '\\') {
            escaped = true;
            continue;
        }
        if (c == '\n' && !escaped)
            return true;
        if (c != '\n' && c != '\0') {
            (*quoted)[length] = escaped;
            (*line)[length++] = c;
        }
        escaped = false;
    }
}

static bool is_separator(const char *ifs, char c, char quoted)
{
    return c && !quoted && strchr(ifs, c);
}

static bool is_blank(const char *ifs, char c, char quoted)
{
    return is_separator(ifs, c, quoted) && strchr(" \t\n", c);
}

/* Fields to names, the last of which gets all that is left. */
static int split_line(const char *line, const char *quoted, char **names)
{
    const char *ifs = field_separators();
    size_t at = 0, start, end;

    while (is_blank(ifs, line[at], quoted[at]))
        at++;
    for (; *names; names++) {
        start = at;
        if (!names[1]) {
            end = strlen(line);
            while (end > start && is_blank(ifs, line[end - 1], quoted[end - 1]))
                end--;
            /* one field and a separator behind it: that does not count */
            size_t field = start;
            while (field < end && !is_separator(ifs, line[field], quoted[field]))
                field++;
            size_t rest = field;
            while (is_blank(ifs, line[rest], quoted[rest]))
                rest++;
            if (rest + 1 == end && is_separator(ifs, line[rest], quoted[rest]))
                end = field;
            at = strlen(line);
        } else {
            while (line[at] && !is_separator(ifs, line[at], quoted[at]))
                at++;
            end = at;
            while (is_blank(ifs, line[at], quoted[at]))
                at++;
            if (is_separator(ifs, line[at], quoted[at]) && !is_blank(ifs, line[at], quoted[at]))
                at++;
            while (is_blank(ifs, line[at], quoted[at]))
                at++;
        }
        char *value = strndup(line + start, end - start);
        bool good = variable_set(*names, value);
        free(value);
        if (!good)
            return STATUS_SYNTAX;
    }
    return 0;
}

int builtin_read(int argc, char **argv)
{
    static char reply[] = "REPLY";
    static char *standard[] = {reply, NULL};
    char *line, *quoted;
    bool raw = false;
    int i = 1;

    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-r") == 0) {
            raw = true;
        } else if (strcmp(argv[i], "-p") == 0 && i + 1 < argc) {
            fputs(argv[++i], stderr);
        } else {
            shell_error("read: %s: not an option", argv[i]);
            return STATUS_SYNTAX;
        }
    }
    fflush(stdout);
    bool whole = read_line(raw, &line, &quoted);
    int status = split_line(line, quoted, i < argc ? argv + i : standard);
    free(line);
    free(quoted);
    return status ? status : !whole;
}
