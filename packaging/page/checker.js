// SPDX-License-Identifier: MIT
// The command in a worker. Each job has a worker of its own, which ends with it: then its memory is free again.

const checker = {module: null, scriptUrl: null, stop: null};

// The page makes one script, and no other can be made of text.
const policy = globalThis.trustedTypes?.createPolicy('sessionlint-worker', {
	createScriptURL: () => checker.scriptUrl,
}) ?? {createScriptURL: () => checker.scriptUrl};

async function unpack(text) {
	const bytes = Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
	return new Response(stream).arrayBuffer();
}

async function loadChecker() {
	const script = byId('worker-script'), program = byId('program');
	checker.scriptUrl = URL.createObjectURL(new Blob([script.textContent], {type: 'text/javascript'}));
	checker.module = await WebAssembly.compile(await unpack(program.textContent));
	script.remove();
	program.remove();
}

// Does runs one after the other. Listeners: progress, ran, failed, done. Returns how to stop it.
function startWorker(inputs, runs, listeners) {
	const worker = new Worker(policy.createScriptURL(''));
	let isOver = false;
	const stop = () => {
		isOver = true;
		worker.terminate();
	};
	worker.onmessage = ({data}) => {
		const [[name, value]] = Object.entries(data);
		if (isOver) {
			return;
		}
		if (name === 'done') {
			stop();
		}
		listeners[name]?.(value);
	};
	worker.onerror = event => {
		stop();
		listeners.failed({name: '', message: event.message || 'the worker could not be started'});
		listeners.done?.();
	};
	worker.postMessage({module: checker.module, inputs, runs, environment: {PWD: '/logs', TERM: 'dumb'}});
	return stop;
}

// The work that the page shows: one at a time.
function startChecker(...what) {
	stopChecker();
	checker.stop = startWorker(...what);
}

function stopChecker() {
	checker.stop?.();
	checker.stop = null;
}
