import { assertEquals, assertThrows } from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import { uriPermissions } from "../../../core/storage/uri_permissions.ts";

const AZURE = "DefaultEndpointsProtocol=https;AccountName=books;AccountKey=a==";

/** URI and variables → hosts. */
const HOSTS: readonly [string, Record<string, string>, string[]][] = [
  ["data/a.csv", {}, []],
  ["file:///data/a.csv", {}, []],
  ["https://Example.org/a.csv?x", {}, ["example.org:443"]],
  ["http://example.org:8080/a.csv", {}, ["example.org:8080"]],
  ["http://0x7f.1/", {}, ["127.0.0.1:80"]],
  ["https://[2606:4700::1111]/", {}, ["[2606:4700::1111]:443"]],
  ["https://[", {}, []],
  ["s3://bucket/a", {}, ["bucket.s3.us-east-1.amazonaws.com:443"]],
  ["S3://bucket/a", { AWS_REGION: "eu-west-1" }, [
    "bucket.s3.eu-west-1.amazonaws.com:443",
  ]],
  ["s3://bucket/a", { AWS_DEFAULT_REGION: "eu-west-1", AWS_REGION: "" }, [
    "bucket.s3.eu-west-1.amazonaws.com:443",
  ]],
  ["s3://bucket/a", { AWS_REGION: "cn-north-1" }, [
    "bucket.s3.cn-north-1.amazonaws.com.cn:443",
  ]],
  // A certificate for *.s3… covers no further dot.
  ["s3://my.bucket/a", {}, ["s3.us-east-1.amazonaws.com:443"]],
  ["s3://My_Bucket/a", {}, ["s3.us-east-1.amazonaws.com:443"]],
  ["s3://bucket/a", { AWS_ENDPOINT_URL: "http://minio:9000/" }, ["minio:9000"]],
  ["s3://bucket/a", {
    AWS_ENDPOINT_URL: "http://minio:9000",
    AWS_ENDPOINT_URL_S3: "https://s3.example.org",
  }, ["s3.example.org:443"]],
  ["s3://bucket/a", { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: "r" }, [
    "bucket.s3.us-east-1.amazonaws.com:443",
    "sts.us-east-1.amazonaws.com:443",
  ]],
  ["s3://bucket/a", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/a" }, [
    "bucket.s3.us-east-1.amazonaws.com:443",
    "169.254.170.2:80",
  ]],
  ["s3://bucket/a", {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t",
  }, ["bucket.s3.us-east-1.amazonaws.com:443", "169.254.170.23:80"]],
  ["gs://bucket/a", {}, [
    "storage.googleapis.com:443",
    "metadata.google.internal:80",
  ]],
  ["gs://bucket/a", { GCE_METADATA_HOST: "169.254.169.254:8080" }, [
    "storage.googleapis.com:443",
    "169.254.169.254:8080",
  ]],
  ["gs://bucket/a", { GOOGLE_APPLICATION_CREDENTIALS: "/k.json" }, [
    "storage.googleapis.com:443",
    "oauth2.googleapis.com:443",
  ]],
  ["gs://bucket/a", { STORAGE_EMULATOR_HOST: "http://localhost:4443" }, [
    "localhost:4443",
  ]],
  ["az://c/a", { AZURE_STORAGE_ACCOUNT_NAME: "books" }, [
    "books.blob.core.windows.net:443",
  ]],
  ["abfss://c/a", { AZURE_STORAGE_CONNECTION_STRING: AZURE }, [
    "books.blob.core.windows.net:443",
  ]],
  ["abfs://c/a", {
    AZURE_STORAGE_CONNECTION_STRING: `${AZURE};EndpointSuffix=core.example`,
  }, ["books.blob.core.example:443"]],
  ["az://c/a", {
    AZURE_STORAGE_CONNECTION_STRING:
      `${AZURE}; BlobEndpoint=http://127.0.0.1:10000/books/`,
  }, ["127.0.0.1:10000"]],
  ["az://c@other/a", { AZURE_STORAGE_ACCOUNT_NAME: "books" }, [
    "other.blob.core.windows.net:443",
  ]],
  ["az://c@other.blob.core.windows.net/a", {}, [
    "other.blob.core.windows.net:443",
  ]],
];

for (const [uri, env, hosts] of HOSTS) {
  Deno.test(`uriPermissions() of ${uri} with ${JSON.stringify(env)} names ${hosts}`, () => {
    const { net } = uriPermissions(uri, new Map(Object.entries(env)));
    assertEquals(net, hosts);
  });
}

/** URI and variables → what is wrong. */
const REFUSED: readonly [string, Record<string, string>, string][] = [
  ["s3://b/a", { AWS_ENDPOINT_URL: "minio:9000" }, "AWS_ENDPOINT_URL must be"],
  ["gs://b/a", { STORAGE_EMULATOR_HOST: "localhost" }, "STORAGE_EMULATOR_HOST"],
  ["az://c/a", {}, "must name a storage account"],
  ["az://c@a.evil/a", {}, "must name a storage account"],
  ["az://c/a", {
    AZURE_STORAGE_CONNECTION_STRING: "BlobEndpoint=ftp://secret",
  }, "BlobEndpoint"],
];

for (const [uri, env, message] of REFUSED) {
  Deno.test(`uriPermissions() of ${uri} refuses ${JSON.stringify(env)}`, () => {
    const error = assertThrows(
      () => uriPermissions(uri, new Map(Object.entries(env))),
      RecotemError,
      message,
    );
    assertEquals([error.code, error.exitCode], ["config_error", 8]);
    assertEquals(error.message.includes("secret"), false);
  });
}

Deno.test("uriPermissions() names the files that hold tokens and keys", () => {
  const files: [string, Record<string, string>][] = [
    ["s3://bucket/a", { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: "r" }],
    ["s3://bucket/a", {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t",
    }],
    ["s3://bucket/a", { AWS_SHARED_CREDENTIALS_FILE: "/t" }],
    ["gs://bucket/a", { GOOGLE_APPLICATION_CREDENTIALS: "/t" }],
  ];
  for (const [uri, env] of files) {
    assertEquals(uriPermissions(uri, new Map(Object.entries(env))).read, [
      "/t",
    ]);
  }
});

Deno.test("uriPermissions() names the file that a profile is in by default, and the variable that tells where it is", () => {
  const profile = uriPermissions(
    "s3://bucket/a",
    new Map([["AWS_PROFILE", "shop"], ["HOME", "/home/ann"]]),
  );
  assertEquals(profile.read, ["/home/ann/.aws/credentials"]);
  assertEquals(profile.env.includes("HOME"), true);
  const keys = new Map([
    ["AWS_PROFILE", "shop"],
    ["AWS_ACCESS_KEY_ID", "a"],
    ["AWS_SECRET_ACCESS_KEY", "b"],
  ]);
  const owner = uriPermissions("s3://bucket/a", keys);
  assertEquals([owner.read, owner.env.includes("HOME")], [[], false]);
});

Deno.test("uriPermissions() is for a container's role unless a profile is named, whatever file of profiles there is", () => {
  const env = new Map([
    ["AWS_SHARED_CREDENTIALS_FILE", "/t"],
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/"],
  ]);
  const role = uriPermissions("s3://bucket/a", env);
  assertEquals(role.read, []);
  assertEquals(role.net.at(-1), "169.254.170.23:80");
  const named = uriPermissions(
    "s3://bucket/a",
    new Map([...env, ["AWS_PROFILE", "shop"]]),
  );
  assertEquals(named.read, ["/t"]);
  assertEquals(named.net, ["bucket.s3.us-east-1.amazonaws.com:443"]);
});
