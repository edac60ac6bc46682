/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/escape.h"
#include "base/replace.h"
#include "base/suggest.h"
#include "cli/cli.h"
#include "rules/counts.h"
#include "sessionlint.h"

#define OPTION_BAD (-4)

/* Where the wrong words come from, if not from the command line. */
static const char *place_path;
static unsigned place_line;

void usage_place(const char *path, unsigned line)
{
	place_path = path;
	place_line = line;
}

int usage_error(const struct command *command, const char *format, ...)
{
	va_list arguments;
	char message[1024];

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	fputs("sessionlint: ", stderr);
	if (place_path) {
		escape_plain(stderr, text_from(place_path));
		fprintf(stderr, ":%u: ", place_line);
	}
	escape_plain(stderr, text_from(message));
	fprintf(stderr, "\nTry 'sessionlint %s%s--help'.\n", command ? command->name : "",
		command ? " " : "");
	console_show(stderr);
	return STATUS_FAILED;
}

/* Longer lists of words are left to the help. */
#define WORDS_SHOWN 10

static unsigned words_count(const char *(*name_at)(unsigned index))
{
	unsigned count = 0;

	while (name_at(count))
		count++;
	return count;
}

/* Writes "a, b or c" into @buffer, with @note after the first. */
static void words_text(char *buffer, size_t size, const char *(*name_at)(unsigned index),
		       const char *note)
{
	unsigned count = words_count(name_at);
	size_t at = 0;

	buffer[0] = '\0';
	for (unsigned i = 0; i < count && at < size; i++)
		at += (size_t)snprintf(buffer + at, size - at, "%s%s%s", text_or(i, count),
				       name_at(i), i == 0 ? note : "");
}

int path_error(const char *path, const char *what)
{
	fputs("sessionlint: ", stderr);
	escape_plain(stderr, text_from(path));
	fprintf(stderr, ": %s\n", what);
	return STATUS_FAILED;
}

int write_path(const char *path, int (*write)(FILE *file, const void *data), const void *data)
{
	struct replacement replacement;
	int r;

	/* main() checks that standard output was written */
	if (!path || strcmp(path, "-") == 0) {
		r = write(stdout, data);
		return r < 0 ? path_error("-", strerror(-r)) : STATUS_CLEAN;
	}
	r = replace_begin(&replacement, path);
	if (r < 0)
		return path_error(path, strerror(-r));
	r = write(replacement.file, data);
	if (r < 0)
		replace_cancel(&replacement);
	else
		r = replace_end(&replacement);
	return r < 0 ? path_error(path, strerror(-r)) : STATUS_CLEAN;
}

int out_of_memory(void)
{
	fputs("sessionlint: out of memory\n", stderr);
	return STATUS_FAILED;
}

int unknown_word(const struct command *command, const char *what, const char *word,
		 const char *(*name_at)(unsigned index))
{
	struct suggestion near = { .word = text_from(word) };
	char words[256];

	for (unsigned i = 0; name_at(i); i++)
		suggestion_offer(&near, name_at(i));
	if (near.best)
		return usage_error(command, "unknown %s '%s'; did you mean %s?", what, word,
				   near.best);
	if (words_count(name_at) > WORDS_SHOWN)
		return usage_error(command, "unknown %s '%s'", what, word);
	words_text(words, sizeof words, name_at, "");
	return usage_error(command, "unknown %s '%s': %s", what, word, words);
}

int word_find(const struct command *command, const char *what, const char *word,
	      const char *(*name_at)(unsigned index))
{
	for (unsigned i = 0; name_at(i); i++)
		if (strcmp(name_at(i), word) == 0)
			return (int)i;
	unknown_word(command, what, word, name_at);
	return -1;
}

const char *rule_word_at(unsigned index)
{
	if (index < RULE_COUNT)
		return sessionlint_rule_info(index)->name;
	if (index < 2 * RULE_COUNT)
		return strchr(sessionlint_rule_info(index - RULE_COUNT)->name, '/') + 1;
	return NULL;
}

static int bad_option(const struct arguments *arguments, const char *name, size_t size)
{
	const struct command *command = arguments->command;
	struct suggestion near = { .word = text_of(name, size) };

	for (const struct option *option = command->options; option->name; option++)
		suggestion_offer(&near, option->name);
	suggestion_offer(&near, "help");
	if (near.best)
		usage_error(command, "unknown option --%.*s; did you mean --%s?", (int)size, name,
			    near.best);
	else
		usage_error(command, "unknown option --%.*s", (int)size, name);
	return OPTION_BAD;
}

/* Reads --name, --name=value or --name value. */
static int long_option(struct arguments *arguments, const char *name)
{
	const char *equals = strchr(name, '=');
	size_t size = equals ? (size_t)(equals - name) : strlen(name);

	if (size == 4 && strncmp(name, "help", 4) == 0)
		return OPTION_HELP;
	for (const struct option *option = arguments->command->options; option->name; option++) {
		if (strlen(option->name) != size || strncmp(option->name, name, size) != 0)
			continue;
		if (!option->argument && equals) {
			usage_error(arguments->command, "--%s takes no value", option->name);
			return OPTION_BAD;
		}
		if (option->argument && equals) {
			arguments->value = equals + 1;
		} else if (option_needs_value(option)) {
			if (arguments->at == arguments->count) {
				usage_error(arguments->command, "--%s needs a value: %s",
					    option->name, option->argument);
				return OPTION_BAD;
			}
			arguments->value = arguments->list[arguments->at++];
		}
		return option->id;
	}
	return bad_option(arguments, name, size);
}

/* Reads the next of the letters in arguments->rest; a value is the rest or the next argument. */
static int letter_option(struct arguments *arguments)
{
	char letter = *arguments->rest++;

	for (const struct option *option = arguments->command->options; option->name; option++) {
		if (option->letter != letter)
			continue;
		if (!option->argument)
			return option->id;
		if (*arguments->rest) {
			arguments->value = arguments->rest;
			arguments->rest = "";
		} else if (arguments->at < arguments->count) {
			arguments->value = arguments->list[arguments->at++];
		} else {
			usage_error(arguments->command, "-%c needs a value: %s", letter,
				    option->argument);
			return OPTION_BAD;
		}
		return option->id;
	}
	if (letter == 'h')
		return OPTION_HELP;
	usage_error(arguments->command, "unknown option -%c", letter);
	return OPTION_BAD;
}

int arguments_next(struct arguments *arguments)
{
	const char *argument;

	arguments->value = NULL;
	if (arguments->rest && *arguments->rest)
		return letter_option(arguments);
	if (arguments->at == arguments->count)
		return OPTION_END;
	argument = arguments->list[arguments->at++];
	if (!arguments->operands_only && strcmp(argument, "--") == 0) {
		arguments->operands_only = true;
		return arguments_next(arguments);
	}
	if (arguments->operands_only || argument[0] != '-' || argument[1] == '\0') {
		arguments->value = argument;
		return OPTION_OPERAND;
	}
	if (argument[1] == '-')
		return long_option(arguments, argument + 2);
	arguments->rest = argument + 1;
	return letter_option(arguments);
}

const struct option *option_at(const struct command *command, unsigned index)
{
	static const struct option help = { "help", 'h', NULL, "this help", OPTION_HELP };
	unsigned count = 0;

	while (command->options[count].name)
		count++;
	return index < count ? &command->options[index] : index == count ? &help : NULL;
}

const char *options_note(const struct command *command)
{
	for (const struct option *option = command->options; option->name; option++)
		if (option->argument)
			return "If an option is given more than once, the last one counts, unless "
			       "it is repeatable.";
	return NULL;
}

const char *option_help(const struct command *command, const struct option *option,
			char room[OPTION_HELP_SIZE])
{
	const struct option_words *words = words_of(command, option->id);
	const char *list = strstr(option->help, "%s"), *note = list ? " (default)" : "";
	size_t size;

	if (!list)
		list = strstr(option->help, "%w");
	if (!list || !words)
		return option->help;
	size = (size_t)snprintf(room, OPTION_HELP_SIZE, "%.*s", (int)(list - option->help),
				option->help);
	words_text(room + size, OPTION_HELP_SIZE - size, words->word_at, note);
	size += strlen(room + size);
	snprintf(room + size, OPTION_HELP_SIZE - size, "%s", list + 2);
	return room;
}

const struct option_words *words_of(const struct command *command, int id)
{
	for (const struct option_words *words = command->words; words && words->word_at; words++)
		if (words->id == id)
			return words;
	return NULL;
}

int arguments_read(struct arguments arguments,
		   int (*set)(void *userdata, int option, const char *value), void *userdata,
		   char **operands, int *ret_count)
{
	int option, status;

	while ((option = arguments_next(&arguments)) != OPTION_END) {
		if (option == OPTION_HELP)
			return command_help(arguments.command);
		if (option < OPTION_OPERAND)
			return STATUS_FAILED;
		if (option == OPTION_OPERAND && operands) {
			operands[(*ret_count)++] = (char *)(uintptr_t)arguments.value;
			continue;
		}
		status = set(userdata, option, arguments.value);
		if (status != STATUS_CLEAN)
			return status;
	}
	return -1;
}

int read_word(const struct command *command, int count, char **arguments, const char *noun,
	      const char *what, const char *(*name_at)(unsigned index), int *ret_found)
{
	struct arguments walk = { .command = command, .count = count, .list = arguments };
	int option;

	*ret_found = -1;
	while ((option = arguments_next(&walk)) != OPTION_END) {
		if (option == OPTION_HELP)
			return command_help(command);
		if (option < OPTION_OPERAND)
			return STATUS_FAILED;
		if (*ret_found >= 0)
			return usage_error(command, "only one %s can be given", noun);
		*ret_found = word_find(command, what, walk.value, name_at);
		if (*ret_found < 0)
			return STATUS_FAILED;
	}
	return -1;
}

void option_name(const struct option *option, char *name, size_t size)
{
	const char *argument = option->argument;

	if (argument && argument[0] == '[')
		snprintf(name, size, "--%s[=%s", option->name, argument + 1);
	else
		snprintf(name, size, "--%s%s%s", option->name, argument ? "=" : "",
			 argument ? argument : "");
}

int command_help(const struct command *command)
{
	printf("Usage: sessionlint %s%s%s\n\n%c%s.\n", command->name,
	       command->options[0].name ? " [OPTIONS] " : " ", command->operands,
	       command->summary[0] - 'a' + 'A', command->summary + 1);
	if (command->details)
		printf("\n%s", command->details);
	printf("\nOptions:\n");
	for (unsigned i = 0; option_at(command, i); i++) {
		const struct option *option = option_at(command, i);
		char name[64], room[OPTION_HELP_SIZE];
		const char *help = option_help(command, option, room);

		option_name(option, name, sizeof name);
		if (option->letter)
			printf("  -%c, %-30s %s\n", option->letter, name, help);
		else
			printf("      %-30s %s\n", name, help);
	}
	if (options_note(command))
		printf("\n%s\n", options_note(command));
	if (command->more_help)
		command->more_help();
	return STATUS_CLEAN;
}

bool color_wanted(const char *when, FILE *file)
{
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (strcmp(when, "always") == 0)
		return true;
	if (strcmp(when, "never") == 0 || (no_color && *no_color) ||
	    (terminal && strcmp(terminal, "dumb") == 0))
		return false;
	return console_is_terminal(file);
}
