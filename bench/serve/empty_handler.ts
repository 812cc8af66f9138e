/** What is left of a server when it does nothing: the measure that predictions are compared with. */
import { Hono } from "hono";

const app = new Hono();
app.post("/predict/:name", (context) => context.text("{}"));
Deno.serve({ port: Number(Deno.args[0]), hostname: "127.0.0.1" }, app.fetch);
