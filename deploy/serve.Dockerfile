# syntax=docker/dockerfile:1
# A server, with nothing of training in it:
#   docker build -f deploy/serve.Dockerfile -t recotem-serve .
#   docker run --init --read-only --tmpfs /tmp -p 8080:8080 -v ./recipes:/recipes:ro -v ./artifacts:/artifacts:ro \
#     -e RECOTEM_HOST=0.0.0.0 -e RECOTEM_API_KEYS -e RECOTEM_SIGNING_KEYS recotem-serve
FROM denoland/deno:2.9.6

ENV DENO_DIR=/deno DENO_NO_UPDATE_CHECK=1
WORKDIR /app
COPY deno.json deno.lock ./
COPY core core
COPY artifact artifact
COPY serve serve
COPY deploy/health_check.ts deploy/
COPY cli cli
# The packages lie in the image: the container needs no registry, and no place to write but /tmp.
RUN deno install --frozen --entrypoint cli/main.ts serve/main.ts \
  && mkdir -p /workspace /recipes /artifacts \
  && chown 1000:1000 /workspace /artifacts

USER 1000:1000
WORKDIR /workspace
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
  CMD ["deno", "run", "--no-prompt", "--allow-env=RECOTEM_PORT", "--allow-net=127.0.0.1", "/app/deploy/health_check.ts"]
ENTRYPOINT ["deno", "run", "-A", "--no-prompt", "/app/cli/main.ts"]
CMD ["serve", "--recipes", "/recipes"]
