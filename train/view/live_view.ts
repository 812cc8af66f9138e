import type { EventView } from "../../core/config/event_view.ts";
import { streamScreen } from "./stream_screen.ts";
import { TrainView } from "./train_view.ts";

/** Often enough to look alive, seldom enough for a slow line. */
const REFRESH_MILLISECONDS = 100;

/**
 * A view of training on standard output or standard error, drawn ten times a second on a terminal until it is disposed
 * of. Needs no permission.
 */
export function liveView(
  stream: Parameters<typeof streamScreen>[0],
): EventView & Disposable {
  const view = new TrainView(streamScreen(stream), () => performance.now());
  const timer = setInterval(() => view.refresh(), REFRESH_MILLISECONDS);
  return {
    show: (event) => view.show(event),
    [Symbol.dispose]() {
      clearInterval(timer);
      view.close();
    },
  };
}
