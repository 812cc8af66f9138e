import { assertEquals } from "@std/assert";
import { RecotemError } from "../../core/errors.ts";
import { describeError } from "../../serve/describe_error.ts";

function ours(message: string): RecotemError {
  return new RecotemError("artifact_error", message);
}

Deno.test("describeError() gives messages of ours, addresses masked, at most 200 characters", () => {
  assertEquals(
    describeError(ours("Artifact models/shop.recotem is empty")),
    "Artifact models/shop.recotem is empty",
  );
  for (
    const uri of [
      "s3://bucket/key",
      "gs://bucket/key",
      "az://box/key",
      "abfs://box@store.example/key",
      "abfss://box@store.example/key",
      "http://user:word@host/x?token=1",
      "HTTPS://host/x#y",
    ]
  ) {
    assertEquals(
      describeError(ours(`Cannot read ${uri}: gone`)),
      "Cannot read <redacted-uri> gone",
    );
  }
  assertEquals(describeError(ours("x".repeat(201))), "x".repeat(200));
});

Deno.test("describeError() gives only the name of other errors, whose messages may hold anything", () => {
  assertEquals(
    describeError(new Deno.errors.NotFound("secret")),
    "NotFound",
  );
  assertEquals(describeError(new TypeError("secret")), "TypeError");
  assertEquals(describeError("secret"), "unknown error");
});
