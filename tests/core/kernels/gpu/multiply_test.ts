import { assertEquals } from "@std/assert";
import { createRandom } from "../../../../core/kernels/create_random.ts";
import { BufferScope } from "../../../../core/kernels/gpu/buffer_scope.ts";
import { Commands } from "../../../../core/kernels/gpu/commands.ts";
import type { Device } from "../../../../core/kernels/gpu/device.ts";
import type { Product } from "../../../../core/kernels/gpu/matmul_shader.ts";
import { multiply, type Sizes } from "../../../../core/kernels/gpu/multiply.ts";
import { testOnGpu } from "./on_gpu.ts";

/** A matrix within a larger one whose rows are longer. */
interface Placed {
  readonly values: Float32Array<ArrayBuffer>;
  readonly offset: number;
  readonly stride: number;
}

/** Small integers, so that sums are exact in any order. */
function place(rows: number, columns: number, offset: number): Placed {
  const random = createRandom(offset);
  const stride = columns + 4;
  const values = Float32Array.from(
    { length: offset + rows * stride },
    () => random.int(9) - 4,
  );
  return { values, offset, stride };
}

function at({ values, offset, stride }: Placed, i: number, j: number): number {
  return values[offset + i * stride + j]!;
}

async function run(
  device: Device,
  product: Product,
  placed: readonly [Placed, Placed, Placed],
  sizes: Sizes,
): Promise<Float32Array> {
  using scope = new BufferScope(device);
  const [left, right, result] = placed.map(({ values, offset, stride }) => {
    const buffer = scope.storage(values.length);
    device.gpu.queue.writeBuffer(buffer, 0, values);
    return { buffer, offset, stride };
  });
  const floats = placed[2].values.length;
  const staging = scope.readable(floats);
  const commands = new Commands(device);
  multiply(commands, product, left!, right!, result!, sizes);
  commands.copy(result!.buffer, 0, staging, 0, floats).submit();
  return (await device.map(staging, floats)).slice();
}

const SIZES: Sizes = { rows: 128, columns: 64, depth: 48 };

const PRODUCTS: readonly Product[] = [
  { write: "set" },
  { write: "subtract" },
  { write: "negate" },
  { transposeLeft: true, write: "set" },
  { transposeRight: true, write: "set" },
  { transposeLeft: true, transposeRight: true, write: "set" },
];

for (const product of PRODUCTS) {
  testOnGpu(
    `multiply() is exact on small integers: ${JSON.stringify(product)}`,
    async (device) => {
      const { rows, columns, depth } = SIZES;
      const { transposeLeft, transposeRight, write } = product;
      const left = transposeLeft
        ? place(depth, rows, 8)
        : place(rows, depth, 8);
      const right = transposeRight
        ? place(columns, depth, 12)
        : place(depth, columns, 12);
      const result = place(rows, columns, 16);
      const expected = result.values.slice();
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < depth; k++) {
            sum += (transposeLeft ? at(left, k, i) : at(left, i, k)) *
              (transposeRight ? at(right, j, k) : at(right, k, j));
          }
          expected[result.offset + i * result.stride + j] = {
            set: sum,
            subtract: at(result, i, j) - sum,
            negate: -sum,
          }[write];
        }
      }
      const actual = await run(device, product, [left, right, result], SIZES);
      assertEquals(actual.map((v) => v + 0), expected.map((v) => v + 0));
    },
  );
}
