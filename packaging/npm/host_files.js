// SPDX-License-Identifier: MIT
// The files of the machine, by Node. The program sees one tree: on Windows, C:\logs is /C:/logs in it.
import fs from 'node:fs';
import {isatty} from 'node:tty';
import {Failure, TYPE} from './wasi.js';

const windows = process.platform === 'win32';

function failure(error) {
	return typeof error.code === 'string' && error.syscall ? new Failure(error.code) : error;
}

function attempt(action) {
	try {
		return action();
	} catch (error) {
		throw failure(error);
	}
}

// Where a path of the program lies on Windows. An absolute path that a user gave, C:\x or \\server\x, has come to be in
// the current folder; no name has a colon or begins with two backslashes, so it is found there again.
export function windowsPath(path) {
	const [, absolute] = /^.*?\/(\\\\.*)$/s.exec(path) ?? /^.*[/\\]([A-Za-z]:(?:[/\\].*)?)$/s.exec(path) ?? [];
	return absolute === undefined ? path : absolute.length === 2 ? `${absolute}\\` : absolute;
}

// The path of the program for a path of Windows.
export function programPath(path) {
	return /^[A-Za-z]:/.test(path) ? `/${path.replaceAll('\\', '/')}` : path.startsWith('\\\\') ? `/${path}` : path;
}

// Names are bytes where the system takes bytes.
function place(path) {
	return windows ? windowsPath(new TextDecoder().decode(path)) : Buffer.from(path);
}

function typeOf(entry) {
	return entry.isFile() ? TYPE.file : entry.isDirectory() ? TYPE.folder : entry.isSymbolicLink() ? TYPE.link : TYPE.unknown;
}

function statOf(stat) {
	return {
		type: typeOf(stat), device: BigInt.asUintN(64, stat.dev), number: BigInt.asUintN(64, stat.ino), size: Number(stat.size),
	};
}

function pause() {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

class HostFile {
	constructor(descriptor, path) {
		this.descriptor = descriptor;
		this.path = path;
		this.type = this.stat().type;
	}

	stat() {
		return attempt(() => statOf(fs.fstatSync(this.descriptor, {bigint: true})));
	}

	// Only what is a file has positions.
	transfer(action, bytes, position) {
		for (;;) {
			try {
				return action(this.descriptor, bytes, 0, bytes.length, this.type === TYPE.file ? position : null);
			} catch (error) {
				// a pipe of another process that does not wait, and the end of one on Windows
				if (error.code === 'EAGAIN') {
					pause();
				} else if (error.code === 'EOF') {
					return 0;
				} else {
					this.broken ||= error.code === 'EPIPE';
					throw failure(error);
				}
			}
		}
	}

	read(bytes, position) {
		return this.transfer(fs.readSync, bytes, position);
	}

	write(bytes, position) {
		return this.transfer(fs.writeSync, bytes, position);
	}

	list() {
		const names = attempt(() => fs.readdirSync(this.path, {withFileTypes: true, encoding: windows ? 'utf8' : 'buffer'}));
		return names.map(entry => ({name: windows ? new TextEncoder().encode(entry.name) : entry.name, type: typeOf(entry)}));
	}

	close() {
		if (this.descriptor > 2) {
			fs.closeSync(this.descriptor);
		}
	}
}

// A descriptor that the process begins with.
export class HostStream extends HostFile {
	constructor(descriptor) {
		super(descriptor);
		if (isatty(descriptor)) {
			this.type = TYPE.terminal;
		} else if (this.type === TYPE.file && descriptor === 0) {
			this.position = HostStream.position(descriptor);
		}
	}

	// Another program may have read some of it. Only Linux says how much.
	static position(descriptor) {
		try {
			return Number(/^pos:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))[1]);
		} catch {
			return 0;
		}
	}

	// Windows does not know of each stream what it is.
	stat() {
		try {
			return {...super.stat(), ...this.type === TYPE.terminal && {type: TYPE.terminal}};
		} catch {
			return {type: this.type ?? TYPE.unknown, size: 0};
		}
	}

	// Where other programs write as well, the system knows the position.
	write(bytes) {
		return super.write(bytes, null);
	}
}

export class HostFiles {
	open(path, {create, folder, exclusive, truncate, write}) {
		const {O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC} = fs.constants;
		const where = place(path);
		const stat = create && exclusive ? undefined : attempt(() => fs.statSync(where, {throwIfNoEntry: false}));
		if (stat?.isDirectory()) {
			// Windows opens no folders
			return new HostFolder(where);
		}
		if (stat && folder) {
			throw new Failure('ENOTDIR');
		}
		const flags = (write ? O_RDWR : O_RDONLY) | (create ? O_CREAT : 0) | (exclusive ? O_EXCL : 0) |
			(truncate ? O_TRUNC : 0);
		return new HostFile(attempt(() => fs.openSync(where, flags, 0o666)), where);
	}

	stat(path, follow) {
		const where = place(path);
		return statOf(attempt(() => follow ? fs.statSync(where, {bigint: true}) : fs.lstatSync(where, {bigint: true})));
	}

	readLink(path) {
		return attempt(() => fs.readlinkSync(place(path), {encoding: 'buffer'}));
	}

	rename(from, to) {
		attempt(() => fs.renameSync(place(from), place(to)));
	}

	unlink(path) {
		attempt(() => fs.unlinkSync(place(path)));
	}
}

class HostFolder extends HostFile {
	constructor(path) {
		super(-1, path);
	}

	stat() {
		return attempt(() => statOf(fs.statSync(this.path, {bigint: true})));
	}

	read() {
		throw new Failure('EISDIR');
	}

	write() {
		throw new Failure('EISDIR');
	}
}
