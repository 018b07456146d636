/* SPDX-License-Identifier: MIT
 *
 * Path names for a pattern (POSIX XCU 2.13.3): one component after the other, from the left. In a
 * pattern a backslash quotes the character behind it. */
#include <dirent.h>
#include <fnmatch.h>
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "user/bin/sh/expand.h"

char *glob_unquote(char *pattern)
{
    char *to = pattern;

    for (const char *at = pattern; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        *to++ = *at;
    }
    *to = '\0';
    return pattern;
}

static bool has_magic(const char *pattern, size_t length)
{
    bool open = false;

    for (size_t i = 0; i < length; i++) {
        if (pattern[i] == '\\')
            i++;
        else if (pattern[i] == '*' || pattern[i] == '?' || (pattern[i] == ']' && open))
            return true;
        else if (pattern[i] == '[')
            open = true;
    }
    return false;
}

static char *copy(const char *text, size_t length)
{
    char *result = memcpy(tool_memory(NULL, length + 1), text, length);

    result[length] = '\0';
    return result;
}

/* folder and name as one path; folder ends with its slash, or is empty. */
static char *join(const char *folder, const char *name)
{
    char *path = tool_memory(NULL, strlen(folder) + strlen(name) + 1);

    return strcat(strcpy(path, folder), name);
}

static void expand(const char *folder, const char *pattern, struct arguments *arguments);

/* Goes on behind a component that became `path`: *rest is a slash, or the end. */
static void expand_rest(char *path, const char *rest, struct arguments *arguments)
{
    struct stat status;
    size_t slashes = strspn(rest, "/");

    if (!*rest) {
        if (lstat(path, &status) == 0)
            arguments_add(arguments, path);
        else
            free(path);
        return;
    }
    char *folder = tool_memory(NULL, strlen(path) + slashes + 1);
    sprintf(folder, "%s%.*s", path, (int)slashes, rest);
    free(path);
    if (rest[slashes])
        expand(folder, rest + slashes, arguments);
    else if (stat(folder, &status) == 0)
        arguments_add(arguments, copy(folder, strlen(folder)));
    free(folder);
}

static void expand(const char *folder, const char *pattern, struct arguments *arguments)
{
    size_t length = strcspn(pattern, "/");
    char *component = copy(pattern, length);

    if (!has_magic(pattern, length)) {
        expand_rest(join(folder, glob_unquote(component)), pattern + length, arguments);
        free(component);
        return;
    }
    char **names = tool_names(*folder ? folder : ".");
    for (char **name = names; name && *name; name++) {
        bool hidden = **name == '.' && *component != '.' && strncmp(component, "\\.", 2) != 0;
        if (!hidden && fnmatch(component, *name, 0) == 0)
            expand_rest(join(folder, *name), pattern + length, arguments);
    }
    if (names)
        tool_names_free(names);
    free(component);
}

void glob_expand(const char *pattern, struct arguments *arguments)
{
    unsigned first = arguments->n;
    size_t slashes = strspn(pattern, "/");

    if (has_magic(pattern, strlen(pattern))) {
        char *root = copy(pattern, slashes);
        expand(root, pattern + slashes, arguments);
        free(root);
        arguments_sort(arguments, first);
    }
    if (arguments->n == first)
        arguments_add(arguments, glob_unquote(copy(pattern, strlen(pattern))));
}
