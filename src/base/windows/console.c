/* SPDX-License-Identifier: MIT */
#include "base/console.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <windows.h>

#include "base/windows/wide.h"

/* Of the C library: the arguments in UTF-16, and for a pattern the names that match it: the shells
 * of Windows leave that to the programs. */
struct startup_information {
	int new_mode;
};
extern int __cdecl __wgetmainargs(int *count, wchar_t ***arguments, wchar_t ***environment,
				  int expand, struct startup_information *information);

#define STREAM_BUFFER ((size_t)16 << 10)

/* A console as it was found. It outlives the process, so it is left like that. */
static struct console {
	HANDLE handle;
	DWORD mode;
} consoles[2];
static UINT code_page;

static void consoles_restore(void)
{
	fflush(stdout);
	fflush(stderr);
	for (unsigned i = 0; i < 2; i++)
		if (consoles[i].handle)
			SetConsoleMode(consoles[i].handle, consoles[i].mode);
	SetConsoleOutputCP(code_page);
}

/* Lets a console take UTF-8 and escape sequences. Windows before version 10 does not know these. */
static void console_prepare(struct console *console, FILE *file)
{
	HANDLE handle = (HANDLE)_get_osfhandle(_fileno(file));
	DWORD mode;

	if (!GetConsoleMode(handle, &mode))
		return;
	if (code_page == 0) {
		code_page = GetConsoleOutputCP();
		SetConsoleOutputCP(CP_UTF8);
		atexit(consoles_restore);
	}
	if (SetConsoleMode(handle,
			   mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING)) {
		console->handle = handle;
		console->mode = mode;
	}
}

static int arguments_convert(int *count, char ***arguments)
{
	struct startup_information information = { 0 };
	wchar_t **wide, **environment;
	char **converted;

	__wgetmainargs(count, &wide, &environment, 1, &information);
	converted = calloc((size_t)*count + 1, sizeof *converted);
	if (!converted)
		return -ENOMEM;
	for (int i = 0; i < *count; i++) {
		converted[i] = wide_to_utf8(wide[i]);
		if (!converted[i])
			return -ENOMEM;
	}
	*arguments = converted;
	return 0;
}

/* The null device, in the direction in which it is not used. */
static void open_missing(FILE *file, const char *mode)
{
	if (_fileno(file) < 0 || _get_osfhandle(_fileno(file)) < 0)
		freopen("NUL", mode, file);
}

int console_begin(int *count, char ***arguments)
{
	open_missing(stdin, "wb");
	open_missing(stdout, "rb");
	open_missing(stderr, "rb");
	_setmode(_fileno(stdout), _O_BINARY);
	_setmode(_fileno(stderr), _O_BINARY);
	/* a character of UTF-8 has to reach a console in one piece */
	setvbuf(stdout, NULL, _IOFBF, STREAM_BUFFER);
	setvbuf(stderr, NULL, _IOFBF, STREAM_BUFFER);
	console_prepare(&consoles[0], stdout);
	console_prepare(&consoles[1], stderr);
	return arguments_convert(count, arguments);
}

bool console_is_unread(void)
{
	HANDLE handle = (HANDLE)_get_osfhandle(_fileno(stdout));
	DWORD written;

	return GetFileType(handle) == FILE_TYPE_PIPE && !WriteFile(handle, "", 0, &written, NULL);
}

void console_end_unread(void)
{
	/* Windows knows no such end */
}

bool console_is_terminal(FILE *file)
{
	return consoles[file == stderr].handle;
}

unsigned console_width(FILE *file)
{
	HANDLE handle = (HANDLE)_get_osfhandle(_fileno(file));
	CONSOLE_SCREEN_BUFFER_INFO information;

	if (!GetConsoleScreenBufferInfo(handle, &information))
		return 0;
	return (unsigned)(information.srWindow.Right - information.srWindow.Left + 1);
}

void console_show(FILE *file)
{
	if (file == stderr || console_is_terminal(file))
		fflush(file);
}

double console_seconds(void)
{
	LARGE_INTEGER now, each_second;

	QueryPerformanceCounter(&now);
	QueryPerformanceFrequency(&each_second);
	return (double)now.QuadPart / (double)each_second.QuadPart;
}
