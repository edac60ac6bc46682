// SPDX-License-Identifier: MIT

export type Severity = 'note' | 'warning' | 'error';
export type State =
	| 'Created' | 'Initialized' | 'Connected' | 'Disconnected'
	| 'DisconnectedLoggedOn' | 'LoggedOn' | 'LoggedOff' | 'Terminated';
export type Event =
	| 'Ignore' | 'Created' | 'Terminated' | 'Connected' | 'Disconnected' | 'Logon' | 'Logoff' | 'Max';
export type Source =
	| 'wdm' | 'wts' | 'sens' | 'lsm' | 'winlogon' | 'winlogon-operational' | 'profile' | 'rdp' | 'account';

/** A line of `--format=json`, see docs/findings.schema.json. */
export interface Finding {
	/** `sessionlint explain RULE` says what it means. */
	rule: string;
	severity: Severity;
	file: string;
	/** Line of a text, EventRecordID of a log. */
	line: number;
	offset?: number;
	time?: string;
	host: string | null;
	source?: Source;
	session: number | null;
	incarnation?: number;
	boot?: string | number;
	driver?: string;
	io?: string;
	user?: string;
	address?: string;
	event: string | null;
	observed?: string;
	/** The states that the session could be in. */
	belief: State[];
	allowed: Event[];
	history?: Array<{event: Event; line?: number; file?: string; unseen?: true}>;
	history_omitted?: number;
	witnesses?: Array<{source: Source; file: string; record: number; time?: string}>;
	legal_before?: number;
	repair?: {action: 'drop'} | {action: 'insert'; events: Event[]};
	/** Whether an earlier finding of the session may have caused it. */
	cascade: boolean;
	message: string;
	suppression?: {kind: 'baseline' | 'trace'; reason?: string};
	fingerprint: string;
}

export interface Summary {
	version: string;
	files: number;
	bytes: number;
	records: number;
	events: number;
	markers: number;
	notifications: number;
	calls: number;
	objects: number;
	registrations: number;
	noted: number;
	annotations: number;
	/** Records of other logs. */
	skipped: number;
	unreadable: number;
	sessions: {
		lives: number;
		conforming: number;
		violating: number;
		undetermined: number;
		unfinished: number;
		forgotten: number;
	};
	severities: Record<Severity, number>;
	/** By rule. */
	findings: Record<string, number>;
	cascades: number;
	suppressed: number;
	/** Files that could not be read. */
	failed?: Array<{file: string; reason: string}>;
}

export interface CheckOptions {
	/** One account of the logs of a machine; `true` is `'machine'`: all logs together. */
	together?: boolean | 'machine' | 'folder' | 'computer';
	/** Undocumented transitions are errors. */
	strict?: boolean;
	start?: 'auto' | 'initialized' | 'unknown';
	/** The source of text records that name none. */
	source?: Source;
	/** Replace users, hosts and addresses. */
	anonymize?: boolean;
	rules?: Record<string, Severity | 'off'>;
	join?: boolean;
	reverse?: boolean;
	recover?: boolean;
	reorder?: string;
	window?: string;
	pointerSize?: 4 | 8;
	/** Path of a configuration file; `false`: read none. */
	config?: string | false;
	/** More options, as `sessionlint check --help` lists them. */
	arguments?: string[];
}

export interface CheckResult {
	findings: Finding[];
	summary: Summary;
	/** The exit status of the command: 2 if not all could be read. */
	status: 0 | 1 | 2;
	/** What the command says of files that it could not read. */
	message: string;
}

/** Bytes in memory, with the name that findings give them. */
export interface NamedBytes {
	name?: string;
	bytes: Uint8Array;
}

export type Bytes = Uint8Array | NamedBytes;

/**
 * Checks files and folders by their paths, or logs in memory. It returns when all is read: use a worker thread where
 * others must not wait. Throws an Error for wrong usage.
 */
export function check(inputs: string | string[] | Bytes | Bytes[], options?: CheckOptions): CheckResult;

export const version: string;
