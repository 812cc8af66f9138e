/** One import, as `deno info` sees it. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Which file imports which, types and dynamic imports included; paths are relative to the project's root. */
export type ModuleGraph = readonly Edge[];

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/**
 * Reads the graph of everything that `entry` imports, from `deno info --json`.
 *
 * @param root `file:` URL of the project's root, with a slash at the end.
 * @param entry Path of a module, relative to the root.
 * @throws {Error} When a module of the graph cannot be found or parsed.
 */
export async function moduleGraph(
  root: URL,
  entry: string,
): Promise<ModuleGraph> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(entry, root).href],
    stderr: "inherit",
  }).output();
  if (!output.success) throw new Error(`deno info ${entry} failed`);
  const info: Info = JSON.parse(new TextDecoder().decode(output.stdout));
  const edges: Edge[] = [];
  for (const module of info.modules) {
    if (module.error !== undefined) {
      throw new Error(`${module.specifier}: ${module.error}`);
    }
    for (const { code, type } of module.dependencies ?? []) {
      for (const end of new Set([code?.specifier, type?.specifier])) {
        if (end?.startsWith(root.href)) {
          edges.push({
            from: module.specifier.slice(root.href.length),
            to: end.slice(root.href.length),
          });
        }
      }
    }
  }
  return edges;
}

/** Everything that `entry` reaches, by any number of imports; itself included. */
export function reachable(graph: ModuleGraph, entry: string): Set<string> {
  const found = new Set([entry]);
  // A set is iterated in the order of insertion, and what is added on the way is visited too.
  for (const module of found) {
    for (const { from, to } of graph) if (from === module) found.add(to);
  }
  return found;
}
