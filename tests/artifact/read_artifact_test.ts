import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { readArtifact } from "../../artifact/read_artifact.ts";
import { RecotemError } from "../../core/errors.ts";
import { createStore } from "../../core/storage/create_store.ts";

import type { Store } from "../../core/storage/store.ts";
import {
  CAPS,
  HEADER,
  headerJson,
  join,
  KEYS,
  sign,
  TENSORS,
} from "./fixture.ts";
import { recordEvents } from "./record_events.ts";

const FILE: Uint8Array = join(encodeArtifact(HEADER, TENSORS, KEYS));
const OPTIONS = { keys: KEYS, ...CAPS } as const;

function test(
  name: string,
  run: (folder: string, store: Store) => Promise<void>,
): void {
  Deno.test(`readArtifact() ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await run(folder, createStore());
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

test("reads a file by path and by URI", async (folder, store) => {
  const path = `${folder}/a.recotem`;
  await Deno.writeFile(path, FILE);
  for (const uri of [path, `file://${path}`]) {
    const artifact = await readArtifact(store, uri, OPTIONS);
    assertEquals(artifact.uri, uri);
    assertEquals({ ...artifact.tensors }, TENSORS);
  }
});

test("follows a pointer to its own folder", async (folder, store) => {
  await Deno.writeFile(`${folder}/a.0011.recotem`, FILE);
  const uri = `${folder}/a.recotem`;
  for (const end of ["", "\n", "\r\n", " \t\n\n"]) {
    await Deno.writeTextFile(uri, `a.0011.recotem${end}`);
    const { events, recorded } = recordEvents();
    const artifact = await readArtifact(store, uri, { ...OPTIONS, events });
    assertEquals(artifact.uri, `${folder}/a.0011.recotem`);
    assertEquals(recorded, [{
      level: "debug",
      event: "artifact_pointer_resolved",
      fields: { pointer: uri, target: `${folder}/a.0011.recotem` },
    }]);
    const byUri = await readArtifact(store, `file://${uri}`, OPTIONS);
    assertEquals(byUri.uri, `file://${folder}/a.0011.recotem`);
  }
});

test("follows a pointer by a path without a folder", async (folder, store) => {
  const before = Deno.cwd();
  Deno.chdir(folder);
  try {
    await Deno.writeFile("b.recotem", FILE);
    await Deno.writeTextFile("a", "b.recotem\n");
    const { uri } = await readArtifact(store, "a", OPTIONS);
    assertEquals(uri, "b.recotem");
  } finally {
    Deno.chdir(before);
  }
});

test("takes nothing else for a pointer", async (folder, store) => {
  await Deno.writeFile(`${folder}/b.recotem`, FILE);
  await Deno.mkdir(`${folder}/below`);
  await Deno.writeFile(`${folder}/below/b.recotem`, FILE);
  for (
    const text of [
      "./b.recotem",
      "below/b.recotem",
      `${folder}/b.recotem`,
      `../${folder.split("/").at(-1)}/b.recotem`,
      "below\\b.recotem",
      "b.recotem\nb.recotem\n",
      " b.recotem",
      "\nb.recotem",
      "b.recotem\0",
      "b.recotem\u00a0",
      "\ufeffb.recotem",
      "b.recotem.gz",
      "b",
      "b.recotem" + "\n".repeat(512),
    ]
  ) {
    await Deno.writeTextFile(`${folder}/a`, text);
    await assertRefused(
      () => readArtifact(store, `${folder}/a`, OPTIONS),
      "parse",
    );
  }
});

test("takes a pointer of 512 bytes", async (folder, store) => {
  await Deno.writeFile(`${folder}/b.recotem`, FILE);
  await Deno.writeTextFile(`${folder}/a`, "b.recotem".padEnd(512, "\n"));
  await readArtifact(store, `${folder}/a`, OPTIONS);
});

test("refuses a pointer to a pointer, and to itself", async (folder, store) => {
  await Deno.writeFile(`${folder}/c.recotem`, FILE);
  await Deno.writeTextFile(`${folder}/b.recotem`, "c.recotem\n");
  await Deno.writeTextFile(`${folder}/a.recotem`, "b.recotem\n");
  await Deno.writeTextFile(`${folder}/self.recotem`, "self.recotem\n");
  for (const name of ["a", "self"]) {
    await assertRefused(
      () => readArtifact(store, `${folder}/${name}.recotem`, OPTIONS),
      "parse",
      "names another pointer",
    );
  }
});

test("refuses a pointer to nothing", async (folder, store) => {
  await Deno.writeTextFile(`${folder}/a`, "b.recotem\n");
  await assertRefused(
    () => readArtifact(store, `${folder}/a`, OPTIONS),
    "read",
    "b.recotem does not exist",
  );
});

test(
  "refuses what is not there, is empty, is a folder or has no store",
  async (folder, store) => {
    await Deno.writeTextFile(`${folder}/empty`, "");
    for (
      const [uri, message] of [
        [`${folder}/none`, "does not exist"],
        [`${folder}/empty`, "is empty"],
        [`${folder}/empty/below`, "does not exist"],
        [folder, "folder"],
        ["ftp://host/a.recotem", '"ftp"'],
        ["file:a.recotem", "must be absolute"],
      ] as const
    ) {
      await assertRefused(
        () => readArtifact(store, uri, OPTIONS),
        "read",
        message,
      );
    }
  },
);

test(
  "asks for memory once, and for no more than the file",
  async (folder, store) => {
    await Deno.writeFile(`${folder}/b.recotem`, FILE);
    await Deno.writeTextFile(`${folder}/a`, "b.recotem\n");
    const memory = new WebAssembly.Memory({
      initial: 1,
      maximum: 1,
      shared: true,
    });
    const asked: number[] = [];
    const { tensors } = await readArtifact(store, `${folder}/a`, {
      ...OPTIONS,
      allocate(bytes) {
        asked.push(bytes);
        return new Uint8Array(memory.buffer, 4096, bytes);
      },
    });
    assertEquals(asked, [FILE.length]);
    assertEquals({ ...tensors }, TENSORS);
    for (const { data } of Object.values(tensors)) {
      assertStrictEquals(data.buffer, memory.buffer);
    }
  },
);

test(
  "asks for no memory for a file above the cap, and reads nothing of it",
  async (folder, store) => {
    const path = `${folder}/a`;
    using file = await Deno.open(path, { write: true, create: true });
    await file.truncate(2 ** 40);
    await assertRefused(
      () =>
        readArtifact(
          { ...methods(store), read: () => Promise.reject(new Error("Read")) },
          path,
          {
            ...OPTIONS,
            allocate: () => {
              throw new Error("Asked");
            },
          },
        ),
      "read",
      `RECOTEM_MAX_ARTIFACT_BYTES allows ${CAPS.maxArtifactBytes}`,
    );
  },
);

test("takes a file at the cap", async (folder, store) => {
  await Deno.writeFile(`${folder}/a`, FILE);
  const maxArtifactBytes = FILE.length;
  await readArtifact(store, `${folder}/a`, { ...OPTIONS, maxArtifactBytes });
});

test(
  "refuses a file that changes between stat and read",
  async (folder, store) => {
    const path = `${folder}/a`;
    for (const changed of [FILE.subarray(1), join([FILE, new Uint8Array(1)])]) {
      await Deno.writeFile(path, FILE);
      const changing: Store = {
        ...methods(store),
        async read(uri, options) {
          await Deno.writeFile(path, changed);
          return await store.read(uri, options);
        },
      };
      await assertRefused(
        () => readArtifact(changing, path, OPTIONS),
        "read",
        "File has ",
      );
    }
  },
);

test(
  "refuses a file that is rewritten in place while it is read",
  async (folder, store) => {
    const path = `${folder}/a`;
    const data = new Uint8Array(2_000_000);
    const big = join(
      encodeArtifact(
        HEADER,
        { a: { dtype: "u8", shape: [data.length], data } },
        KEYS,
      ),
    );
    await Deno.writeFile(path, big);
    const changing: Store = {
      ...methods(store),
      async read(uri, options) {
        const stream = await store.read(uri, options);
        let chunks = 0;
        return stream.pipeThrough(
          new TransformStream({
            async transform(chunk, controller) {
              controller.enqueue(chunk);
              if (++chunks !== 1) return;
              using file = await Deno.open(path, { write: true });
              await file.seek(-1, Deno.SeekMode.End);
              await file.write(Uint8Array.of(1));
            },
          }),
        );
      },
    };
    await assertRefused(() => readArtifact(changing, path, OPTIONS), "hmac");
  },
);

test(
  "refuses a stream that breaks off with an error",
  async (folder, store) => {
    const path = `${folder}/a`;
    await Deno.writeFile(path, FILE);
    const breaking: Store = {
      ...methods(store),
      read: () =>
        Promise.resolve(
          new ReadableStream({
            start(controller) {
              controller.enqueue(FILE.subarray(0, 100));
            },
            pull() {
              throw new Deno.errors.ConnectionReset("Connection was reset");
            },
          }),
        ),
    };
    const error = await assertRefused(
      () => readArtifact(breaking, path, OPTIONS),
      "read",
      "Connection was reset",
    );
    assertEquals(error.cause instanceof Deno.errors.ConnectionReset, true);
  },
);

test("stops at an abort, and says so", async (folder, store) => {
  const path = `${folder}/a`;
  await Deno.writeFile(path, FILE);
  const reason = new Error("Stop");
  const before = AbortSignal.abort(reason);
  assertStrictEquals(
    await assertRejects(() =>
      readArtifact(store, path, { ...OPTIONS, signal: before })
    ),
    reason,
  );
  const controller = new AbortController();
  assertStrictEquals(
    await assertRejects(() =>
      readArtifact(store, path, {
        ...OPTIONS,
        signal: controller.signal,
        allocate(bytes) {
          controller.abort(reason);
          return new Uint8Array(bytes);
        },
      })
    ),
    reason,
  );
});

test("lets other work go on while it verifies", async (folder, store) => {
  const data = new Uint8Array(8_000_000);
  const tensors = { a: { dtype: "u8", shape: [data.length], data } } as const;
  await Deno.writeFile(
    `${folder}/a`,
    join(encodeArtifact(HEADER, tensors, KEYS)),
  );
  let done = false;
  let turnsAfterRead = 0;
  let read = false;
  const reading = readArtifact(
    {
      ...methods(store),
      async read(uri, options) {
        const stream = await store.read(uri, options);
        return stream.pipeThrough(
          new TransformStream({
            flush() {
              read = true;
            },
          }),
        );
      },
    },
    `${folder}/a`,
    OPTIONS,
  ).finally(() => {
    done = true;
  });
  while (!done) {
    if (read) turnsAfterRead++;
    await new Promise((resolve) => setTimeout(resolve));
  }
  await reading;
  assertEquals(turnsAfterRead > 2, true);
});

test("refuses the artifact of another recipe", async (folder, store) => {
  await Deno.writeFile(`${folder}/a`, FILE);
  await assertRefused(
    () =>
      readArtifact(store, `${folder}/a`, { ...OPTIONS, recipeName: "books" }),
    "header_json",
  );
});

test(
  "tells why a file is refused, as decodeArtifact() does",
  async (folder, store) => {
    const path = `${folder}/a`;
    const changed = FILE.slice();
    changed[changed.length - 1]! ^= 1;
    for (
      const [bytes, reason] of [
        [new TextEncoder().encode("no artifact ".repeat(99)), "parse"],
        [changed, "hmac"],
        [sign("{".repeat(600)), "header_json"],
        [sign(headerJson({ payload_bytes: 1 })), "deserialize"],
      ] as const
    ) {
      await Deno.writeFile(path, bytes);
      await assertRefused(() => readArtifact(store, path, OPTIONS), reason);
    }
  },
);

/** A store's methods as properties, so that one can be put in the place of another. */
function methods(store: Store): Store {
  return {
    schemes: store.schemes,
    read: (uri, options) => store.read(uri, options),
    write: (uri, parts, options) => store.write(uri, parts, options),
    stat: (uri, signal) => store.stat(uri, signal),
    list: (prefix, signal) => store.list(prefix, signal),
    remove: (uri, signal) => store.remove(uri, signal),
  };
}

async function assertRefused(
  run: () => Promise<unknown>,
  reason: string,
  message = "",
): Promise<RecotemError> {
  const error = await assertRejects(run, RecotemError);
  assertEquals([error.code, error.details.reason, error.message], [
    "artifact_error",
    reason,
    error.message,
  ]);
  assertStringIncludes(error.message, message);
  assertEquals(error.exitCode, 5);
  return error;
}
