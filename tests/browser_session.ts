/** A window of a browser, driven over the DevTools protocol. */

/** How a window looks. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
}

type Params = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** One page in a browser of its own, without a window that is seen. */
export class BrowserSession implements AsyncDisposable {
  /** All that the page asked for. */
  readonly requests: string[] = [];
  /** What the console says: errors, warnings, and scripts that threw. */
  readonly complaints: string[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Params>>();
  #session = "";
  #last = 0;

  private constructor(
    child: Deno.ChildProcess,
    profile: string,
    socket: WebSocket,
  ) {
    this.#child = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
  }

  /** Starts a browser. */
  static async open(program: string): Promise<BrowserSession> {
    const profile = await Deno.makeTempDir();
    const child = new Deno.Command(program, {
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--remote-debugging-port=0",
        `--user-data-dir=${profile}`,
        "about:blank",
      ],
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const socket = new WebSocket(await address(child.stderr));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const session = new BrowserSession(child, profile, socket);
    const { targetInfos } = await session.send("Target.getTargets") as {
      targetInfos: { type: string; targetId: string }[];
    };
    const { targetId } = targetInfos.find(({ type }) => type === "page")!;
    const attached = await session.send("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    session.#session = attached.sessionId as string;
    for (const domain of ["Page", "Runtime", "Log", "Network"]) {
      await session.send(`${domain}.enable`);
    }
    return session;
  }

  /** Sets size and colours. */
  async look({ width, height, scheme }: View): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
  }

  /** Opens an address. */
  async visit(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
    await this.until(
      `location.href === ${
        JSON.stringify(url)
      } && document.readyState === "complete"`,
    );
  }

  /** The value of an expression in the page, by way of JSON; promises are waited for. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    }) as {
      result: { value: T };
      exceptionDetails?: { exception?: { description?: string } };
    };
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? expression);
    }
    return result.value;
  }

  /** Waits until an expression is true in the page. */
  async until(expression: string): Promise<void> {
    const end = performance.now() + 20_000;
    while (!await this.evaluate<boolean>(`!!(${expression})`)) {
      if (performance.now() > end) {
        const text = await this.evaluate<string>("document.body.innerText");
        throw new Error(`${expression} stays false:\n${text.slice(0, 2000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Types a text into what has the focus. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Presses keys, one after another, such as `Tab`, `Enter` or `ArrowDown`. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const event = {
        key,
        code: key === " " ? "Space" : key,
        windowsVirtualKeyCode: KEY_CODES[key] ?? 0,
        ...(TEXTS[key] !== undefined && { text: TEXTS[key] }),
      };
      await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
      await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    }
  }

  /** A picture of the whole page, PNG. */
  async picture(): Promise<Uint8Array> {
    const { data } = await this.send("Page.captureScreenshot", {
      captureBeyondViewport: true,
    });
    return Uint8Array.fromBase64(data as string);
  }

  /** Sends a command of the protocol. */
  send(method: string, params: Params = {}): Promise<Params> {
    const id = ++this.#last;
    const waiting = Promise.withResolvers<Params>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({
      id,
      method,
      params,
      ...(this.#session && { sessionId: this.#session }),
    }));
    return waiting.promise;
  }

  #take({ id, method, params = {}, result, error }: Message): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id)!;
      this.#waiting.delete(id);
      if (error) waiting.reject(new Error(error.message));
      else waiting.resolve(result!);
      return;
    }
    switch (method) {
      case "Network.requestWillBeSent":
        this.requests.push((params.request as { url: string }).url);
        break;
      case "Log.entryAdded": {
        const { level, text, url } = params.entry as Record<string, string>;
        if (level !== "info") this.complaints.push(`${text} ${url ?? ""}`);
        break;
      }
      case "Runtime.exceptionThrown":
      case "Runtime.consoleAPICalled":
        this.complaints.push(JSON.stringify(params));
    }
  }

  /** Ends the browser. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.onclose = resolve);
    await this.send("Browser.close");
    await closed;
    await this.#child.stderr.cancel();
    await this.#child.status;
    await Deno.remove(this.#profile, { recursive: true });
  }
}

const KEY_CODES: Readonly<Record<string, number>> = {
  Backspace: 8,
  Tab: 9,
  Enter: 13,
  Escape: 27,
  " ": 32,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};
const TEXTS: Readonly<Record<string, string>> = { Enter: "\r", " ": " " };

/** Where a browser listens, as it says when it has started. */
async function address(said: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const chunks = said.values({ preventCancel: true });
  for await (const chunk of chunks) {
    text += new TextDecoder().decode(chunk);
    const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(text);
}
