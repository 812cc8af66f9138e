import { assertEquals } from "@std/assert";
import { recotem } from "./recotem.ts";

Deno.test("recotem schema prints one JSON Schema document and nothing else", async () => {
  const { code, out, err } = await recotem(["schema"]);
  assertEquals([code, err], [0, ""]);
  const schema = JSON.parse(out);
  assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assertEquals("schema" in schema.properties, true);
  assertEquals(out, JSON.stringify(schema, null, 2) + "\n");
});
