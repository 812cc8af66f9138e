import type { Socket } from "node:net";

/** The socket, once `event` has come. */
export function established(
  socket: Socket,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    function abort(): void {
      socket.destroy();
      reject(signal.reason);
    }
    // Stays, since a socket that fails with nobody listening ends the process.
    socket.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(error);
    });
    socket.once(event, () => {
      signal.removeEventListener("abort", abort);
      resolve(socket);
    });
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}
