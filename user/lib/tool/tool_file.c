/* SPDX-License-Identifier: MIT
 *
 * What the small programs in user/bin do alike with files, folders and modes (user/lib/tool/tool.h). */
#include "user/lib/tool/tool.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_ROOM 65536

FILE *tool_open(const char *path)
{
    if (strcmp(path, "-") == 0)
        return stdin;
    FILE *file = fopen(path, "r");
    if (!file)
        tool_warn("%s", path);
    return file;
}

void tool_close(FILE *file, const char *path)
{
    if (ferror(file))
        tool_warn("%s", path);
    if (file == stdin)
        clearerr(file);
    else
        fclose(file);
}

void tool_each_titled(int count, char **paths, int title, void (*each)(FILE *file))
{
    char *standard_input[] = {"-"};
    int first = 1;

    if (title < 0)
        title = count > 1;
    if (count == 0) {
        count = 1;
        paths = standard_input;
    }
    for (int i = 0; i < count; i++) {
        FILE *file = tool_open(paths[i]);
        if (!file)
            continue;
        if (title)
            printf("%s==> %s <==\n", first ? "" : "\n",
                   file == stdin ? "standard input" : paths[i]);
        first = 0;
        each(file);
        tool_close(file, paths[i]);
    }
}

int tool_copy(int in, int out)
{
    static char *buffer;
    ssize_t n;

    if (!buffer)
        buffer = tool_memory(NULL, COPY_ROOM);
    while ((n = read(in, buffer, COPY_ROOM)) > 0)
        for (ssize_t done = 0, m; done < n; done += m)
            if ((m = write(out, buffer + done, (size_t)(n - done))) < 0)
                return -2;
    return n < 0 ? -1 : 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **tool_names(const char *path)
{
    size_t n = 0, room = 16;
    struct dirent *entry;
    DIR *directory = opendir(path);

    if (!directory)
        return NULL;
    char **names = tool_memory(NULL, room * sizeof(*names));
    while (errno = 0, (entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (n + 1 == room)
            names = tool_memory(names, (room *= 2) * sizeof(*names));
        names[n++] = strcpy(tool_memory(NULL, strlen(entry->d_name) + 1), entry->d_name);
    }
    int error = errno;
    names[n] = NULL;
    closedir(directory);
    if (error) {
        tool_names_free(names);
        errno = error;
        return NULL;
    }
    qsort(names, n, sizeof(*names), compare_names);
    return names;
}

void tool_names_free(char **names)
{
    for (char **name = names; *name; name++)
        free(*name);
    free(names);
}

char *tool_path(const char *dir, const char *name)
{
    size_t length = strlen(dir);
    char *path = tool_memory(NULL, length + strlen(name) + 2);

    sprintf(path, "%s%s%s", dir, length && dir[length - 1] == '/' ? "" : "/", name);
    return path;
}

char *tool_base(const char *path)
{
    size_t end = strlen(path), start;

    while (end > 1 && path[end - 1] == '/')
        end--;
    for (start = end; start > 0 && path[start - 1] != '/';)
        start--;
    if (start == end && end > 0) /* all slashes */
        start = end - 1;
    char *base = tool_memory(NULL, end - start + 1);
    memcpy(base, path + start, end - start);
    base[end - start] = '\0';
    return base;
}

/* The bits that the letters of one action, after op, stand for. */
static mode_t mode_letters(const char **at, mode_t now)
{
    mode_t bits = 0;

    for (;; ++*at)
        switch (**at) {
        case 'r':
            bits |= 0444;
            break;
        case 'w':
            bits |= 0222;
            break;
        case 'x':
            bits |= 0111;
            break;
        case 'X':
            if (S_ISDIR(now) || now & 0111)
                bits |= 0111;
            break;
        case 's':
            bits |= 06000;
            break;
        case 't':
            bits |= 01000;
            break;
        case 'u':
            bits |= (now >> 6 & 7) * 0111;
            break;
        case 'g':
            bits |= (now >> 3 & 7) * 0111;
            break;
        case 'o':
            bits |= (now & 7) * 0111;
            break;
        default:
            return bits;
        }
}

/* One clause: who, then actions, each an op and letters. false: it is not one. */
static int mode_clause(const char **at, mode_t *mode, mode_t mask)
{
    mode_t who = 0;

    for (; **at && strchr("ugoa", **at); ++*at)
        who |= **at == 'u' ? 04700 : **at == 'g' ? 02070 : **at == 'o' ? 01007 : 07777;
    if (!**at || !strchr("+-=", **at))
        return 0;
    while (**at && strchr("+-=", **at)) {
        char op = *(*at)++;
        mode_t bits = mode_letters(at, *mode);
        mode_t reach = who ? who : 07777 & ~mask;
        if (op == '=') {
            mode_t clear = who ? who : 07777;
            if (S_ISDIR(*mode)) /* = leaves a folder's s bits, as elsewhere */
                clear &= ~(mode_t)06000;
            *mode &= ~clear;
        }
        if (op == '-')
            *mode &= ~(bits & reach);
        else
            *mode |= bits & reach;
    }
    return 1;
}

long tool_mode(const char *text, mode_t old, mode_t mask)
{
    mode_t mode = old;

    if (*text >= '0' && *text <= '7') {
        char *end;
        unsigned long value = strtoul(text, &end, 8);
        return *end || value > 07777 ? -1 : (long)value;
    }
    do {
        if (*text == ',')
            text++;
        if (!mode_clause(&text, &mode, mask))
            return -1;
    } while (*text == ',');
    return *text ? -1 : (long)(mode & 07777);
}

void tool_mode_text(mode_t mode, char text[11])
{
    static const char letters[] = "rwxrwxrwx";

    text[0] = S_ISDIR(mode)    ? 'd'
              : S_ISLNK(mode)  ? 'l'
              : S_ISCHR(mode)  ? 'c'
              : S_ISBLK(mode)  ? 'b'
              : S_ISFIFO(mode) ? 'p'
              : S_ISSOCK(mode) ? 's'
                               : '-';
    for (int i = 0; i < 9; i++)
        text[1 + i] = mode & (0400u >> i) ? letters[i] : '-';
    if (mode & S_ISUID)
        text[3] = mode & 0100 ? 's' : 'S';
    if (mode & S_ISGID)
        text[6] = mode & 0010 ? 's' : 'S';
    if (mode & S_ISVTX)
        text[9] = mode & 0001 ? 't' : 'T';
    text[10] = '\0';
}
