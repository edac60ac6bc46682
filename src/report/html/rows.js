// SPDX-License-Identifier: MIT
// Which rows the timeline has: a heading for each block, a lane for what is not about one of its sessions, and lanes of
// incarnations. A block is a host in one of its boots, a user or a machine. The lanes of a user or of a machine have
// several incarnations each: as many as are not at the same time.

const HEADING = 'heading';
const LOOSE = 'loose';
const LANE = 'lane';

const NOBODY = 'no user named';
const NO_HOST = 'no host named';

// Per choice: the blocks of the groups, as {key, name, note, incarnations, findings, annotations}, the last two of no session.
const LANES_BY = {
	session: () => groups.map((group, g) => ({
		key: g, group, name: groupText(group), note: logName(group.file), incarnations: group.incarnations, findings: group.findings,
		annotations: group.annotations,
	})),
	user: () => blocksBy(userOf, (known, annotation, blockOf) => blockOfUser(known, annotation) ?? blockOf('', NOBODY)),
	machine: () => blocksBy(hostOf, (known, annotation, blockOf) => blockOf(...hostOf(annotations, annotation))),
};

// They are the same whatever the filter, so they are found once.
const blocksFound = new Map();

function blocksOf(by) {
	if (!blocksFound.has(by)) {
		blocksFound.set(by, LANES_BY[by]());
	}
	return blocksFound.get(by);
}

// The key and the name of a block, and what else is to be said of it.
function userOf(columns, i) {
	return [lowerTexts[columns.user[i]], texts[columns.user[i]] || NOBODY, ''];
}

function hostOf(columns, i) {
	const {log: {[i]: log}, host: {[i]: host}} = columns;
	const former = (machines.get(machineOf(log, host)) ?? []).slice(0, -1).map(name => texts[name]);
	return [hostKey(log, host), hostName(log, host) || NO_HOST, former.length ? `formerly ${former.join(', ')}` : ''];
}

// Blocks by what each incarnation, finding and annotation is of; those of nothing that is named last.
function blocksBy(blockNames, blockOfAnnotation) {
	const known = new Map();
	const blockOf = (key, name, more) => {
		if (!known.has(key)) {
			known.set(key, {key, name, more, files: new Set(), incarnations: [], findings: [], annotations: []});
		}
		return known.get(key);
	};
	for (let i = 0; i < incarnations.count; i++) {
		const block = blockOf(...blockNames(incarnations, i));
		block.incarnations.push(i);
		block.files.add(incarnations.log[i]);
	}
	for (let i = 0; i < findings.count; i++) {
		if (incarnationOfFinding[i] < 0) {
			const block = blockOf(...blockNames(findings, i));
			block.findings.push(i);
			block.files.add(findings.log[i]);
		}
	}
	for (const group of groups) {
		group.annotations.forEach(i => blockOfAnnotation(known, i, blockOf).annotations.push(i));
	}
	const blocks = [...known.values()].sort((a, b) => (a.key === '') - (b.key === ''));
	for (const block of blocks) {
		const names = [...block.files].map(logName);
		block.note = listed(block.more, names.length > 3 ? formatCount(names.length, 'log') : names.join(', '));
	}
	return blocks;
}

// Users have blocks only if they have sessions or findings, which services do not.
function blockOfUser(known, annotation) {
	const user = lowerTexts[annotations.user[annotation]];
	return known.get(`${lowerTexts[annotations.domain[annotation]]}\\${user}`) ?? known.get(user);
}

// ---- lanes ----

// Lists of incarnations that are not at the same time: each goes into the first list that has room.
function packed(list) {
	const found = [];
	let width = 1;
	while (width < list.length) {
		width *= 2;
	}
	// a tree: the end of lane i is at width + i, and at each other place the lower of those at 2 * place and 2 * place + 1
	const ends = new Float64Array(2 * width).fill(-Infinity);
	for (const incarnation of [...list].sort((a, b) => lowOf[a] - lowOf[b] || a - b)) {
		let at = 1;
		while (at < width) {
			at *= 2;
			if (ends[at] >= lowOf[incarnation]) {
				at++;
			}
		}
		(found[at - width] ??= []).push(incarnation);
		ends[at] = highOf[incarnation];
		for (at >>= 1; at > 0; at >>= 1) {
			ends[at] = Math.min(ends[2 * at], ends[2 * at + 1]);
		}
	}
	return found;
}

function findingsOf(list) {
	return list.length === 1 ? foundIn.subarray(foundAt[list[0]], foundAt[list[0] + 1])
		: list.flatMap(incarnation => [...foundIn.subarray(foundAt[incarnation], foundAt[incarnation + 1])]);
}

function pushRow(row) {
	lanes.tops.push(lanes.height);
	lanes.rows.push(row);
	lanes.height += row.kind === HEADING ? GROUP_HEIGHT : LANE_HEIGHT;
}

// The lanes of one incarnation each, as they are on one axis: a filter only changes which of them there are.
const singles = {key: '', rows: []};

function singleRow(block, incarnation) {
	singles.rows[incarnation] ??= {
		kind: LANE, key: `i${incarnation}`, block, incarnations: [incarnation], findings: findingsOf([incarnation]),
		annotations: shownAnnotations(annotationsOf[incarnation]), label: incarnationText(incarnation),
	};
	return singles.rows[incarnation];
}

// Lanes of the block: one for each incarnation, or for each host of a user or source of a machine as many as it takes.
function pushLanes(block, placed) {
	if (lanes.by === 'session') {
		for (const incarnation of placed) {
			pushRow(singleRow(block, incarnation));
		}
		return;
	}
	const parts = new Map();
	for (const incarnation of placed) {
		const label = lanes.by === 'user' ? hostName(incarnations.log[incarnation], incarnations.host[incarnation]) || NO_HOST : data.sources[incarnations.source[incarnation]];
		if (!parts.has(label)) {
			parts.set(label, []);
		}
		parts.get(label).push(incarnation);
	}
	for (const [label, list] of parts) {
		packed(list).forEach((incarnations, i) => pushRow({
			kind: LANE, key: `${block.key} ${label} ${i}`, block, incarnations, findings: findingsOf(incarnations),
			annotations: shownAnnotations(incarnations.flatMap(incarnation => annotationsOf[incarnation])), label: i ? '' : label,
		}));
	}
}

function pushBlock(block, wanted) {
	const found = block.incarnations.filter(incarnation => wanted.incarnation(incarnation) && (!lanes.onlyFound || hasShownFinding(incarnation)));
	const placed = found.filter(incarnation => !Number.isNaN(beginOf(incarnation)));
	const loose = block.findings.filter(finding => isShown[finding] && !Number.isNaN(placeOfFinding(finding)));
	lanes.untimed += found.length - placed.length;
	const notes = lanes.onlyFound && !placed.length ? [] : shownAnnotations(block.annotations).filter(wanted.annotation);
	if (placed.length === 0 && loose.length === 0 && notes.length === 0) {
		return;
	}
	pushRow({kind: HEADING, key: `h${block.key}`, block, incarnations: [], findings: [], annotations: [], label: ''});
	if (loose.length || notes.length) {
		pushRow({kind: LOOSE, key: `l${block.key}`, block, incarnations: [], findings: loose, annotations: notes, label: 'not of a session'});
	}
	pushLanes(block, placed);
}

// The row of each incarnation, and of each finding that is of none; -1: none.
const rowOfLoose = new Int32Array(findings.count);
const rowOfIncarnation = new Int32Array(incarnations.count);

// The row of a finding that is shown: that of its incarnation, or one for those of none; -1: none. It is asked for each row
// that is drawn.
function rowOfFinding(finding) {
	const incarnation = incarnationOfFinding[finding];
	return incarnation >= 0 ? rowOfIncarnation[incarnation] : rowOfLoose[finding];
}

function findRows() {
	const key = `${lanes.axis} ${lanes.notes}`;
	if (singles.key !== key) {
		Object.assign(singles, {key, rows: []});
	}
	const wanted = {incarnation: subjectMatcher(incarnations), annotation: subjectMatcher(annotations)};
	const before = lanes.chosen >= 0 ? lanes.rows[lanes.chosen].key : null;
	Object.assign(lanes, {rows: [], tops: [], height: 0, untimed: 0});
	blocksOf(lanes.by).forEach(block => pushBlock(block, wanted));
	lanes.chosen = lanes.rows.findIndex(row => row.key === before);
	rowOfIncarnation.fill(-1);
	rowOfLoose.fill(-1);
	lanes.rows.forEach((row, at) => {
		if (row.kind === LOOSE) {
			row.findings.forEach(finding => {
				rowOfLoose[finding] = at;
			});
		}
		row.incarnations.forEach(incarnation => {
			rowOfIncarnation[incarnation] = at;
		});
	});
	if (lanes.picked >= 0 && rowOfIncarnation[lanes.picked] !== lanes.chosen) {
		lanes.picked = -1;
	}
}
