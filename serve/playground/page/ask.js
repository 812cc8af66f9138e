/* Questions to the server that sent the page. The API key lives here, in memory, and nowhere else. */

let key = "";

/** Takes the key that goes with every question from now on. */
export function useKey(text) {
  key = text;
}

/** Whether there is a key. */
export function hasKey() {
  return key !== "";
}

/** What the server answers, and how many milliseconds it took to be here. */
export async function ask(path, body, signal) {
  const start = performance.now();
  const response = await fetch(path, {
    signal,
    headers: {
      ...(key && { "X-API-Key": key }),
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const took = performance.now() - start;
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { detail: `The server answered ${response.status} without JSON` };
  }
  if (!response.ok) {
    const rules = (answer.errors ?? [])
      .map(({ loc, msg }) => `${loc.slice(1).join(".")}: ${msg}`);
    const problem = new Error(
      [answer.detail ?? `Status ${response.status}`, ...rules].join(". "),
    );
    problem.status = response.status;
    throw problem;
  }
  return { answer, took };
}
