# syntax=docker/dockerfile:1
# A training run, with nothing of serving in it:
#   docker build -f deploy/train.Dockerfile -t recotem-train .
#   docker run --rm --init --read-only --tmpfs /tmp -v ./recipes:/recipes:ro -v ./data:/workspace:ro \
#     -v ./artifacts:/artifacts -e RECOTEM_SIGNING_KEYS recotem-train train /recipes/books.yaml
FROM denoland/deno:2.9.6

ENV DENO_DIR=/deno DENO_NO_UPDATE_CHECK=1
WORKDIR /app
COPY deno.json deno.lock ./
COPY core core
COPY algorithms algorithms
COPY artifact artifact
COPY train train
COPY cli cli
# The packages lie in the image: the container needs no registry, and no place to write but /artifacts and /tmp.
RUN deno install --frozen --entrypoint cli/main.ts train/main.ts \
  && mkdir -p /workspace /recipes /artifacts \
  && chown 1000:1000 /workspace /artifacts

USER 1000:1000
WORKDIR /workspace
ENTRYPOINT ["deno", "run", "-A", "--no-prompt", "/app/cli/main.ts"]
CMD ["train", "--help"]
