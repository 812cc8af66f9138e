import type { Program } from "./service.ts";

/** A fuzzer of APIs that are described. */
export const SCHEMATHESIS: Program = {
  name: "schemathesis-4.32.5",
  install: [
    ["python3", "-m", "venv", "."],
    ["bin/pip", "install", "--quiet", "schemathesis==4.32.5"],
  ],
};
