import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

Deno.test("both modules of kernels are what their sources give, byte for byte", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "tools/build_kernels.ts", "--check"],
    cwd: fromFileUrl(new URL("../../", import.meta.url)),
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});
