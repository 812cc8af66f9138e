/**
 * What is left of a server that reads the request and writes an answer: of few bytes at `/empty`, of as many as the path
 * says at `/bytes/{n}`. It writes that as fast as it can be written.
 */
import { Hono } from "hono";

const HEADERS = { "Content-Type": "application/json" };
const app = new Hono();
app.post("/empty", async (context) => {
  const { user_id } = await context.req.json<{ user_id: string }>();
  return context.json({ items: [], user_id });
});
app.post("/bytes/:count", async (context) => {
  const { user_id } = await context.req.json<{ user_id: string }>();
  const rest = Number(context.req.param("count")) - user_id.length - 2;
  return new Response(`"${user_id}${" ".repeat(rest)}"`, { headers: HEADERS });
});
Deno.serve({
  port: Number(Deno.args[0]),
  hostname: "127.0.0.1",
  onListen: () => {},
}, app.fetch);
