import type { ShownEvent } from "../../core/config/event_view.ts";

/** The JSON events of a process's output; lines that are none are given to `other`. */
export async function* eventLines(
  stream: ReadableStream<Uint8Array>,
  other: (line: string) => void,
): AsyncIterable<ShownEvent> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('{"')) yield parse(line);
      else if (line !== "") other(line);
    }
  }
  if (rest !== "") other(rest);
}

function parse(line: string): ShownEvent {
  const { event, level, timestamp, ...fields } = JSON.parse(line);
  return {
    event,
    level: level === "warning" ? "warn" : level,
    timestamp: Date.parse(timestamp),
    fields,
  };
}
