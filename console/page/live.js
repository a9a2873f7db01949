// What has moved is told by the console (Server-Sent Events), and the view looks again. Without a stream it looks every so often.
let source = null, wait = 0;

export const isLive = () => source !== null && source.readyState === EventSource.OPEN;

export function unfollow() {
	if (source) source.close();
	source = null;
	clearTimeout(wait);
}

// topics are names of what the view shows; each change is one look, and changes that come together are one too.
export function follow(topics, ladder, changed, heard) {
	unfollow();
	source = new EventSource("/api/v1/live?watch=" + [...new Set([...topics, "alarms"])].join(",") + (ladder ? "&ladder=" + ladder : ""));
	const soon = () => {
		clearTimeout(wait);
		wait = setTimeout(changed, 100);
	};
	for (const name of [...topics, "alarms"]) source.addEventListener(name, soon);
	if (ladder) source.addEventListener("ladder", () => heard());
}
