import type { Device } from "./device.ts";

/** Bytes from one shader's parameters to the next: what the strictest device asks for. */
const PARAMETERS_STRIDE = 256;

interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly buffers: readonly GPUBuffer[];
  readonly parameters: readonly number[];
  readonly groups: readonly [number, number];
}

interface Copy {
  readonly from: GPUBuffer;
  readonly fromFloat: number;
  readonly to: GPUBuffer;
  readonly toFloat: number;
  readonly floats: number;
}

/** Commands for the device, collected and then submitted at once; each sees what those before it wrote. */
export class Commands {
  readonly #device: Device;
  readonly #list: (Dispatch | Copy)[] = [];

  constructor(device: Device) {
    this.#device = device;
  }

  /**
   * Runs a shader.
   *
   * @param code The shader: `buffers` are its bindings from 0 on, and the next binding is its uniform of `parameters`.
   * @param parameters Unsigned integers, at most 64.
   * @param groups Workgroups along x and y; nothing runs if one of them is 0.
   */
  run(
    code: string,
    buffers: readonly GPUBuffer[],
    parameters: readonly number[],
    groups: readonly [number, number],
  ): this {
    if (groups[0] > 0 && groups[1] > 0) {
      const pipeline = this.#device.pipeline(code);
      this.#list.push({ pipeline, buffers, parameters, groups });
    }
    return this;
  }

  /** Copies floats between two buffers. */
  copy(
    from: GPUBuffer,
    fromFloat: number,
    to: GPUBuffer,
    toFloat: number,
    floats: number,
  ): this {
    this.#list.push({ from, fromFloat, to, toFloat, floats });
    return this;
  }

  /** Hands all of them to the device. */
  submit(): void {
    const { gpu } = this.#device;
    const parameters = this.#parameters();
    const encoder = gpu.createCommandEncoder();
    this.#list.forEach((command, at) => {
      if ("from" in command) {
        encoder.copyBufferToBuffer(
          command.from,
          4 * command.fromFloat,
          command.to,
          4 * command.toFloat,
          4 * command.floats,
        );
        return;
      }
      const { pipeline, buffers, groups } = command;
      const resources: GPUBufferBinding[] = buffers.map((buffer) => ({
        buffer,
      }));
      resources.push({
        buffer: parameters,
        offset: at * PARAMETERS_STRIDE,
        size: PARAMETERS_STRIDE,
      });
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        gpu.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: resources.map((resource, binding) => ({
            binding,
            resource,
          })),
        }),
      );
      pass.dispatchWorkgroups(...groups);
      pass.end();
    });
    this.#device.submit(encoder.finish());
    this.#device.destroy(parameters);
  }

  /** A uniform buffer with the parameters of all shaders. */
  #parameters(): GPUBuffer {
    const bytes = Math.max(1, this.#list.length) * PARAMETERS_STRIDE;
    const words = new Uint32Array(bytes / 4);
    this.#list.forEach((command, at) => {
      if ("parameters" in command) {
        words.set(command.parameters, at * PARAMETERS_STRIDE / 4);
      }
    });
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.buffer(bytes, usage);
    this.#device.gpu.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }
}
