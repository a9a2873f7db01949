// The API: the same operations as /api/v1/openapi.json tells.
export class Refused extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

export const session = { name: null, role: null, csrf: null };

export async function api(method, path, body, background) {
	const headers = {};
	if (body !== undefined) headers["Content-Type"] = "application/json";
	if (session.csrf && method !== "GET") headers["X-CSRF-Token"] = session.csrf;
	if (background) headers["X-Background"] = "1";
	let answer;
	try {
		answer = await fetch("/api/v1/" + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
	} catch {
		throw new Refused(0, "The console does not answer.");
	}
	const text = await answer.text();
	if (answer.ok) return text ? JSON.parse(text) : null;
	let why = text;
	try {
		why = JSON.parse(text).error;
	} catch { /* no JSON: as it is */ }
	throw new Refused(answer.status, why ? why[0].toUpperCase() + why.slice(1) + "." : answer.statusText);
}

export const get = (path, background) => api("GET", path, undefined, background);

export function take(s) {
	session.name = s ? s.name : null;
	session.role = s ? s.role : null;
	session.csrf = s ? s.csrf : null;
}

// All rows of a table, page after page, so many at most.
export async function rows(path, most, background) {
	const all = [];
	let next = "";
	do {
		const page = await get(path + (path.includes("?") ? "&" : "?") + "limit=1000" + (next ? "&after=" + next : ""), background);
		all.push(...page.rows);
		next = page.next;
	} while (next && all.length < most);
	return all;
}
