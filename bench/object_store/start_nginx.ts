import { freePort, Service } from "../../tests/services/service.ts";

/**
 * Starts nginx, which must be installed, over a folder: the file `NAME` is the object `NAME` of bucket `b` to those who
 * speak to S3, to Azure under the path `/`, and to Google Cloud Storage as far as its bytes go.
 *
 * @param rate Most bytes per second of a connection; 0: as many as it can.
 */
export async function startNginx(
  folder: string,
  rate: number,
): Promise<Service> {
  const port = freePort();
  const path = `${folder}/nginx.conf`;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`);
  // Started by root, its worker would be somebody who cannot read the folder.
  await Deno.writeTextFile(
    path,
    `daemon off;
${Deno.uid() === 0 ? "user root;" : ""}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log;
events {}
http {
  access_log off;
  sendfile on;
  limit_rate ${rate};
  ${temporary.join("\n  ")}
  server {
    listen 127.0.0.1:${port};
    location /b/ { alias ${folder}/; }
    location ~ ^/storage/v1/b/b/o/([a-z.]+)$ { alias ${folder}/$1; }
  }
}
`,
  );
  return await Service.run("nginx", port, ["nginx", "-c", path], {});
}
