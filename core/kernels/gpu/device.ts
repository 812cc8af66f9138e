import { GpuError } from "./gpu_error.ts";

/** Options of {@linkcode Device.open}. */
export interface DeviceOptions {
  /** Where adapters come from. Default: the runtime's. */
  readonly gpu?: Pick<GPU, "requestAdapter">;
  /** Whether an adapter that computes on the processor is refused. Default: false. */
  readonly hardwareOnly?: boolean;
  /** Most bytes of buffers at a time. Default: as many as the device gives. */
  readonly memoryBytes?: number;
}

/** Submissions that may be under way: enough to hide that the runtime looks for finished ones every 10 ms only. */
const IN_FLIGHT = 8;

/** A GPU that computes: its queue, its compiled shaders, its buffers, and its faults as errors. */
export class Device implements Disposable {
  /** Name of the adapter. */
  readonly name: string;
  /** Most bytes of one buffer that a shader can use. */
  readonly bindingBytes: number;
  /** Most bytes of buffers at a time. */
  readonly memoryBytes: number;
  /** The device of WebGPU. */
  readonly gpu: GPUDevice;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  readonly #buffers = new Set<GPUBuffer>();
  /** Each rejects something that is being waited for. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #inFlight: Promise<void>[] = [];
  #usedBytes = 0;
  #failure: Error | null = null;

  private constructor(name: string, gpu: GPUDevice, memoryBytes: number) {
    this.name = name;
    this.gpu = gpu;
    this.memoryBytes = memoryBytes;
    const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
    this.bindingBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    gpu.lost.then(({ message }) => {
      this.#fail(
        `was lost: ${message}; train again, or set training.device to cpu`,
      );
    });
    gpu.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#fail(
        `refused a command: ${
          (event as GPUUncapturedErrorEvent).error.message
        }`,
      );
    });
  }

  /**
   * Asks for the adapter of most power, and it for its largest buffers.
   *
   * Permissions: none.
   *
   * @throws {GpuError} If there is no adapter, or only one through OpenGL or, where that is refused, in software, or it
   * gives no device.
   */
  static async open(options: DeviceOptions = {}): Promise<Device> {
    const { gpu = navigator.gpu, hardwareOnly = false } = options;
    const adapter = await gpu.requestAdapter({
      powerPreference: "high-performance",
    });
    if (adapter === null) {
      throw new GpuError("No GPU was found");
    }
    const { limits, info } = adapter;
    const name = info.description || info.vendor || "without a name";
    if (isOpenGl(info)) {
      throw new GpuError(
        `No GPU was found but through OpenGL, ${name}, which compiles shaders for minutes`,
      );
    }
    if (hardwareOnly && info.isFallbackAdapter) {
      throw new GpuError(`No GPU was found but one in software, ${name}`);
    }
    try {
      const device = await adapter.requestDevice({
        requiredLimits: {
          maxBufferSize: limits.maxBufferSize,
          maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        },
      });
      return new Device(name, device, options.memoryBytes ?? Infinity);
    } catch (cause) {
      throw new GpuError(
        `GPU ${name} cannot be opened: ${oneLine(String(cause))}`,
        { cause },
      );
    }
  }

  /** Bytes of the buffers that are not yet destroyed. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** A buffer of zeros; end it with {@linkcode Device.destroy}. */
  buffer(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.gpu.createBuffer({ size: bytes, usage });
    this.#buffers.add(buffer);
    this.#usedBytes += bytes;
    return buffer;
  }

  /** A buffer of zeros, or null if the device or {@linkcode Device.memoryBytes} has no room for it. */
  async bufferIfRoom(
    bytes: number,
    usage: GPUBufferUsageFlags,
  ): Promise<GPUBuffer | null> {
    if (this.#usedBytes + bytes > this.memoryBytes) return null;
    this.gpu.pushErrorScope("out-of-memory");
    const buffer = this.buffer(bytes, usage);
    let room = false;
    try {
      room = await this.wait(this.gpu.popErrorScope()) === null;
      return room ? buffer : null;
    } finally {
      if (!room) this.destroy(buffer);
    }
  }

  /** Ends buffers; commands that were submitted still find them. */
  destroy(...buffers: readonly GPUBuffer[]): void {
    for (const buffer of buffers) {
      if (!this.#buffers.delete(buffer)) continue;
      this.#usedBytes -= buffer.size;
      buffer.destroy();
    }
  }

  /** The pipeline of a compute shader whose entry point is `main`. */
  pipeline(code: string): GPUComputePipeline {
    let pipeline = this.#pipelines.get(code);
    if (pipeline === undefined) {
      const module = this.gpu.createShaderModule({ code });
      pipeline = this.gpu.createComputePipeline({
        layout: "auto",
        compute: { module, entryPoint: "main" },
      });
      this.#pipelines.set(code, pipeline);
    }
    return pipeline;
  }

  /** Hands commands to the device, which starts on them at once. */
  submit(...commands: readonly GPUCommandBuffer[]): void {
    const { queue } = this.gpu;
    queue.submit([...commands]);
    this.#inFlight.push(queue.onSubmittedWorkDone().catch(() => {}));
  }

  /**
   * Waits until few submissions are under way.
   *
   * @throws The signal's reason, if it was aborted.
   * @throws {GpuError} If the device failed.
   */
  async pace(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#failure !== null) throw this.#failure;
    while (this.#inFlight.length > IN_FLIGHT) {
      await this.wait(this.#inFlight.shift()!);
    }
  }

  /** Waits until all that was submitted is done. */
  async settle(): Promise<void> {
    const inFlight = this.#inFlight;
    this.#inFlight = [];
    await this.wait(Promise.all(inFlight));
  }

  /** The first floats of a buffer, when the commands before are done; end them with the buffer's `unmap`. */
  async map(buffer: GPUBuffer, floats: number): Promise<Float32Array> {
    await this.wait(buffer.mapAsync(GPUMapMode.READ, 0, 4 * floats));
    return new Float32Array(buffer.getMappedRange(0, 4 * floats));
  }

  /**
   * Waits for a promise of the device.
   *
   * @throws {GpuError} If the device failed meanwhile.
   */
  async wait<T>(work: Promise<T>): Promise<T> {
    if (this.#failure !== null) throw this.#failure;
    const { promise, reject } = Promise.withResolvers<never>();
    this.#waiting.add(reject);
    try {
      return await Promise.race([work, promise]);
    } catch (error) {
      // A lost device's promises fail before its loss is told.
      if (this.#failure === null) await new Promise((go) => setTimeout(go, 0));
      this.#fail(`failed: ${error}`);
      throw this.#failure;
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /** Destroys the device and all its buffers; what is being waited for is rejected. */
  close(): void {
    this.#end(new Error("The kernels were closed"));
    this.destroy(...this.#buffers);
    this.gpu.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #fail(problem: string): void {
    this.#end(new GpuError(`GPU ${this.name} ${oneLine(problem)}`));
  }

  /** The first reason is the one that is told. */
  #end(reason: Error): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    for (const reject of this.#waiting) reject(reason);
  }
}

/**
 * Drivers of OpenGL are given a list of all zeros that workgroup memory starts with, and take time with the square of
 * its length. These sizes stand for unknown ones, and OpenGL alone tells none.
 */
function isOpenGl(
  { subgroupMinSize, subgroupMaxSize }: GPUAdapterInfo,
): boolean {
  return subgroupMinSize === 4 && subgroupMaxSize === 128;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
