import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../core/config/commands.ts";
import { recotem } from "./recotem.ts";

// To renew: for each name, deno run -A cli/main.ts NAME --help > tests/testdata/help/NAME.txt
const HELP = new URL("../testdata/help/", import.meta.url);

for (const name of ["recotem", ...COMMANDS.map(({ name }) => name)]) {
  Deno.test(`recotem ${name === "recotem" ? "" : `${name} `}--help prints its snapshot, no wider than 80 columns`, async () => {
    const argv = name === "recotem" ? ["--help"] : [name, "--help"];
    const { code, out, err } = await recotem(argv);
    assertEquals(out, await Deno.readTextFile(new URL(`${name}.txt`, HELP)));
    assert(out.split("\n").every((line) => line.length <= 80));
    assertEquals([code, err], [0, ""]);
  });
}

/** What each slip is answered with: exit code and the one line on standard error. */
const SLIPS: readonly [readonly string[], number, string][] = [
  [
    [],
    2,
    'Error: Missing COMMAND (see "recotem --help")\n',
  ],
  [
    ["trian", "r.yaml"],
    2,
    'Error: Unknown command "trian"; did you mean "train"? (see "recotem --help")\n',
  ],
  [
    ["constructor"],
    2,
    'Error: Unknown command "constructor" (see "recotem --help")\n',
  ],
  [
    ["train"],
    2,
    'Error: Missing RECIPE (see "recotem train --help")\n',
  ],
  [
    ["train", "r.yaml", "--fail-on-bussy"],
    2,
    'Error: Unknown flag --fail-on-bussy; did you mean "--fail-on-busy"? (see "recotem train --help")\n',
  ],
  [
    ["serve"],
    2,
    'Error: Missing --recipes, or RECOTEM_RECIPES in its place (see "recotem serve --help")\n',
  ],
  [
    ["serve", "--recipes", "/no/such/folder"],
    2,
    "Error: The recipes folder /no/such/folder cannot be read: it must be an existing folder\n",
  ],
  [
    ["serve", "--recipes", "/", "--port", "65536"],
    8,
    "Error: Flag --port must be a whole number from 1 to 65535\n",
  ],
  [
    ["validate", "/no/such/recipe.yaml"],
    2,
    "Error: /no/such/recipe.yaml: The recipe cannot be read: there is no such file\n",
  ],
  [
    ["permissions", "/no/such/recipe.yaml"],
    2,
    "Error: /no/such/recipe.yaml: The recipe cannot be read: there is no such file\n",
  ],
  [
    ["keygen", "--type", "signature"],
    8,
    "Error: Flag --type must be one of signing, api\n",
  ],
  [
    ["compile", "server"],
    2,
    'Error: ROLE must be train or serve (see "recotem compile --help")\n',
  ],
];

for (const [argv, exitCode, line] of SLIPS) {
  Deno.test(`recotem ${argv.join(" ")} is answered with one line and exit code ${exitCode}`, async () => {
    const { code, out, err } = await recotem(argv);
    assertEquals([err, code, out], [line, exitCode, ""]);
  });
}

Deno.test("recotem COMMAND has one command for each file of the folder, and no other", async () => {
  const main = await Deno.readTextFile(
    new URL("../../cli/main.ts", import.meta.url),
  );
  const loaded = [...main.matchAll(/import\("\.\/(\w+)\.ts"\)/g)]
    .map(([, name]) => name).sort();
  assertEquals(loaded, COMMANDS.map(({ name }) => name).sort());
});
