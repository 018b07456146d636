/* SPDX-License-Identifier: MIT
 *
 * Built-ins that look at or change the shell's own state: options, parameters, variables. */
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

/* --- set, shift --------------------------------------------------------------------------------- */

static const struct {
    char letter;
    const char *name;
    bool *flag;
} options[] = {
    {'a', "allexport", &shell.export_all},  {'C', "noclobber", &shell.no_clobber},
    {'e', "errexit", &shell.exit_on_error}, {'f', "noglob", &shell.no_globs},
    {'n', "noexec", &shell.no_execution},   {'u', "nounset", &shell.unset_is_error},
    {'v', "verbose", &shell.verbose},       {'x', "xtrace", &shell.trace},
};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

bool option_set(char letter, bool value)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (options[i].letter == letter) {
            *options[i].flag = value;
            return true;
        }
    return false;
}

static bool option_set_name(const char *name, bool value)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (name && strcmp(options[i].name, name) == 0) {
            *options[i].flag = value;
            return true;
        }
    return false;
}

static int print_options(void)
{
    for (size_t i = 0; i < OPTIONS; i++)
        printf("%-12s %s\n", options[i].name, *options[i].flag ? "on" : "off");
    return 0;
}

int builtin_set(int argc, char **argv)
{
    int i = 1;

    if (argc == 1) {
        variables_print(false);
        return 0;
    }
    for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1]; i++) {
        bool value = argv[i][0] == '-';
        if (strcmp(argv[i], "--") == 0) {
            parameters_set(argv + i + 1, argc - i - 1);
            return 0;
        }
        if (strcmp(argv[i] + 1, "o") == 0) {
            if (i + 1 == argc)
                return print_options();
            if (option_set_name(argv[++i], value))
                continue;
            shell_error("set: %s: not an option", argv[i]);
            shell_stop(STATUS_SYNTAX);
            return STATUS_SYNTAX;
        }
        for (const char *letter = argv[i] + 1; *letter; letter++)
            if (!option_set(*letter, value)) {
                shell_error("set: -%c: not an option", *letter);
                shell_stop(STATUS_SYNTAX);
                return STATUS_SYNTAX;
            }
    }
    if (i < argc)
        parameters_set(argv + i, argc - i);
    return 0;
}

int builtin_shift(int argc, char **argv)
{
    long count = argc > 1 ? tool_number(argv[1], 1l << 30) : 1;

    if (count < 0 || count > parameters.count) {
        shell_error("shift: can't shift that many");
        shell_stop(STATUS_SYNTAX);
        return STATUS_SYNTAX;
    }
    for (long i = 0; i < count; i++)
        free(parameters.v[i]);
    parameters.count -= (int)count;
    for (int i = 0; i < parameters.count; i++)
        parameters.v[i] = parameters.v[i + count];
    if (parameters.v)
        parameters.v[parameters.count] = NULL;
    return 0;
}

/* --- Variables ---------------------------------------------------------------------------------- */

/* Splits NAME or NAME=value; false after a message. *value is NULL without one. */
static bool split_assignment(const char *who, char *text, const char **value)
{
    char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);

    *value = NULL;
    if (!name_valid(text, length)) {
        shell_error("%s: %s: bad variable name", who, text);
        shell_stop(STATUS_SYNTAX);
        return false;
    }
    if (equals) {
        *equals = '\0';
        *value = equals + 1;
    }
    return true;
}

static int change_all(int argc, char **argv, void (*change)(const char *name))
{
    const char *value;

    for (int i = 1; i < argc; i++) {
        if (!split_assignment(argv[0], argv[i], &value))
            return STATUS_SYNTAX;
        if (value && !variable_set(argv[i], value)) {
            shell_stop(STATUS_SYNTAX);
            return STATUS_SYNTAX;
        }
        change(argv[i]);
    }
    return 0;
}

static bool prints(int argc, char **argv)
{
    return argc == 1 || (argc == 2 && strcmp(argv[1], "-p") == 0);
}

int builtin_export(int argc, char **argv)
{
    if (prints(argc, argv)) {
        variables_print(true);
        return 0;
    }
    return change_all(argc, argv, variable_export);
}

int builtin_readonly(int argc, char **argv)
{
    if (prints(argc, argv)) {
        variables_print_protected();
        return 0;
    }
    return change_all(argc, argv, variable_protect);
}

int builtin_unset(int argc, char **argv)
{
    int i = 1, status = 0;
    bool functions = argc > 1 && strcmp(argv[1], "-f") == 0;

    if (argc > 1 && (functions || strcmp(argv[1], "-v") == 0))
        i++;
    for (; i < argc; i++) {
        if (functions)
            function_unset(argv[i]);
        else if (!name_valid(argv[i], strlen(argv[i])) || !variable_unset(argv[i]))
            status = STATUS_SYNTAX;
    }
    if (status)
        shell_stop(status);
    return status;
}

/* --- type, getopts ------------------------------------------------------------------------------ */

static bool is_reserved(const char *name)
{
    static const char *const words[] = {"if",   "then", "else", "elif",  "fi",    "do",
                                        "done", "case", "esac", "while", "until", "for",
                                        "in",   "{",    "}",    "!"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

/* type NAME..., command -v NAME, command -V NAME. */
int builtin_type(int argc, char **argv)
{
    bool brief = strcmp(argv[0], "command") == 0 && strcmp(argv[1], "-v") == 0, special;
    int status = 0;

    for (int i = strcmp(argv[0], "command") == 0 ? 2 : 1; i < argc; i++) {
        const char *what = is_reserved(argv[i])       ? "a shell keyword"
                           : function_exists(argv[i]) ? "a shell function"
                           : builtin_find(argv[i], &special)
                               ? special ? "a special shell builtin" : "a shell builtin"
                               : NULL;
        char *path = what ? NULL : program_find(argv[i]);
        if (!what && !path) {
            if (!brief)
                printf("%s: not found\n", argv[i]);
            status = STATUS_NOT_FOUND;
        } else if (brief) {
            puts(path ? path : argv[i]);
        } else {
            printf("%s is %s\n", argv[i], path ? path : what);
        }
        free(path);
    }
    return status;
}

/* getopts OPTSTRING NAME [ARGUMENT]... (POSIX XCU getopts). */
int builtin_getopts(int argc, char **argv)
{
    static int at = 1; /* in the argument: its next letter */
    static int last_index = 1;
    char option[2] = "?", text[16];

    if (argc < 3) {
        shell_error("usage: getopts optstring name [arg]...");
        return STATUS_SYNTAX;
    }
    const char *list = argv[1], *index_text = variable_get("OPTIND");
    int count = argc > 3 ? argc - 3 : parameters.count;
    char **words = argc > 3 ? argv + 3 : parameters.v;
    int index = index_text ? atoi(index_text) : 1;
    if (index != last_index)
        at = 1;
    const char *word = index >= 1 && index <= count ? words[index - 1] : NULL;
    if (!word || word[0] != '-' || !word[1] || strcmp(word, "--") == 0) {
        snprintf(text, sizeof(text), "%d",
                 last_index = word && strcmp(word, "--") == 0 ? index + 1 : index);
        variable_set("OPTIND", text);
        variable_set(argv[2], "?");
        at = 1;
        return 1;
    }
    char letter = word[at++];
    const char *known = letter == ':' ? NULL : strchr(list, letter), *value = NULL;
    bool ends = !word[at];
    option[0] = letter;
    if (known && known[1] == ':') {
        value = !ends ? word + at : index < count ? words[index] : NULL;
        index += ends;
        ends = true;
    }
    bool wrong = !known || (known[1] == ':' && !value);
    if (wrong) {
        char which[2] = {letter, 0};
        option[0] = known && *list == ':' ? ':' : '?';
        if (*list != ':')
            fprintf(stderr, known ? "No arg for -%c option\n" : "Illegal option -%c\n", letter);
        if (*list == ':')
            variable_set("OPTARG", which);
        else
            variable_unset("OPTARG");
    } else if (value) {
        variable_set("OPTARG", value);
    } else {
        variable_unset("OPTARG");
    }
    if (ends) {
        index++;
        at = 1;
    }
    snprintf(text, sizeof(text), "%d", last_index = index);
    variable_set("OPTIND", text);
    variable_set(argv[2], option);
    return 0;
}
