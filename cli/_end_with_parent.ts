/**
 * Loaded before a sandboxed program: ends it soon after the process that started it, which a kill may have ended without
 * a word. The program's own process group keeps every other sign of that from it.
 *
 * The query of the module's URL names the parent. Needs no permission.
 *
 * @module
 */
const CHECK_MILLISECONDS = 1000;
/** As after the end of a terminal, 128 and the number of SIGHUP. */
const EXIT_CODE = 129;

const parent = Number(new URL(import.meta.url).searchParams.get("parent"));
Deno.unrefTimer(setInterval(() => {
  if (Deno.ppid !== parent) Deno.exit(EXIT_CODE);
}, CHECK_MILLISECONDS));
