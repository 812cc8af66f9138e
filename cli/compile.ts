import { COMPILE, SERVE, TRAIN } from "../core/config/commands.ts";
import { SILENT } from "../core/config/events.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { RecotemError } from "../core/errors.ts";
import { permissionFlags } from "../core/recipe/permission_flags.ts";
import type { RecipePermissions } from "../core/recipe/permissions.ts";
import { fromFileUrl } from "../core/std/path.ts";
import { servingEnvironment } from "../serve/serving_environment.ts";
import { readSettings } from "../serve/settings.ts";
import { pluginModules } from "./_plugin_modules.ts";
import { print, printError } from "./_output.ts";
import { servingPermissions } from "./serving_permissions.ts";
import { trainingPermissions } from "./training_permissions.ts";

/** How a role becomes an executable. */
interface Role {
  readonly module: string;
  /** Modules that no import names: those of workers. */
  readonly include: readonly string[];
  readonly permissions: (argv: readonly string[]) => Promise<RecipePermissions>;
}

const ROLES: Readonly<Record<string, Role>> = {
  train: {
    module: import.meta.resolve("../train/main.ts"),
    include: [
      import.meta.resolve("../train/search/trial_worker.ts"),
      import.meta.resolve("../core/kernels/worker.ts"),
    ],
    async permissions(argv) {
      const args = parseArguments(TRAIN, argv);
      if (args === "help") throw helpRefused("train");
      return await trainingPermissions(
        args.positionals.RECIPE,
        args.flags["env-var"],
      );
    },
  },
  serve: {
    module: import.meta.resolve("../serve/main.ts"),
    include: [],
    async permissions(argv) {
      const args = parseArguments(SERVE, argv);
      if (args === "help") throw helpRefused("serve");
      if (args.flags.workers > 1) {
        throw new RecotemError(
          "usage_error",
          "Flag --workers is not for an executable, which is one process: build --reuse-port in, and start it several times",
        );
      }
      return await servingPermissions(
        readSettings(args.flags, servingEnvironment(), SILENT),
      );
    },
  },
};

/** What `deno compile` says when there is no base executable to build on: the first cause that names it. */
const NO_BASE = /^ *\d+: (?<reason>.*denort.*)$/m;

/**
 * `recotem compile ROLE ...`: makes one executable that does what `recotem ROLE ...` does, and can touch what that may
 * touch, whoever starts it. The base executable is downloaded by Deno, or is the one that `DENORT_BIN` names.
 */
export async function compile(argv: readonly string[]): Promise<number> {
  const end = argv.findIndex((argument) => Object.hasOwn(ROLES, argument)) + 1;
  const args = parseArguments(COMPILE, end === 0 ? argv : argv.slice(0, end));
  if (args === "help") {
    print(commandHelp(COMPILE));
    return 0;
  }
  const name = args.positionals.ROLE;
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined) {
    throw new RecotemError(
      "usage_error",
      'ROLE must be train or serve (see "recotem compile --help")',
    );
  }
  const roleArgv = argv.slice(end);
  const output = args.flags.output ?? `recotem-${name}`;
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      `--config=${fromFileUrl(import.meta.resolve("../deno.json"))}`,
      "--frozen",
      "--no-check",
      `--output=${output}`,
      ...role.include.map((module) => `--include=${fromFileUrl(module)}`),
      ...(name === "train" ? pluginModules() : [])
        .map((module) => `--include=${module}`),
      ...permissionFlags(await role.permissions(roleArgv)),
      ...(roleArgv.includes("--reuse-port") ? ["--unstable-net"] : []),
      role.module,
      ...roleArgv,
    ],
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  if (success) {
    print(`${output}\n`);
    return 0;
  }
  const message = new TextDecoder().decode(stderr);
  const reason = NO_BASE.exec(message)?.groups?.reason;
  if (reason === undefined) {
    printError(message);
    return 1;
  }
  printError(`Not compiled: ${reason}\n`);
  return args.flags.require ? 1 : 0;
}

function helpRefused(role: string): RecotemError {
  return new RecotemError(
    "usage_error",
    `An executable that only shows help is of no use; give the arguments of "recotem ${role}"`,
  );
}
