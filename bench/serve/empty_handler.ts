/** What is left of a server that only reads the request and writes an answer: the measure of predictions. */
import { Hono } from "hono";

const app = new Hono();
app.post("/predict/:name", async (context) => {
  const { user_id } = await context.req.json<{ user_id: string }>();
  return context.json({ items: [], user_id });
});
Deno.serve({
  port: Number(Deno.args[0]),
  hostname: "127.0.0.1",
  onListen: () => {},
}, app.fetch);
