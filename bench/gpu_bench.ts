/**
 * What a GPU makes of dense matrices, beside WebAssembly on all processors: products, the Gram matrix of a sparse matrix
 * and the inverse, in billions of floating-point operations per second. Products lie in the device already; the other
 * two go there and back. WebAssembly's products are those of `FᵀF`, which does half of them.
 *
 * deno task bench:gpu [rows...]
 *
 * @module
 */
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Csr } from "../core/kernels/csr.ts";
import { BufferScope } from "../core/kernels/gpu/buffer_scope.ts";
import { Commands } from "../core/kernels/gpu/commands.ts";
import { Device } from "../core/kernels/gpu/device.ts";
import { multiply } from "../core/kernels/gpu/multiply.ts";
import type { Kernels } from "../core/kernels/kernels.ts";

/** Entries in each row of the sparse matrix. */
const PER_ROW = 60;

const sizes = Deno.args.length > 0 ? Deno.args.map(Number) : [1024, 2048];
using device = await Device.open();
const { isFallbackAdapter } = device.gpu.adapterInfo;
const cpu = await createKernels();
const gpu = await createKernels({ threads: 1, device: "gpu" });
print(
  `GPU: ${device.name}${isFallbackAdapter ? " (software, no GPU)" : ""}`,
  `WebAssembly: ${cpu.threads} threads`,
  "",
  "| GFLOP/s | rows | WebAssembly | GPU |",
  "| --- | --- | --- | --- |",
);
for (const n of sizes) {
  row("product", n, await gramRate(cpu, n), await productRate(device, n));
  row("sparse Gram", n, await tilesRate(cpu, n), await tilesRate(gpu, n));
  row("inverse", n, await inverseRate(cpu, n), await inverseRate(gpu, n));
}
cpu.close();
gpu.close();

function print(...lines: readonly string[]): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${lines.join("\n")}\n`));
}

function row(name: string, n: number, ...rates: readonly number[]): void {
  const cells = [name, n, ...rates.map((rate) => rate.toPrecision(3))];
  print(`| ${cells.join(" | ")} |`);
}

/** Operations in 10⁹ per second, the best of three. */
async function rate(
  operations: number,
  work: () => Promise<void>,
): Promise<number> {
  let best = Infinity;
  for (let repeat = 0; repeat < 3; repeat++) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return operations / best / 1e6;
}

async function gramRate(kernels: Kernels, n: number): Promise<number> {
  const factors = kernels.memory.f32(n * n).fill(1);
  const best = await rate(n ** 3, async () => {
    await kernels.gram(factors, n, n, 1);
  });
  kernels.memory.free(factors);
  return best;
}

/** Several products at once, so that the wait for the last does not count. */
async function productRate(device: Device, n: number): Promise<number> {
  using scope = new BufferScope(device);
  const side = Math.ceil(n / 64) * 64;
  const [left, right, result] = Array.from({ length: 3 }, () => ({
    buffer: scope.storage(side * side),
    offset: 0,
    stride: side,
  }));
  const times = Math.max(1, Math.round(1e10 / side ** 3));
  return await rate(2 * times * side ** 3, async () => {
    const commands = new Commands(device);
    for (let at = 0; at < times; at++) {
      multiply(commands, { write: "set" }, left!, right!, result!, {
        rows: side,
        columns: side,
        depth: side,
      });
    }
    commands.submit();
    await device.settle();
  });
}

/** Twice as many rows as columns, popular columns first. */
function sparse(n: number): Csr {
  const random = createRandom(n);
  const indptr = new Uint32Array(2 * n + 1);
  const indices: number[] = [];
  for (let row = 0; row < 2 * n; row++) {
    const own = new Set(
      Array.from(
        { length: PER_ROW },
        () => Math.floor(n * random.float() ** 2),
      ),
    );
    indices.push(...[...own].sort((a, b) => a - b));
    indptr[row + 1] = indices.length;
  }
  return {
    rows: 2 * n,
    cols: n,
    indptr,
    indices: Uint32Array.from(indices),
    values: new Float32Array(indices.length).fill(1),
  };
}

async function tilesRate(kernels: Kernels, n: number): Promise<number> {
  const matrix = sparse(n);
  const tiles = kernels.symmetricTiles(n);
  let operations = 0;
  for (let row = 0; row < matrix.rows; row++) {
    operations += (matrix.indptr[row + 1]! - matrix.indptr[row]!) ** 2;
  }
  const best = await rate(
    operations,
    () => kernels.gramTiles(matrix, tiles),
  );
  kernels.releaseTiles(tiles);
  return best;
}

async function inverseRate(kernels: Kernels, n: number): Promise<number> {
  const matrix = sparse(n);
  const tiles = kernels.symmetricTiles(n);
  let milliseconds = Infinity;
  for (let repeat = 0; repeat < 3; repeat++) {
    await kernels.gramTiles(matrix, tiles);
    for (let row = 0; row < n; row++) tiles.addToDiagonal(row, 100);
    const started = performance.now();
    await kernels.invertPositiveDefinite(tiles);
    milliseconds = Math.min(milliseconds, performance.now() - started);
  }
  kernels.releaseTiles(tiles);
  return n ** 3 / milliseconds / 1e6;
}
