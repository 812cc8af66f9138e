/** What is left of a server that only reads the request and writes an answer: the measure of predictions. */
import { Hono } from "hono";

const app = new Hono();
/** As long as a prediction of ten items. */
const ANSWER = JSON.stringify({
  items: Array.from({ length: 10 }, (_, n) => ({
    item_id: `2000${n}`,
    score: 0.1234567,
    description: `SET OF ${n} TEA CUPS`,
  })),
});
app.post("/predict/bytes", async (context) => {
  await context.req.json();
  return context.body(ANSWER, 200, { "Content-Type": "application/json" });
});
app.post("/predict/:name", async (context) => {
  const { user_id } = await context.req.json<{ user_id: string }>();
  return context.json({ items: [], user_id });
});
Deno.serve({
  port: Number(Deno.args[0]),
  hostname: "127.0.0.1",
  onListen: () => {},
}, app.fetch);
