import type { Device } from "./device.ts";

/** The buffers of one computation. Disposing of it destroys those that are left. */
export class BufferScope implements Disposable {
  readonly #device: Device;
  readonly #buffers = new Set<GPUBuffer>();

  constructor(device: Device) {
    this.#device = device;
  }

  /** `floats` zeros that shaders read and write. */
  storage(floats: number): GPUBuffer {
    return this.#add(this.#device.buffer(4 * floats, storage()));
  }

  /** As {@linkcode BufferScope.storage}, or null if the device has no room. */
  async storageIfRoom(floats: number): Promise<GPUBuffer | null> {
    const buffer = await this.#device.bufferIfRoom(4 * floats, storage());
    return buffer && this.#add(buffer);
  }

  /** `floats` floats that the device copies to and the processor reads. */
  readable(floats: number): GPUBuffer {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    return this.#add(this.#device.buffer(4 * floats, usage));
  }

  /** Destroys one of them. */
  destroy(buffer: GPUBuffer): void {
    this.#buffers.delete(buffer);
    this.#device.destroy(buffer);
  }

  [Symbol.dispose](): void {
    this.#device.destroy(...this.#buffers);
  }

  #add(buffer: GPUBuffer): GPUBuffer {
    this.#buffers.add(buffer);
    return buffer;
  }
}

/** Not a constant: naming the flags loads all of WebGPU. */
function storage(): GPUBufferUsageFlags {
  return GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC |
    GPUBufferUsage.COPY_DST;
}
