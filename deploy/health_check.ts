/**
 * Whether the server on this machine answers: exit code 0 if so. Needs `--allow-net=127.0.0.1` and
 * `--allow-env=RECOTEM_PORT`.
 *
 * @module
 */
const port = Deno.env.get("RECOTEM_PORT")?.trim() || "8080";
try {
  const { status } = await fetch(`http://127.0.0.1:${port}/health`);
  // A server that answers other hosts only refuses this request (4xx), and is well.
  Deno.exit(status < 500 ? 0 : 1);
} catch {
  Deno.exit(1);
}
