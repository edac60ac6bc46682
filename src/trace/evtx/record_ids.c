/* SPDX-License-Identifier: MIT */
#include "trace/evtx/record_ids.h"

void numbering_init(struct evtx_numbering *numbering)
{
	*numbering = (struct evtx_numbering) { 0 };
	evtx_streams_init(&numbering->streams);
	evtx_boots_init(&numbering->boots);
}

void numbering_free(struct evtx_numbering *numbering)
{
	evtx_streams_free(&numbering->streams);
	evtx_boots_free(&numbering->boots);
}

/* ---- learning ---- */

void numbering_sample(struct evtx_numbering *numbering, const struct collect *collect,
		      const struct evtx_record *source)
{
	uint64_t channel = collect_channel(collect), own = collect->own_id;
	bool first = numbering->sample.before == 0;

	if (own == 0)
		return;
	/* a single damaged record does not change this */
	numbering->sample.same += own == source->id;
	numbering->sample.other += own != source->id;
	if (source->doubtful)
		return;
	if (!first) {
		numbering->sample.unordered |= own <= numbering->sample.before;
		numbering->sample.several |= channel != numbering->channel;
	}
	numbering->sample.before = own;
	numbering->channel = channel;
	numbering->computer = collect_computer(collect);
}

void numbering_settle(struct evtx_numbering *numbering)
{
	if (numbering->sample.other <= numbering->sample.same)
		numbering->kind = EVTX_PLAIN;
	else if (numbering->sample.unordered || numbering->sample.several)
		numbering->kind = EVTX_COLLECTED;
	else
		numbering->kind = EVTX_EXPORTED;
}

/* ---- following ---- */

/* Tracks a log of one channel, as far as is known. */
static void follow_one(struct evtx_numbering *numbering, const struct collect *collect,
		       const struct evtx_record *source, struct evtx_news *news)
{
	bool plain = numbering->kind == EVTX_PLAIN, same = collect->own_id == source->id, first;
	uint64_t computer, channel;

	if (plain && same && numbering->current)
		return;
	first = numbering->channel == 0 && numbering->computer == 0;
	computer = collect_computer(collect);
	channel = collect_channel(collect);
	if (!(plain && same) && collect->own_id && !first) {
		/* a computer can be renamed, but not a channel */
		if (channel != numbering->channel)
			news->kind = EVTX_SEVERAL;
		else if (computer != numbering->computer && (plain || news->after <= news->before))
			news->kind = EVTX_SEVERAL;
	}
	numbering->computer = computer;
	numbering->channel = channel;
	numbering->current = true;
	if (news->kind != EVTX_NO_NEWS || plain || !collect->own_id || !news->before)
		return;
	if (news->after <= news->before)
		news->kind = EVTX_BACK;
	else if (news->after > news->before + 1)
		news->kind = EVTX_HOLE;
}

struct evtx_news numbering_follow(struct evtx_numbering *numbering, const struct collect *collect,
				  const struct evtx_record *source)
{
	struct evtx_news news = { .before = numbering->previous, .after = collect->own_id };

	if (numbering->kind == EVTX_COLLECTED)
		return (struct evtx_news) { 0 };
	follow_one(numbering, collect, source, &news);
	if (news.kind == EVTX_SEVERAL)
		numbering->kind = EVTX_COLLECTED;
	if (collect->own_id)
		numbering->previous = collect->own_id;
	return news;
}

/* ---- the whole log ---- */

int numbering_stream(struct evtx_numbering *numbering, struct evtx_file *file,
		     const struct collect *collect, struct evtx_stream **ret_stream)
{
	int r = 0;

	if (!numbering->late_known)
		r = evtx_survey(file, &numbering->boots, &numbering->streams);
	if (r < 0)
		return r;
	numbering->late_known = numbering->boots_known = true;
	return evtx_streams_find(&numbering->streams, collect_computer(collect),
				 collect_channel(collect), ret_stream);
}

int numbering_boots(struct evtx_numbering *numbering, struct evtx_file *file, uint64_t computer,
		    bool *ret_boots)
{
	int r = 0;

	if (!numbering->boots_known)
		r = evtx_survey(file, &numbering->boots, NULL);
	if (r < 0)
		return r;
	numbering->boots_known = true;
	*ret_boots = evtx_boots_has(&numbering->boots, computer);
	return 0;
}
