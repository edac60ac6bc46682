// SPDX-License-Identifier: MIT
// Puts the page together.

// Sections are gone to without the fragment, which is the filter's.
function goTo(id) {
	byId(id).scrollIntoView({block: 'start'});
}

function onLink(event) {
	const link = event.target.closest('a[href^="#"]');
	if (link) {
		event.preventDefault();
		const section = byId(link.getAttribute('href').slice(1));
		goTo(section.id);
		section.focus({preventScroll: true});
	}
}

// What stays at the top of the window hides what is gone to, unless that knows its height.
function watchTop() {
	const root = document.documentElement;
	const isStuck = element => getComputedStyle(element).position === 'sticky';
	const measure = () => {
		for (const [name, element] of [['--top', document.querySelector('.top')], ['--filter', byId('filter')]]) {
			root.style.setProperty(name, isStuck(element) ? `${element.offsetHeight}px` : '0px');
		}
	};
	const watch = new ResizeObserver(measure);
	watch.observe(document.querySelector('.top'));
	watch.observe(byId('filter'));
}

// ---- light and dark ----

const THEMES = ['system', 'light', 'dark'];
let theme = 0;

function setTheme(next) {
	theme = next;
	document.documentElement.dataset.theme = THEMES[theme];
	byId('theme').textContent = `Theme: ${THEMES[theme]}`;
	readColors();
	redrawLanes();
}

// ---- start ----

function onFragment() {
	const fragment = location.hash.slice(1);
	if (fragment !== fragmentWritten) {
		fragmentWritten = fragment;
		readFragment(fragment);
		readView(fragment);
		applyFilter();
		showFilter();
	}
}

function start() {
	buildSummary();
	buildControls();
	buildCoverage();
	readFragment(location.hash.slice(1));
	fragmentWritten = location.hash.slice(1);
	buildTimeline();
	buildList();
	applyFilter();
	showFilter();
	const [open] = filter.open;
	if (open !== undefined && isShown[open]) {
		chooseMark(open);
		list.active = list.positions[open];
		goTo('findings');
		scroller().scrollTop = topOf(list.active) - list.rowHeight;
		drawList();
	}
	watchTop();
	document.addEventListener('click', onLink);
	addEventListener('hashchange', onFragment);
	addEventListener('beforeprint', beforePrint);
	addEventListener('afterprint', afterPrint);
	byId('theme').addEventListener('click', () => setTheme((theme + 1) % THEMES.length));
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTheme(theme));
	document.documentElement.dataset.ready = 'yes';
}

start();
