import { assertEquals } from "@std/assert";
import { resumption } from "../../train/resumption.ts";

const RUN = { id: "4f0c", joined: false };

Deno.test("resumption() goes on with a search that the run joined by joining it", () => {
  assertEquals(
    resumption("r.yaml", "postgresql://db/trials", { ...RUN, joined: true }),
    "To go on: recotem train r.yaml --join 4f0c",
  );
});

Deno.test("resumption() gives the command that goes on, as a shell takes it", () => {
  assertEquals(
    resumption("recipes/r.yaml", "trials.journal", RUN),
    "To go on: recotem train recipes/r.yaml --run-id 4f0c",
  );
  assertEquals(
    resumption("my recipe's.yaml", "trials.journal", RUN),
    `To go on: recotem train 'my recipe'\\''s.yaml' --run-id 4f0c`,
  );
});

Deno.test("resumption() says what to set where no trials are kept", () => {
  assertEquals(
    resumption("r.yaml", "", RUN),
    "No trials were kept; to be able to go on after a stop, set training.storage_path in the recipe, such as trials.journal",
  );
});
