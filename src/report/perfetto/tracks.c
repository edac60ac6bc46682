/* SPDX-License-Identifier: MIT */
#include "report/perfetto/tracks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "sessionlint.h"

/* What precedes the name of the driver in the key of a thread. */
struct thread_key {
	uint32_t process, kind, source, session;
};

void tracks_init(struct tracks *tracks)
{
	*tracks = (struct tracks) { 0 };
	table_init(&tracks->processes);
	table_init(&tracks->threads);
	table_init(&tracks->files);
}

/* ---- lists ---- */

static void list_append(struct thread_list *list, struct thread *thread)
{
	LIST_APPEND(list->first, list->last, thread, previous, next);
	list->count++;
}

static void list_remove(struct thread_list *list, struct thread *thread)
{
	LIST_REMOVE(list->first, list->last, thread, previous, next);
	list->count--;
}

static void forget_surplus(struct tracks *tracks)
{
	struct thread *oldest = tracks->idle.first;

	if (tracks->idle.count <= TRACKS_IDLE_MIN || tracks->idle.count <= tracks->open.count)
		return;
	list_remove(&tracks->idle, oldest);
	table_remove(&tracks->threads, &oldest->entry);
	free(oldest);
}

void tracks_clear(struct tracks *tracks)
{
	while (tracks->idle.first) {
		struct thread *thread = tracks->idle.first;

		tracks->idle.first = thread->next;
		free(thread);
	}
	while (tracks->first_process) {
		struct process *process = tracks->first_process;

		tracks->first_process = process->next;
		free(process);
	}
	for (uint32_t i = 0; i < tracks->files.slot_count; i++)
		free(tracks->files.slots[i]);
	tracks->idle = (struct thread_list) { 0 };
	table_free(&tracks->files);
	table_init(&tracks->files);
	table_free(&tracks->processes);
	table_free(&tracks->threads);
	table_init(&tracks->processes);
	table_init(&tracks->threads);
}

/* ---- processes and threads ---- */

struct process *tracks_process(struct tracks *tracks, struct sessionlint_text host, bool *ret_new)
{
	struct process *process = (struct process *)table_find(&tracks->processes, host);

	*ret_new = !process;
	if (process)
		return process;
	process = calloc(1, sizeof *process + host.size);
	if (!process)
		return NULL;
	if (host.size > 0)
		memcpy(process->key, host.data, host.size);
	process->host = text_of(process->key, host.size);
	if (table_add(&tracks->processes, &process->entry, process->host) < 0) {
		free(process);
		return NULL;
	}
	process->number = ++tracks->numbered;
	process->next = tracks->first_process;
	tracks->first_process = process;
	return process;
}

struct thread *tracks_thread(struct tracks *tracks, struct process *process,
			     const struct thread_subject *subject, bool *ret_new)
{
	struct thread_key key = { process->number, subject->kind, 0, 0 };
	struct sessionlint_text driver = { 0 };
	struct thread *thread;
	struct table_entry *known;

	if (subject->kind == THREAD_SESSION) {
		key.source = (uint32_t)subject->source;
		key.session = subject->session;
	} else if (subject->kind == THREAD_DRIVER) {
		driver = subject->driver;
	}
	thread = calloc(1, sizeof *thread + sizeof key + driver.size);
	if (!thread)
		return NULL;
	memcpy(thread->key, &key, sizeof key);
	if (driver.size > 0)
		memcpy(thread->key + sizeof key, driver.data, driver.size);
	known = table_find(&tracks->threads, text_of(thread->key, sizeof key + driver.size));
	*ret_new = !known;
	if (known || table_add(&tracks->threads, &thread->entry,
			       text_of(thread->key, sizeof key + driver.size)) < 0) {
		free(thread);
		return (struct thread *)known;
	}
	thread->process = process;
	thread->kind = subject->kind;
	thread->number = ++tracks->numbered;
	list_append(&tracks->idle, thread);
	return thread;
}

/* ---- slices ---- */

/* A copy of the name of a file, valid while its log is read. NULL if memory runs out. */
static const char *keep_file(struct tracks *tracks, const char *name)
{
	struct sessionlint_text key = text_from(name);
	struct table_entry *entry = table_find(&tracks->files, key);
	char *copy;

	if (entry)
		return entry->key.data;
	entry = malloc(sizeof *entry + key.size + 1);
	if (!entry)
		return NULL;
	copy = (char *)(entry + 1);
	memcpy(copy, name, key.size + 1);
	if (table_add(&tracks->files, entry, text_of(copy, key.size)) < 0) {
		free(entry);
		return NULL;
	}
	return copy;
}

int thread_open(struct tracks *tracks, struct thread *thread, uint64_t place,
		const struct sessionlint_step *step)
{
	const char *file = keep_file(tracks, step->file);
	char *boot = NULL;

	if (!file)
		return -ENOMEM;
	if (step->boot.size > 0) {
		boot = malloc(step->boot.size);
		if (!boot)
			return -ENOMEM;
		memcpy(boot, step->boot.data, step->boot.size);
	}
	thread->step = *step;
	thread->step.boot.data = boot;
	thread->step.file = file;
	thread->start = place;
	thread->open = true;
	list_remove(&tracks->idle, thread);
	list_append(&tracks->open, thread);
	return 0;
}

void thread_close(struct tracks *tracks, struct thread *thread, uint64_t end)
{
	free((char *)(uintptr_t)thread->step.boot.data);
	thread->step = (struct sessionlint_step) { 0 };
	thread->open = false;
	thread->now = end;
	list_remove(&tracks->open, thread);
	list_append(&tracks->idle, thread);
	/* two at a time, so that the list shrinks after a peak */
	forget_surplus(tracks);
	forget_surplus(tracks);
}
