import { assertEquals, assertMatch } from "@std/assert";
import { describeFailure } from "../../../core/config/describe_failure.ts";
import { RecotemError } from "../../../core/errors.ts";

Deno.test("describeFailure() writes a refusal as one line and answers its exit code", () => {
  assertEquals(
    describeFailure(new RecotemError("artifact_error", "Bad magic\nat byte 0")),
    { exitCode: 5, text: "Error: Bad magic at byte 0\n" },
  );
});

Deno.test("describeFailure() lets a failed fetch below a data source error decide the exit code", () => {
  const fetch = new RecotemError("http_fetch_error", "Status 503");
  const wrapped = new Error("reading", { cause: fetch });
  const error = new RecotemError("datasource_error", "Cannot read rows", {
    cause: wrapped,
  });
  assertEquals(describeFailure(error).exitCode, 7);
  assertEquals(
    describeFailure(new RecotemError("recipe_error", "Bad", { cause: fetch }))
      .exitCode,
    2,
  );
});

Deno.test("describeFailure() ends on a chain of causes that bites its tail", () => {
  const inner = new Error("inner");
  const outer = new RecotemError("datasource_error", "Cannot read rows", {
    cause: inner,
  });
  inner.cause = outer;
  assertEquals(describeFailure(outer).exitCode, 3);
});

Deno.test("describeFailure() shows the stack of a fault of ours, secrets blanked", () => {
  const { exitCode, text } = describeFailure(
    new TypeError(`${"ab".repeat(32)} at https://user:pass@example.com/`),
  );
  assertEquals(exitCode, 1);
  assertMatch(
    text,
    /^Internal error: TypeError: \[REDACTED-HEX64\] at https:\/\/\*\*\*@example\.com\/\n {4}at /,
  );
});

Deno.test("describeFailure() takes anything that was thrown", () => {
  assertEquals(describeFailure(undefined), {
    exitCode: 1,
    text: "Internal error: undefined\n",
  });
});
