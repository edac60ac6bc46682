// SPDX-License-Identifier: MIT
// What the pointer does to the timeline.

const pointers = new Map();
let dragged = false;
let pinch = 0;

function pointAt(event) {
	const box = canvas.getBoundingClientRect();
	return {x: event.clientX - box.left, y: event.clientY - box.top};
}

function rowUnder({y}) {
	return y < axisHeight() ? -1 : rowAtTop(y - axisHeight() + lanesView.scrollTop);
}

function markUnder({x}, row) {
	let found = -1;
	let nearest = 9;
	for (const finding of row < 0 ? [] : lanes.rows[row].findings) {
		const distance = Math.abs(toX(placeOfFinding(finding)) - x);
		if (isShown[finding] && distance <= nearest && (distance < nearest || findings.severity[finding] >= findings.severity[found])) {
			found = finding;
			nearest = distance;
		}
	}
	return found;
}

function showTip(event, text) {
	const tip = byId('tip');
	tip.hidden = text === '';
	tip.textContent = text;
	if (text !== '') {
		tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
		tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)}px`;
	}
}

// Annotations at the lower edge of a lane; @row is its number.
function annotationsUnder({x, y}, row) {
	const into = y - axisHeight() + lanesView.scrollTop - lanes.tops[row];
	return into < LANE_HEIGHT - 7 ? [] : lanes.rows[row].annotations.filter(annotation => Math.abs(toX(placeOfAnnotation(annotation)) - x) <= 3);
}

function tipText(point) {
	const row = rowUnder(point);
	const mark = markUnder(point, row);
	if (mark >= 0) {
		return `${SEVERITIES[findings.severity[mark]]}: ${texts[findings.message[mark]]}\n${ruleName(mark)}, ${placeText(mark)}`;
	}
	const fold = point.x > gutter() ? foldAt(toPosition(point.x)) : -1;
	if (fold >= 0) {
		return foldWords(fold);
	}
	const notes = row < 0 ? [] : annotationsUnder(point, row);
	if (notes.length) {
		return notes.slice(0, 6).map(annotationWords).join('\n') + (notes.length > 6 ? `\n${formatNumber(notes.length - 6)} more` : '');
	}
	if (row < 0 || lanes.rows[row].kind !== LANE || point.x < gutter()) {
		return row < 0 ? '' : rowWords(lanes.rows[row]);
	}
	const place = toPlace(point.x);
	const incarnation = incarnationUnder(point, row);
	return incarnation < 0 ? rowWords(lanes.rows[row]) : incarnationTip(incarnation, place);
}

// The incarnation under the pointer; in a lane of one it is that one.
function incarnationUnder({x}, row) {
	const {incarnations: list} = lanes.rows[row];
	return list.length === 1 ? list[0] : incarnationAt(lanes.rows[row], toPlace(x), (lanes.to - lanes.from) / drawWidth() * 5);
}

function incarnationTip(incarnation, place) {
	const slice = sliceAt(incarnation, place);
	const name = lanes.by === 'session' ? incarnationText(incarnation)
		: `${incarnationText(incarnation)} on ${groupText(groups[groupOfIncarnation[incarnation]])}`;
	if (slice < 0) {
		const isLeftOut = place >= beginOf(incarnation) && place < placeOfSlice(incarnation, incarnations.first[incarnation])
			&& Number(incarnations.omitted[incarnation]) > 0;
		return name + (isLeftOut ? `\n${omittedWords(incarnation)}` : '');
	}
	const witnesses = witnessWords(slice);
	return `${name}${userWords(incarnation)}\n${sliceWords(incarnation, slice)}${witnesses && `\n${witnesses}`}${place > highOf[incarnation] ? '\nnothing recorded after this' : ''}`;
}

function onPointerDown(event) {
	if (event.button === 0) {
		pointers.set(event.pointerId, pointAt(event));
		dragged = false;
		pinch = 0;
		canvas.setPointerCapture(event.pointerId);
	}
}

function onPointerMove(event) {
	const before = pointers.get(event.pointerId);
	const now = pointAt(event);
	if (!before) {
		showTip(event, tipText(now));
		return;
	}
	if (pointers.size === 2) {
		pointers.set(event.pointerId, now);
		const [a, b] = [...pointers.values()];
		const distance = Math.max(Math.abs(a.x - b.x), 10);
		if (pinch) {
			zoom(pinch / distance, (a.x + b.x) / 2);
		}
		pinch = distance;
		dragged = true;
		return;
	}
	if (dragged || Math.abs(now.x - before.x) > 4) {
		dragged = true;
		showTip(event, '');
		pan((before.x - now.x) / drawWidth());
		pointers.set(event.pointerId, now);
	}
}

function onPointerUp(event) {
	if (!pointers.delete(event.pointerId) || dragged || event.type === 'pointercancel') {
		return;
	}
	const point = pointAt(event);
	const row = rowUnder(point);
	const mark = markUnder(point, row);
	if (mark >= 0) {
		chooseMark(mark);
		showFinding(mark);
	} else if (row >= 0) {
		const incarnation = lanes.rows[row].kind === LANE ? incarnationUnder(point, row) : -1;
		if (incarnation >= 0) {
			pickIncarnation(incarnation);
		} else {
			chooseRow(row);
		}
	}
}

function onWheel(event) {
	const sideways = event.shiftKey ? event.deltaY : event.deltaX;
	if (event.ctrlKey || event.metaKey) {
		event.preventDefault();
		zoom(Math.exp(Math.max(-50, Math.min(50, event.deltaY)) * .01), pointAt(event).x);
	} else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
		event.preventDefault();
		pan(sideways / 800);
	}
}

function watchPointer() {
	lanesView.addEventListener('wheel', onWheel, {passive: false});
	canvas.addEventListener('pointerdown', onPointerDown);
	canvas.addEventListener('pointermove', onPointerMove);
	canvas.addEventListener('pointerup', onPointerUp);
	canvas.addEventListener('pointercancel', onPointerUp);
	canvas.addEventListener('pointerleave', event => showTip(event, ''));
	canvas.addEventListener('dblclick', event => zoom(1 / 2, pointAt(event).x));
}
