import { assertEquals } from "@std/assert";
import { resumption } from "../../train/resumption.ts";

Deno.test("resumption() gives the command that goes on, as a shell takes it", () => {
  assertEquals(
    resumption("recipes/r.yaml", "trials.journal", "4f0c"),
    "To go on: recotem train recipes/r.yaml --run-id 4f0c",
  );
  assertEquals(
    resumption("my recipe's.yaml", "trials.journal", "4f0c"),
    `To go on: recotem train 'my recipe'\\''s.yaml' --run-id 4f0c`,
  );
});

Deno.test("resumption() says what to set where no trials are kept", () => {
  assertEquals(
    resumption("r.yaml", "", "4f0c"),
    "No trials were kept; to be able to go on after a stop, set training.storage_path in the recipe, such as trials.journal",
  );
});
