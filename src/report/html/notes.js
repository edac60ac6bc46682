// SPDX-License-Identifier: MIT
// What logs report besides transitions: annotations, and which records show a step. Each annotation belongs to a session, if
// one fits, or else to its host.

const annotations = readTable(data.annotations, data.annotations.line.length);
annotations.time = times(data.annotations.time);
annotations.line = places(data.annotations.line);

const LOGON_KINDS = ['logon-session-began', 'logon-session-ended'];

// ---- whose they are ----

const annotationsOf = Array.from({length: incarnations.count}, () => []);

// The last incarnation that began before, or a little after: a connection is noted before its session is.
const EARLY = 10 * 1e7;

// The incarnations of each session id of a boot by their beginnings: {list, begins}.
function sessionsByBegin() {
	const sessions = new Map();
	for (let i = 0; i < incarnations.count; i++) {
		const key = sessionKey(incarnations, i);
		if (!sessions.has(key)) {
			sessions.set(key, {list: []});
		}
		sessions.get(key).list.push([incarnations.beginTime[i], i]);
	}
	for (const [key, {list}] of sessions) {
		const sorted = list.filter(([begin]) => !Number.isNaN(begin)).sort(([a], [b]) => a - b);
		sessions.set(key, {list: sorted.map(([, incarnation]) => incarnation), begins: sorted.map(([begin]) => begin)});
	}
	return sessions;
}

function sessionKey(columns, i) {
	return `${hostKey(columns.log[i], columns.host[i])} ${columns.ordinal[i]} ${columns.session[i]}`;
}

function latestBefore({list, begins}, time) {
	return list[countUpTo(begins, time + EARLY) - 1] ?? -1;
}

// The groups by host, ordinal of the boot, and log; by host and ordinal alone; by host alone, of which it is the last.
function addToGroups(known, group) {
	const host = hostKey(group.file, group.host);
	for (const key of [`${host} ${group.ordinal} ${group.file}`, `${host} ${group.ordinal} `]) {
		if (!known.has(key)) {
			known.set(key, group);
		}
	}
	known.set(`${host}  `, group);
}

function groupOfAnnotation(known, annotation) {
	const host = hostKey(annotations.log[annotation], annotations.host[annotation]);
	const ordinal = annotations.ordinal[annotation];
	return known.get(`${host} ${ordinal} ${annotations.file[annotation]}`) ?? known.get(`${host} ${ordinal} `) ?? known.get(`${host}  `);
}

// A host of which nothing else is known.
function addGroup(annotation) {
	const {log: {[annotation]: log}, file: {[annotation]: file}} = annotations;
	const group = {
		file: machines.has(log) ? log : file, host: annotations.host[annotation], boot: 0, ordinal: annotations.ordinal[annotation],
		incarnations: [], findings: [], annotations: [],
	};
	groups.push(group);
	return group;
}

function joinAnnotations() {
	const sessions = sessionsByBegin();
	const known = new Map();
	groups.forEach(group => {
		group.annotations = [];
		addToGroups(known, group);
	});
	for (let i = 0; i < annotations.count; i++) {
		const session = sessions.get(sessionKey(annotations, i));
		const incarnation = session && !Number.isNaN(annotations.time[i]) ? latestBefore(session, annotations.time[i]) : -1;
		if (incarnation >= 0) {
			annotationsOf[incarnation].push(i);
			continue;
		}
		let group = groupOfAnnotation(known, i);
		if (!group) {
			group = addGroup(i);
			addToGroups(known, group);
		}
		group.annotations.push(i);
	}
}

joinAnnotations();

// ---- which records show a step ----

const witnessesOf = new Map(data.witnesses.map(([slice, ...list]) => [slice, list]));
const unseenSlices = new Set(data.inferred);
const unlistedSlices = new Set(data.unlisted);

// ---- where they are ----

function placeOfAnnotation(annotation) {
	return lanes.axis === 'time' ? annotations.time[annotation] : NaN;
}

function shownAnnotations(list) {
	return lanes.notes && lanes.axis === 'time' ? list.filter(annotation => !Number.isNaN(annotations.time[annotation])) : [];
}

// ---- in words ----

function reasonWords(annotation) {
	const {[annotation]: reason} = annotations.reason;
	if (typeof reason === 'string' && !/^\d+$/.test(reason)) {
		return reason;
	}
	return Number(reason) === 0 ? '' : LOGON_KINDS.includes(data.annotationNames[annotations.kind[annotation]]) ? `logon type ${reason}` : `reason ${reason}`;
}

function annotationWords(annotation) {
	const {kind, file, line, eventId, user, domain, address, client, time} = annotations;
	const name = [texts[domain[annotation]], texts[user[annotation]]].filter(part => part);
	return `${data.annotationNames[kind[annotation]].replaceAll('-', ' ')}${Number.isNaN(time[annotation]) ? '' : ` at ${formatTime(time[annotation])}`}: `
		+ listed(texts[user[annotation]].includes('\\') ? texts[user[annotation]] : name.join('\\'), address[annotation] && `from ${texts[address[annotation]]}`,
			client[annotation] && `client ${texts[client[annotation]]}`, reasonWords(annotation),
			`event ${eventId[annotation]}, ${logName(file[annotation])} ${lineWord(file[annotation])} ${line[annotation]}`);
}

function witnessWords(slice) {
	if (unseenSlices.has(slice)) {
		return 'unseen: no log shows it, but it must have happened';
	}
	if (unlistedSlices.has(slice)) {
		return 'the records that show it are not on this page';
	}
	const list = witnessesOf.get(slice) ?? [];
	const words = [];
	for (let i = 0; i < list.length; i += 3) {
		words.push(`${logName(list[i])} ${lineWord(list[i])} ${list[i + 1]}`);
	}
	return words.length ? `shown by ${words.join(', ')}` : '';
}

// ---- going from one to the next ----

// The steps and annotations of what is chosen, in the order of the axis.
function notesOfChosen() {
	const row = lanes.rows[lanes.chosen];
	if (!row) {
		return [];
	}
	const list = lanes.picked >= 0 ? [lanes.picked] : row.incarnations;
	const found = list.flatMap(incarnation => Array.from({length: incarnations.slices[incarnation]}, (_, i) => {
		const slice = incarnations.first[incarnation] + i;
		return {place: placeOfSlice(incarnation, slice), words: () => [sliceWords(incarnation, slice), witnessWords(slice)].filter(part => part).join('; ')};
	}));
	const more = lanes.picked >= 0 ? shownAnnotations(annotationsOf[lanes.picked]) : row.annotations;
	found.push(...more.map(annotation => ({place: placeOfAnnotation(annotation), words: () => annotationWords(annotation)})));
	return found.filter(({place}) => !Number.isNaN(place)).sort((a, b) => a.place - b.place);
}

function stepNote(by) {
	const list = notesOfChosen();
	if (list.length === 0) {
		tellChosen('Choose a session first: it has steps to go through.');
		return;
	}
	lanes.note = lanes.note === null ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, lanes.note + by));
	const {place, words} = list[lanes.note];
	lanes.notePlace = place;
	if (positionAt(place) < lanes.from || positionAt(place) > lanes.to) {
		const span = lanes.to - lanes.from;
		setView(positionAt(place) - span / 2, positionAt(place) + span / 2);
	}
	tellChosen(words());
	redrawLanes();
}

// ---- drawing them ----

function drawTicksOf(list, y) {
	let before = NaN;
	pen.fillStyle = colors['--note'];
	for (const annotation of list) {
		const x = Math.round(toX(placeOfAnnotation(annotation)));
		if (x !== before && x >= gutter() && x <= frame.width) {
			pen.fillRect(x - 1, y + LANE_HEIGHT - 4, 2, 4);
			before = x;
		}
	}
}

// Small lines at the top: as many records show the step; a dashed one: none does.
function drawWitnesses(incarnation, y) {
	let before = NaN;
	for (let slice = incarnations.first[incarnation]; slice < incarnations.first[incarnation + 1]; slice++) {
		const isUnseen = unseenSlices.has(slice);
		const count = (witnessesOf.get(slice)?.length ?? 0) / 3;
		const x = Math.round(toX(placeOfSlice(incarnation, slice)));
		if (!isUnseen && (count === 0 || x === before) || !(x >= gutter() && x <= frame.width)) {
			continue;
		}
		if (isUnseen) {
			drawUnseen(incarnation, slice, x, y);
		} else {
			pen.fillStyle = colors['--ink'];
			pen.fillRect(x, y, 1.5, Math.min(1 + 1.5 * count, 7));
			before = x;
		}
	}
}

function drawUnseen(incarnation, slice, x, y) {
	const right = Math.max(Math.min(toX(endOfSlice(incarnation, slice)), frame.width), x);
	const path = () => {
		pen.beginPath();
		pen.moveTo(x + .5, y + LANE_HEIGHT);
		pen.lineTo(x + .5, y + 1.5);
		pen.lineTo(right, y + 1.5);
		pen.stroke();
	};
	pen.save();
	pen.lineWidth = 3;
	pen.strokeStyle = colors['--paper'];
	path();
	pen.lineWidth = 1.5;
	pen.setLineDash([3, 2]);
	pen.strokeStyle = colors['--ink'];
	path();
	pen.restore();
}

function drawNotes(row, y) {
	row.incarnations.forEach(incarnation => drawWitnesses(incarnation, y));
	drawTicksOf(row.annotations, y);
	if (lanes.note !== null && lanes.rows[lanes.chosen] === row) {
		const x = toX(lanes.notePlace);
		pen.strokeStyle = colors['--focus'];
		pen.lineWidth = 2;
		pen.strokeRect(x - 4, y + .5, 8, LANE_HEIGHT - 1);
		pen.lineWidth = 1;
	}
}
